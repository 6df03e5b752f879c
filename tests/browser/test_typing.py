"""What is typed quickly on a slow phone arrives whole, whether the screen is redrawn at each letter or not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.site import Site
from tests.browser.slowed import slowed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT = "Nguyen Van Cuong xom Dinh so 12"
SEARCH = "Tìm chủ hộ, xóm, số điện thoại"


def type_fast(page: Page, label: str, pace: int) -> None:
    page.get_by_label(label).click()
    page.wait_for_timeout(1500)  # a person sees the keyboard come before typing
    page.keyboard.type(TEXT, delay=pace)


@pytest.fixture
def card(site: Site, devices: Devices) -> str:
    """The code of a card that is bound to no household, and on the lead's phone, which is open."""
    page = devices.phone().sign_in(site.links["lead"])
    page.get_by_role("button", name="Tìm bằng thẻ").click()
    page.get_by_role("button", name="In thẻ cho thôn").click()
    page.get_by_role("button", name="Thêm 20 thẻ trống").click()
    expect(page.get_by_text("Đã tạo 20 thẻ, số 1 đến 20.")).to_be_attached()
    page.get_by_label("Số thẻ cần in").click()  # only a field with the focus says what is in it
    expect(page.get_by_label("Số thẻ cần in")).to_have_value("1-20")
    with closing(sqlite3.connect(site.data / "server.db")) as database:
        [code] = database.execute("SELECT code FROM card WHERE serial = 1").fetchone()
    return str(code)


def test_no_letter_is_lost_however_slow_the_phone_is(card: str, devices: Devices, tmp_path: Path) -> None:
    [phone] = devices.made
    assert phone.context is not None
    page = phone.context.pages[0]
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_label(SEARCH).wait_for(state="attached")
    with slowed(str(tmp_path)):
        for pace in (0, 10):
            type_fast(page, SEARCH, pace)
            expect(page.get_by_text(f"Không thấy hộ nào khớp “{TEXT}”")).to_be_attached()
            expect(page.get_by_label(SEARCH)).to_have_value(TEXT)
            page.get_by_role("button", name="Xóa chữ tìm").click()
            page.get_by_label(SEARCH).click()
            expect(page.get_by_label(SEARCH)).to_have_value("")

    page.evaluate(f"location.hash = '#/c/{card}'")
    page.get_by_role("button", name="Hộ mới, chưa có trong danh sách").click()
    with slowed(str(tmp_path)):
        for label, pace, whole in (("Họ tên chủ hộ", 0, TEXT.title()), ("Xóm, ngõ, số nhà", 10, TEXT)):
            type_fast(page, label, pace)
            expect(page.get_by_label(label)).to_have_value(whole)
    page.get_by_role("button", name="Lưu hộ này").click()
    expect(page.get_by_role("heading", name=TEXT.title())).to_be_attached()
    expect(page.get_by_text(f"Địa chỉ: {TEXT}")).to_be_attached()
