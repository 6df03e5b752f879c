"""A file damaged in the browser's own storage: the app opens, and what waited to be sent is still there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices, type_into
from tests.browser.shelf import NAMES, SPOIL_LAST_THIRD
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def note_nobody_at_home(page: Page) -> None:
    type_into(page, "Tìm chủ hộ", "nguyen")
    page.get_by_role("button", name="Chưa gặp").first.click()
    page.get_by_role("button", name="Không gặp, không hỏi được…").click()
    page.get_by_role("button", name="Vắng nhà").click()


def test_a_damaged_file_is_kept_and_unsent_work_carried_over(site: Site, devices: Devices) -> None:
    phone = devices.members_phone()
    page = phone.open_app()
    expect(page.get_by_role("progressbar", name="Đã gặp 185 trên")).to_be_attached()  # every row is there
    site.stop()
    note_nobody_at_home(page)
    expect(page.get_by_text("Vắng nhà · chờ gửi")).to_be_attached()
    phone.close()

    page = phone.look(f"http://127.0.0.1:{site.port}/app/licences.txt")
    page.evaluate(SPOIL_LAST_THIRD)
    phone.close()

    page = phone.open_app()
    expect(page.get_by_text("1 phiếu chờ gửi")).to_be_attached()
    phone.close()
    page = phone.look(f"http://127.0.0.1:{site.port}/app/licences.txt")
    assert any(name.startswith("tungnha-hong-") for name in page.evaluate(NAMES)), "the damaged file is kept"
    phone.close()

    site.start()
    page = phone.open_app()
    expect(page.get_by_text("Máy chủ đã xác nhận 1 phiếu")).to_be_attached(timeout=90_000)
    expect(page.get_by_role("progressbar", name="Đã gặp 185 trên")).to_be_attached()
