"""The whole story in real browsers: an offline phone, a server that is really stopped, the commune's table."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices, type_into
from tests.browser.site import Site
from tests.browser.visits import choose, choose_birth_year, list_family, save_visit, settled_name

pytestmark = pytest.mark.browser


def open_first_unvisited(page: Page, search: str) -> str:
    """Find a household that nobody has met yet by typing without accents; its head's name."""
    page.get_by_role("checkbox", name="Chưa xong").click()
    type_into(page, "Tìm chủ hộ", search)
    row = page.get_by_role("button", name="Chưa gặp").first
    name = settled_name(page, row)
    row.click()
    expect(page.get_by_role("button", name="Bắt đầu khảo sát")).to_be_attached()
    head_name = page.get_by_role("heading").inner_text()
    assert head_name in name, "a tap opens the household that was tapped"
    return head_name


def fill_visit(page: Page) -> None:
    """One adult, and every question that this commune asks."""
    page.get_by_role("button", name="Gia đình đồng ý").click()
    list_family(page, "Chủ hộ")
    choose_birth_year(page, 1985)
    choose(page, "Nam hay nữ?", "Nam")
    choose(page, "Có dùng điện thoại thông minh không?", "Có")
    choose(page, "Có tài khoản thanh toán điện tử không?", "Có")
    choose(page, "Có biết nộp hồ sơ, dùng dịch vụ công trực tuyến không?", "Không rõ")
    page.get_by_role("button", name="Tiếp tục").click()
    choose(page, "Nhà có lắp Internet cáp quang không?", "Có")
    choose(page, "Nhà có địa chỉ số trên bản đồ không?", "Có")
    choose(page, "Nhà có kinh doanh, buôn bán không?", "Không")


def surveyed_of(page: Page) -> int:
    """The commune's surveyed households, as the official's table says."""
    words = page.get_by_text("Đã gặp").first.inner_text()
    return int(words.split(" đã khảo sát")[0].split()[-1].replace(".", ""))


def test_one_visit_from_an_offline_phone_to_the_communes_table(site: Site, devices: Devices) -> None:
    official = devices.office()
    table = official.look(site.links["official"])
    table.get_by_role("button", name="Đúng là tôi").click()
    expect(table.get_by_role("heading", name="8 trên 11 thôn đạt")).to_be_visible()
    before = surveyed_of(table)

    # Enrolled without typing; the village's households are there.
    phone = devices.new_phone()
    page = phone.sign_in(site.links["member"])
    expect(page.get_by_text("Thôn Đinh Xá")).to_be_attached()
    progress = page.get_by_role("progressbar", name=re.compile(r"Đã gặp \d+ trên \d{2,} hộ"))
    expect(progress).to_be_attached()
    met = progress.get_attribute("aria-label") or ""
    assert page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    # The server is stopped, the browser closed; the app starts again and everything is there.
    phone.close()
    official.close()
    site.stop()
    page = phone.open_app()
    expect(page.get_by_role("progressbar", name=met)).to_be_attached()
    name = open_first_unvisited(page, "nguyen")
    page.get_by_role("button", name="Bắt đầu khảo sát").click()
    fill_visit(page)
    save_visit(page)
    expect(page.get_by_text("Đã khảo sát · chờ gửi")).to_be_attached()

    # A second form, killed in its middle: the draft is there afterwards.
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("button", name="Xóa chữ tìm").click()  # the list has kept its place
    second = open_first_unvisited(page, "tran")
    page.get_by_role("button", name="Bắt đầu khảo sát").click()
    page.get_by_role("button", name="Gia đình đồng ý").click()
    list_family(page, "Chủ hộ")
    page.get_by_role("button", name="Gõ năm").click()
    type_into(page, "Năm sinh", "1971")
    choose(page, "Nam hay nữ?", "Nữ")
    page.wait_for_timeout(1000)
    phone.close()
    page = phone.open_app()
    expect(page.get_by_text("1 phiếu chờ gửi")).to_be_attached()
    # The list opens where it was left: the search stands there still.
    expect(page.get_by_role("button", name="Nguyễn")).to_have_count(0)
    page.get_by_role("button", name="Đang ghi dở").first.click()
    page.get_by_role("button", name="Ghi tiếp phiếu đang dở").click()
    expect(page.get_by_role("button", name="sinh 1971")).to_be_attached()
    assert second != name

    # The server is back: the visit goes up by itself and is confirmed.
    page.get_by_role("button", name="Quay lại").click()
    site.start()
    page.goto(f"http://127.0.0.1:{site.port}/app/#/")
    expect(page.get_by_text("Máy chủ đã xác nhận 1 phiếu")).to_be_attached(timeout=90_000)
    assert page.evaluate("tungnhaPlace.errors") == []
    assert phone.foreign == [], "the phone asked somebody else than its server"

    # It is counted, and the village opens to its criteria in full.
    table = official.look(f"http://127.0.0.1:{site.port}/hosted/#/old")
    expect(table.get_by_role("heading", name="trên 11 thôn đạt")).to_be_visible()
    assert surveyed_of(table) == before + 1
    table.get_by_role("link", name="Đinh Xá").click()
    expect(table.get_by_role("heading", name="Từng tiêu chí")).to_be_visible()
    expect(table.get_by_text("người trưởng thành").first).to_be_visible()
    assert official.foreign == [], "the office's browser asked somebody else than its server"
