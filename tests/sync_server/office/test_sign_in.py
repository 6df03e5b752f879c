"""The office's door: a code by hand, a greeting, a sign-in that ends by itself, and forms of strangers."""

from datetime import timedelta

import pytest

from survey.roles import Role
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import Device, Server


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def test_a_code_is_greeted_and_only_the_answer_uses_it_up(server: Server, hoa_official: Device) -> None:
    browser, code = Browser(server), server.code(Role.OFFICIAL, "Đặng Thị Hoa")
    for _ in range(2):
        browser.open("/office/")
        browser.send("/code", code=code.lower())
        assert "Chào Đặng Thị Hoa!" in browser.words
    browser.send("/sign-in")
    assert "thôn đạt" in browser.words
    [cookie] = [name for name in browser.cookies if name != "tungnha_door"]
    assert cookie == "tungnha", "the network of an office may be without HTTPS"
    again = Browser(server)
    again.open("/office/")
    again.send("/code", code=code)
    assert "Mã này đã được dùng" in again.words


def test_this_browser_is_a_device_like_any_other(server: Server, hoa: Browser, hoa_official: Device) -> None:
    village = next(iter(server.villages.values())).id
    assert hoa.open("/office/overview").status_code == 200
    token = hoa.cookies["tungnha"]
    bearer = {"Authorization": f"Bearer {token}"}
    answer = server.request("GET", f"/api/v1/villages/{village}/devices", headers=bearer)
    assert answer.status_code == 401, "the cookie opens the pages alone"
    with server.database.read() as session:
        from sync_server.store.device_lines import list_devices

        names = {line.name: line for line in list_devices(session, "09052")}
    line = names["Máy tính ở xã, trình duyệt"]
    path = f"/api/v1/devices/{line.id}/lost"
    assert server.request("POST", path, headers=hoa_official.headers).status_code == 200
    hoa.open("/office/overview")
    assert "Mã đăng nhập" in hoa.words, "a lost browser is out at once"


def test_it_ends_after_12_idle_hours_and_by_hand(server: Server, hoa: Browser) -> None:
    for _ in range(3):
        server.clock.pass_by(seconds=timedelta(hours=11).total_seconds())
        assert hoa.open("/office/overview").status_code == 200
        assert "thôn đạt" in hoa.words
    server.clock.pass_by(seconds=timedelta(hours=12, minutes=1).total_seconds())
    hoa.open("/office/overview")
    assert "Mã đăng nhập" in hoa.words
    other = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    kept = dict(other.cookies)
    other.send("/sign-out")
    other.cookies = kept
    other.open("/office/overview")
    assert "Mã đăng nhập" in other.words, "the credential is dead, not only forgotten"


def test_a_members_code_is_for_the_phone_and_stays_unused(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    browser = Browser(server)
    browser.open("/office/")
    browser.send("/code", code=code)
    assert "để dùng trên điện thoại" in browser.words
    assert f"http://server/app/#/enroll/{code}" in browser.read().links
    browser.post("/office/sign-in", {"code": code})
    assert browser.page is not None
    assert browser.page.status_code == 403
    assert server.request("POST", "/api/v1/enrollments", json={"code": code}).status_code == 201


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://server.evil.example"])
def test_every_form_refuses_a_strangers_page(server: Server, hoa: Browser, origin: str) -> None:
    for path in ("/office/code", "/office/sign-in", "/office/sign-out"):
        answer = hoa.open(path, "POST", data={"code": "7"}, headers={"Origin": origin} if origin else {})
        assert answer.status_code == 403, path
    assert hoa.open("/office/overview").status_code == 200
    assert "thôn đạt" in hoa.words


def test_guessing_is_limited_as_on_phones(server: Server) -> None:
    browser = Browser(server)
    browser.open("/office/")
    for _ in range(20):
        assert browser.post("/office/code", {"code": "7Q4M-2KXP"}).status_code == 404
    assert browser.post("/office/code", {"code": "7Q4M-2KXP"}).status_code == 429
    assert "Đã thử sai quá nhiều lần" in browser.words


def test_what_is_typed_is_shown_as_text_and_pages_may_load_nothing_strange(server: Server) -> None:
    name = "<script>alert(1)</script>"
    browser = Browser(server).sign_in(Role.OFFICIAL, name)
    page = browser.open("/office/overview")
    assert name not in page.text
    assert name in browser.words
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


def test_a_form_of_a_thousand_fields_is_refused_as_a_page(server: Server) -> None:
    browser = Browser(server)
    answer = browser.post("/office/code", {f"field{number}": "x" for number in range(1000)})
    assert answer.status_code == 413
    assert "Về trang đầu" in browser.words
