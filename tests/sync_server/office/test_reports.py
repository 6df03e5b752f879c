"""Report day on the pages: open a period, read what is open, write, sign, hand in, replace."""

import re
from datetime import timedelta

import pytest

from survey.roles import Role
from sync_server.commune.setup import open_commune
from sync_server.reports.formats import FORMATS
from tests.builders import NOW
from tests.sync_server.conftest import CRITERIA
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.places import code_for, official_commune
from tests.sync_server.wire_client import Device, Server


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def open_quarter(hoa: Browser) -> str:
    """Open the quarter that is proposed; the address of its page."""
    hoa.open("/office/reports")
    form = next(one for one in hoa.read().forms if one.fields.get("kind") == "quarter")
    assert (form.fields["starts_on"], form.fields["ends_on"]) == ("15/09/2026", "14/12/2026")
    hoa.post(form.action, form.fields)
    return hoa.went_to[-1]


def test_a_quarter_from_its_opening_to_the_signed_files(
    server: Server, lan_member: Device, hoa: Browser, household: str
) -> None:
    lan_member.send(lan_member.visit(household))
    hoa.open("/office/reports")
    assert "Chưa có kỳ báo cáo nào" in hoa.words
    page = open_quarter(hoa)
    assert "Báo cáo quý IV năm 2026" in hoa.words
    assert "Chưa hết kỳ: ngày chốt là 14/12/2026" in hoa.words
    assert "mục thôn chưa xác nhận, ở 2 thôn" in hoa.words
    hoa.send("/change", planned="2", rate_1="80,5")
    assert "kế hoạch 2" in hoa.words
    hoa.send("/sign", seen_open="1")
    assert "Người ký: ghi họ và tên" in hoa.words
    written = {"signer": "Nguyễn Thị Hạnh", "addressed_to": "UBND tỉnh", "shortcomings": "Nhiều nhà <đi> làm xa."}
    hoa.send("/draft", **written)
    assert "Đã ghi nháp" in hoa.words
    assert "Nhiều nhà <đi> làm xa." in hoa.words
    draft = hoa.open(page + "/draft.pdf")
    assert draft.content.startswith(b"%PDF")

    server.clock.now = NOW + timedelta(days=24)
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open(page)
    assert "Đã qua ngày chốt 14/12/2026" in hoa.words
    hoa.send("/sign")
    assert "Còn điều chưa xong ở danh sách trên" in hoa.words
    form = hoa.form("/sign")
    for _ in range(2):
        hoa.post(form.action, form.fields | {"seen_open": "1"})
        assert "Báo cáo lần 1: quý IV năm 2026" in hoa.words
    assert "Số liệu hiện nay giống báo cáo này." in hoa.words
    assert re.search(r"Mã kiểm tra: [0-9A-F]{4}( [0-9A-F]{4}){3}", hoa.words)
    signed = hoa.went_to[-1].partition("?")[0]
    kept = {ending: hoa.open(f"{signed}/file.{ending}").content for ending in FORMATS}
    assert all(kept.values())
    assert hoa.open(f"{signed}/file.exe").status_code == 404

    late = lan_member.change("household", "01900000-0000-7000-8000-000000000077", {"head_name": "Lê Thị Bé"})
    lan_member.send(late)
    lan_member.send(lan_member.visit(late["subject"]))
    hoa.open(signed)
    assert "Từ khi chốt: +1 hộ đã khảo sát, +1 hộ trong danh sách, 0 thôn đạt" in hoa.words
    hoa.send("/number", number="05/BC-UBND", on="16/12/2026")
    assert "Đã ghi số và ngày của văn bản" in hoa.words
    assert hoa.send("/number", number="05/BC-UBND", on="16-tháng").status_code == 422
    assert {ending: hoa.open(f"{signed}/file.{ending}").content for ending in FORMATS} == kept

    hoa.open(page)
    hoa.send("/sign", seen_open="1", reason="Thêm một phiếu gửi về muộn")
    assert "Thay báo cáo lần 1. Lý do: Thêm một phiếu gửi về muộn" in hoa.words
    hoa.open(signed)
    assert "Báo cáo này đã được thay thế bằng báo cáo lần 2" in hoa.words
    hoa.open("/office/reports")
    assert "đã được thay thế" in hoa.words
    assert "số 05/BC-UBND" in hoa.words


def test_wrong_days_are_refused_with_a_sentence(hoa: Browser) -> None:
    fields = {"kind": "campaign", "title": "đợt cao điểm", "starts_on": "15/11/2026", "ends_on": "14/12/2026"}
    for field, value, said in (
        ("starts_on", "2026", "Ngày đầu: ghi ngày/tháng/năm"),
        ("ends_on", "14/11/2026", "Ngày chốt phải sau ngày đầu kỳ"),
        ("ends_on", "14/12/2036", "dài quá hai năm"),
        ("title", " ", "Tên kỳ"),
        ("kind", "week", "Loại kỳ"),
    ):
        hoa.post("/office/reports/periods", fields | {field: value})
        assert said in hoa.words
    hoa.post("/office/reports/periods", fields)
    hoa.send("/change", rate_1="nhiều")
    assert "Kế hoạch mục 1: ghi phần trăm" in hoa.words
    hoa.open(hoa.went_to[-1])
    hoa.send("/delete")
    assert "Đã xóa kỳ báo cáo." in hoa.words


def test_a_report_of_another_commune_is_not_there(server: Server, hoa: Browser) -> None:
    page = open_quarter(hoa)
    hoa.send("/draft", signer="Nguyễn Thị Hạnh")
    hoa.send("/sign", seen_open="1")
    signed = hoa.went_to[-1].partition("?")[0]
    with server.database.write() as session:
        open_commune(session, official_commune("00004"), CRITERIA, server.clock())
    other = Browser(server).type_code(code_for(server, "00004", Role.OFFICIAL, "Vũ Văn Tư"))
    for path in (page, signed, f"{signed}/file.pdf"):
        assert other.open(path).status_code == 404
