"""Inviting on the pages: who may invite whom, a code that reload shows again, and its QR symbol."""

import re

import pytest
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import QRData

from survey.roles import Role
from sync_server.store.members import list_members
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server

HERE, THERE = "Đinh Xá", "Nghinh Tiên"
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def invite(browser: Browser, name: str, *villages: str, role: str = "member", **more: str) -> str:
    """Fill the form in and send it; the code that is then shown, empty for none."""
    browser.open("/office/people/invite")
    fields = {f"village:{browser.server.villages[one].id}": "1" for one in villages}
    browser.send("/people/invite", name=name, role=role, **fields, **more)
    found = CODE.findall(browser.words)
    return found[0] if found else ""


def named(server: Server, name: str) -> list[str]:
    with server.database.read() as session:
        return [one.id for one in list_members(session, COMMUNE) if one.name == name]


def test_an_invitation_is_shown_again_by_reload_and_back_and_works(server: Server, hoa: Browser) -> None:
    code = invite(hoa, "Ngô Thị Sen", HERE)
    assert hoa.went_to[-1] == "/office/people/invited"
    for _ in range(3):
        hoa.open("/office/people/invited")
        assert set(CODE.findall(hoa.words)) == {code}
    assert "Ngô Thị Sen Tổ viên, thôn Đinh Xá, xã Nguyệt Đức" in hoa.words
    assert "Dùng đến 10:04 06/12/2026 , một lần, cho một máy." in hoa.words
    assert server.request("POST", "/api/v1/enrollments", json={"code": code}).status_code == 201
    hoa.open("/office/people/invited")
    assert "Ngô Thị Sen đã vào được rồi" in hoa.words
    assert code not in hoa.words


def test_no_code_and_no_name_is_in_an_address(server: Server, hoa: Browser) -> None:
    code = invite(hoa, "Ngô Thị Sen", HERE)
    assert hoa.page is not None
    addresses = [*hoa.went_to, *hoa.read().links, *(form.action for form in hoa.read().forms)]
    assert len(addresses) > 5
    for address in addresses:
        assert code not in address
        assert code.replace("-", "") not in address
        assert "Sen" not in address
    assert hoa.page.headers["cache-control"] == "no-store"


def test_the_cookie_is_for_its_page_alone_and_goes_with_the_sign_out(server: Server, hoa: Browser) -> None:
    hoa.open("/office/people/invite")
    fields = hoa.form("/people/invite").fields | {"name": "Ngô Thị Sen", f"village:{server.villages[HERE].id}": "1"}
    cookie = "; ".join(f"{name}={value}" for name, value in hoa.cookies.items())
    headers = {"Origin": "http://server", "Cookie": cookie}
    answer = server.request("POST", "/office/people/invite", data=fields, headers=headers)
    kept = answer.headers["set-cookie"].lower()
    for part in ("path=/office/people/invited", "httponly", "samesite=lax", "max-age=600"):
        assert part in kept
    assert "secure" not in kept, "the network of an office may be without HTTPS"
    answer = server.request("POST", "https://server/office/people/invite", data=fields, headers=headers)
    assert "secure" in answer.headers["set-cookie"].lower()
    invite(hoa, "Ngô Thị Sen", HERE)
    hoa.send("/sign-out")
    assert "tungnha_invited" not in hoa.cookies


def test_another_persons_browser_is_not_told_whom_it_may_not_invite(server: Server, hoa: Browser) -> None:
    invite(hoa, "Ngô Thị Sen", HERE)
    tam = Browser(server).sign_in(Role.LEAD, "Phạm Văn Tâm", THERE)
    tam.open("/office/people/invited")
    assert "Mã mời không còn hiện ở đây" in tam.words
    tam.cookies["tungnha_invited"] = hoa.cookies["tungnha_invited"]
    assert tam.open("/office/people/invited").status_code == 403


def test_the_symbol_is_that_of_the_link_with_white_around_it(server: Server, hoa: Browser) -> None:
    code = invite(hoa, "Ngô Thị Sen", HERE)
    assert hoa.page is not None
    svg = re.search(r"<svg.*?</svg>", hoa.page.text, re.DOTALL)
    assert svg is not None
    assert "style" not in svg[0], "the pages' policy would not apply it"
    assert '<rect width="41" height="41" fill="#fff"/>' in svg[0], "white in dark mode too"
    path = re.search(r' d="([^"]+)"', svg[0])
    assert path is not None
    dark = set()
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path[1]):
        dark |= {(int(x) + i, int(y) + j) for i in range(int(width)) for j in range(int(height))}
    symbol = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=0, border=4)
    symbol.add_data(QRData(f"http://server/app/#/enroll/{code}".encode(), mode=4), optimize=0)
    matrix = symbol.get_matrix()
    assert len(matrix) == 41
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}


def test_a_double_click_makes_no_second_person(server: Server, hoa: Browser) -> None:
    for more in ({}, {"new_person": "1"}):
        before = named(server, "Ngô Thị Sen")
        hoa.open("/office/people/invite")
        form = hoa.form("/people/invite")
        fields = form.fields | {"name": "Ngô Thị Sen", f"village:{server.villages[HERE].id}": "1"} | more
        codes = set()
        for _ in range(2):
            hoa.post(form.action, fields)
            codes.add(CODE.findall(hoa.words)[0])
        assert len(codes) == 2, "the one person may have two codes: each is for one device"
        assert len(named(server, "Ngô Thị Sen")) == len(before) + 1
    cookie = "; ".join(f"{name}={value}" for name, value in hoa.cookies.items())
    hoa.open("/office/people/invite")
    fields |= hoa.form("/people/invite").fields | {"name": "Lê Thị Đôi"}
    headers = {"Origin": "http://server", "Cookie": cookie}
    server.request_twice_at_once("POST", "/office/people/invite", data=fields, headers=headers)
    assert len(named(server, "Lê Thị Đôi")) == 1
    hoa.post(form.action, fields | {"name": "Ngô Thị Sến"})
    assert len(named(server, "Ngô Thị Sến")) == 1, "Back, another name: another person"


def test_namesakes_are_asked_about_and_a_known_person_gets_a_further_code(server: Server, hoa: Browser) -> None:
    invite(hoa, "Ngô Thị Sen", HERE)
    invite(hoa, "Ngô Thị Sen", HERE)
    assert "đã có trong danh sách từ trước" in hoa.words
    invite(hoa, "Ngô Thị Sen", HERE, new_person="1")
    assert "người họ tên giống hoặc gần giống" in hoa.words
    assert invite(hoa, "Ngô Thị Sen", HERE) == ""
    assert hoa.page is not None
    assert hoa.page.status_code == 409
    assert "đánh dấu “Là người khác, trùng họ tên”" in hoa.words
    assert "--" not in hoa.words, "the page names no option of a command"
    links = [f"/office/people/{one}" for one in named(server, "Ngô Thị Sen")]
    assert set(links) <= set(hoa.read().links)
    assert hoa.form("/people/invite").fields["name"] == "Ngô Thị Sen", "what was typed stays"
    hoa.open(links[0])
    hoa.send("/code")
    assert CODE.findall(hoa.words)


def test_a_lead_invites_members_of_the_own_village_alone(server: Server) -> None:
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    assert invite(minh, "Ngô Thị Sen")  # the only village is marked already
    assert "Tổ trưởng:" not in minh.words
    for role, village in (("lead", HERE), ("member", THERE), ("official", HERE)):
        assert invite(minh, "Lê Văn Tư", village, role=role) == ""
        assert minh.page is not None
        assert minh.page.status_code in {403, 422}
    assert not named(server, "Lê Văn Tư")


def test_an_official_invites_leads_and_no_official(server: Server, hoa: Browser) -> None:
    assert invite(hoa, "Lê Văn Tư", HERE, THERE, role="lead")
    assert "Tổ trưởng, thôn Đinh Xá, thôn Nghinh Tiên" in hoa.words
    assert invite(hoa, "Lê Văn Năm", role="official") == ""
    assert "nhờ người quản trị" in hoa.words
    assert not named(server, "Lê Văn Năm")


@pytest.mark.parametrize(
    ("name", "villages", "said"), [("", [HERE], "Họ tên:"), ("x" * 121, [HERE], "Họ tên:"), ("Lê Văn Tư", [], "Thôn:")]
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    server: Server, hoa: Browser, name: str, villages: list[str], said: str
) -> None:
    assert invite(hoa, name, *villages) == ""
    assert said in hoa.words
    assert hoa.form("/people/invite").fields["name"] == name


def test_a_form_without_its_id_or_of_a_strange_village_is_refused(server: Server, hoa: Browser) -> None:
    fields = {"name": "Lê Văn Tư", "role": "member", f"village:{an_id()}": "1"}
    assert hoa.post("/office/people/invite", fields).status_code == 422
    hoa.open("/office/people/invite")
    assert hoa.post("/office/people/invite", hoa.form("/people/invite").fields | fields).status_code == 404


def test_a_name_with_tags_is_text(server: Server, hoa: Browser, lan_member: Device) -> None:
    invite(hoa, "<script>alert(1)</script>", HERE)
    assert hoa.page is not None
    assert "<script>alert" not in hoa.page.text
    assert "<script>alert(1)</script>" in hoa.words
