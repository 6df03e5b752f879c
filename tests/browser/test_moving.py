"""A sign-in that moves to another place, in two real browsers; and a place that the browser has emptied."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices, turn_on_names, type_into
from tests.browser.site import Site
from tests.browser.test_salvage import note_nobody_at_home

pytestmark = pytest.mark.browser
CODE = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}")


def test_the_app_moves_to_another_browser_and_the_first_one_ends(site: Site, devices: Devices) -> None:
    old = devices.members_phone().open_app()
    expect(old.get_by_role("progressbar", name="Đã gặp 185 trên")).to_be_attached()
    note_nobody_at_home(old)
    expect(old.get_by_text("đã xác nhận")).to_be_attached()
    old.goto(f"http://127.0.0.1:{site.port}/app/#/device/move")
    old.get_by_role("button", name="Lấy mã chuyển").click()
    expect(old.get_by_role("button", name="Chép đường dẫn")).to_be_attached()
    code = CODE.search(old.locator("body").aria_snapshot())
    assert code is not None

    new = devices.phone().open_app()
    type_into(new, "Mã ghi danh", code[0].lower())
    new.get_by_role("button", name="Tiếp tục").click()
    expect(new.get_by_text("Chào Vũ Thị Lan")).to_be_attached()
    new.get_by_role("button", name="Đúng là tôi").click()
    expect(new.get_by_role("progressbar", name="Đã gặp 185 trên")).to_be_attached()
    expect(old.get_by_text("Từng Nhà đã chuyển sang Chrome, Android.")).to_be_attached(timeout=30_000)


def test_a_place_that_the_browser_emptied_says_so(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    expect(page.get_by_role("progressbar", name="Đã gặp")).to_be_attached()
    page.goto(f"http://127.0.0.1:{site.port}/app/licences.txt")
    page.evaluate("() => new Promise((done) => (indexedDB.deleteDatabase('tungnha').onsuccess = done))")
    page.goto(f"http://127.0.0.1:{site.port}/app/")
    turn_on_names(page)
    expect(page.get_by_text("Trình duyệt đã xóa dữ liệu của Từng Nhà ở đây.")).to_be_attached()
