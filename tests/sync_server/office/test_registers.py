"""The registers: requests with their deadlines, consents, erasures, incidents, and the impact assessment."""

from io import BytesIO

import docx

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import Device, Server


def test_a_request_from_the_day_it_came_to_its_end(server: Server, household: str) -> None:
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open(f"/office/registers?household={household}")
    assert "Chưa có yêu cầu nào" in hoa.words
    hoa.send("/requests", kind="delete", received_on="20/11/2026", note="Đến trụ sở, xin xóa")
    assert "Xóa dữ liệu: Đến trụ sở, xin xóa · hộ" in hoa.words
    assert "24/11/2026" in hoa.words, "two working days after a Friday"
    assert "10/12/2026" in hoa.words, "twenty days"
    server.clock.pass_by(days=3)
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/registers")
    assert "Quá hạn" in hoa.words
    step = next(one.action for one in hoa.read().forms if "/requests/" in one.action)
    hoa.post(step, {"step": "answered"})
    assert "đã trả lời 25/11/2026" in hoa.words
    assert "Quá hạn" not in hoa.words
    for _ in range(2):
        hoa.post(step, {"step": "extended"})
        assert "25/12/2026 (đã gia hạn)" in hoa.words
    hoa.post(step, {"step": "done"})
    assert "Đã làm gì: ghi vài chữ" in hoa.words
    hoa.post(step, {"step": "done", "outcome": "Đã xóa, gọi báo lại"})
    assert "xong 25/11/2026: Đã xóa, gọi báo lại" in hoa.words
    hoa.open("/office/audit")
    assert hoa.words.count("ghi một yêu cầu về dữ liệu") >= 4


def test_wrong_requests_are_refused_with_a_sentence(server: Server) -> None:
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    fields = {"kind": "see", "received_on": "20/11/2026", "note": ""}
    for field, value, said in (
        ("received_on", "hôm qua", "Ngày nhận yêu cầu: ghi ngày/tháng/năm"),
        ("received_on", "30/12/2026", "chưa đến"),
        ("kind", "sell", "Loại yêu cầu"),
        ("note", "Căn cước 001099012345", "không ghi số giấy tờ"),
    ):
        hoa.post("/office/registers/requests", fields | {field: value})
        assert said in hoa.words


def test_what_families_said_and_what_was_erased(
    server: Server, lan_member: Device, minh_lead: Device, household: str
) -> None:
    lan_member.send(lan_member.visit(household))
    other = lan_member.change("household", an_id(), {"head_name": "Lê Thị Bé"})
    lan_member.send(other, lan_member.visit(other["subject"], outcome="refused"))
    erased = {"household": household, "requested_at": "2026-11-22T02:00:00Z", "basis": "gia đình yêu cầu"}
    assert minh_lead.verdicts(minh_lead.change("erasure", an_id(), erased)) == ["applied"]
    server.request("POST", f"/api/v1/devices/{lan_member.enrolled['device_id']}/lost", headers=minh_lead.headers)
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open("/office/registers")
    assert "thôn Đinh Xá: yêu cầu 22/11/2026, Hoàng Văn Minh làm" in hoa.words
    assert "gia đình yêu cầu" in hoa.words
    assert "Máy mất" in hoa.words
    assert "đang chạy" in hoa.words
    assert "11/2026" in hoa.words
    assert "Lê Thị Bé" not in hoa.words


def test_the_impact_assessment_is_filled_in(server: Server) -> None:
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    made = hoa.open("/office/registers/impact.docx")
    text = "\n".join(one.text for one in docx.Document(BytesIO(made.content)).paragraphs)
    for said in ("Ủy ban nhân dân xã Nguyệt Đức", "điện thoại thông minh", "24 tháng", "HỒ SƠ ĐÁNH GIÁ TÁC ĐỘNG"):
        assert said in text
    assert "{" not in text


def test_an_official_erases_a_household_at_its_familys_request(
    server: Server, lan_member: Device, household: str
) -> None:
    lan_member.send(lan_member.visit(household))
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.open(f"/office/households/{household}")
    form = hoa.form("/erase")
    assert hoa.post(form.action, form.fields).status_code == 422
    assert "Chưa có gì bị xóa" in hoa.words
    for _ in range(2):
        hoa.post(form.action, form.fields | {"sure": "1", "basis": "Đến trụ sở ngày 20/11/2026"})
        assert "Đã xóa hộ" in hoa.words
    assert hoa.open(f"/office/households/{household}").status_code == 404
    hoa.open("/office/registers")
    assert "Đến trụ sở ngày 20/11/2026" in hoa.words
    lan_member.pull()
    assert not [one for one in lan_member.of_kind("household") if one.get("head_name") == "Nguyễn Văn Đức"]
