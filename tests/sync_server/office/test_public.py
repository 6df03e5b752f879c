"""What everybody may see: nothing until the commune opens it, then a signed report's figures without small counts."""

import re
from io import BytesIO

import pytest
from PIL import Image

from survey.reports import check_code
from survey.roles import Role
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_reports import open_quarter
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person

PUBLIC = f"/office/public/{COMMUNE}"


@pytest.fixture
def signed(server: Server, lan_member: Device, tuyet_member: Device) -> tuple[Browser, str]:
    """An official, and the address of a signed report: in one village 3 of 12 adults have no smartphone."""
    for device, no, yes in ((lan_member, 3, 9), (tuyet_member, 8, 30)):
        people = [a_person(answers={"has_smartphone": "no" if place < no else "yes"}) for place in range(no + yes)]
        for some in (people[:8], people[8:16], people[16:24], people[24:32], people[32:]):
            if some:
                home = device.change("household", some[0]["id"], {"head_name": "Lê Thị Bé"})
                assert device.verdicts(home, device.visit(home["subject"], residents=some)) == ["applied", "applied"]
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    open_quarter(hoa)
    hoa.send("/draft", signer="Nguyễn Thị Hạnh")
    hoa.send("/sign", seen_open="1")
    return hoa, hoa.went_to[-1].partition("?")[0]


def test_nothing_is_public_until_the_commune_says_so(server: Server, signed: tuple[Browser, str]) -> None:
    hoa, _address = signed
    everybody = Browser(server)
    assert everybody.open(PUBLIC).status_code == 404
    hoa.open("/office/reports")
    hoa.post("/office/reports/public", {"open": "figures"})
    assert "Đã mở trang công khai" in hoa.words
    assert everybody.open(PUBLIC).status_code == 200
    assert everybody.open("/office/public/00001").status_code == 404
    hoa.post("/office/reports/public", {})
    assert everybody.open(PUBLIC).status_code == 404


def test_small_counts_are_on_no_form_of_the_page(
    server: Server, lan_member: Device, signed: tuple[Browser, str]
) -> None:
    hoa, _address = signed
    hoa.open("/office/reports")
    hoa.post("/office/reports/public", {"open": "results"})
    everybody = Browser(server)
    everybody.open(PUBLIC)
    assert "Đinh Xá" in everybody.words
    assert "75 %" not in everybody.words, "9 of 12: three people who said no"
    assert "78,9 %" not in everybody.words, "30 of 38 would tell the other village's by the sum"
    body = everybody.open(f"{PUBLIC}/figures.json").json()
    figures = [one for village in body["villages"] for one in village["figures"] if one["no"] == "1"]
    assert [(one["numerator"], one["hidden"], one["denominator"]) for one in figures] == [
        (None, True, 12),
        (None, True, 38),
    ]
    assert "refused" not in str(body)
    before = everybody.open(f"{PUBLIC}/figures.json").content
    home = lan_member.change("household", a_person()["id"], {"head_name": "Lê Thị Bé"})
    lan_member.send(home, lan_member.visit(home["subject"]))
    assert everybody.open(f"{PUBLIC}/figures.json").content == before, "never live"


def test_whoever_holds_a_report_can_check_it(server: Server, signed: tuple[Browser, str]) -> None:
    hoa, address = signed
    hoa.open(address)
    found = re.search(r"Mã kiểm tra: ([0-9A-F ]{19})", hoa.words)
    assert found
    frozen = hoa.open(f"{address}/file.json").content
    anybody = Browser(server)
    for typed in (found[1], found[1].lower().replace(" ", "")):
        anybody.open(f"/office/check?code={typed}")
        assert "Có báo cáo mang mã này" in anybody.words
        assert "quý IV năm 2026" in anybody.words
    assert anybody.open("/office/check?code=0000000000000000").status_code == 404
    assert anybody.open("/office/check?code=%25").status_code == 422
    origin = {"headers": {"Origin": "http://server"}}
    anybody.open("/office/check", "POST", files={"file": ("a.json", frozen)}, **origin)
    assert "giống từng chữ" in anybody.words
    anybody.open("/office/check", "POST", files={"file": ("a.json", frozen.replace(b"Nguy", b"Ngui", 1))}, **origin)
    assert "không giống báo cáo nào" in anybody.words
    assert check_code("3f0a91c277de4b15" * 4) == "3F0A 91C2 77DE 4B15"


def test_what_is_sent_in_a_group_is_sums(signed: tuple[Browser, str]) -> None:
    hoa, address = signed
    hoa.open(address)
    assert "KẾT QUẢ THÔN THÔNG MINH QUÝ IV NĂM 2026" in hoa.words
    assert "Lê Thị Bé" not in hoa.words
    picture = Image.open(BytesIO(hoa.open(f"{address}/progress.png").content))
    assert (picture.format, picture.size) == ("PNG", (1080, 1350))
    assert len(picture.convert("RGB").getcolors(1_000_000) or []) > 20
