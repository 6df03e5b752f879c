"""A household on a phone without a network: corrected, split in two, and erased because its family asks for it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices, type_into
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_household_is_corrected_split_and_erased_without_a_network(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    page.get_by_role("checkbox", name="Đã xong").click()
    surveyed = page.get_by_role("button", name="Đã khảo sát")
    expect(surveyed.first).to_be_attached()
    site.stop()

    surveyed.first.click()
    button(page, "Sửa hộ này")
    type_into(page, "Xóm, ngõ, số nhà", ", nha 9")
    page.wait_for_timeout(500)
    button(page, "Quay lại")  # by mistake
    button(page, "Sửa hộ này")
    page.get_by_label("Xóm, ngõ, số nhà").click()  # only a field with the focus says what is in it
    expect(page.get_by_label("Xóm, ngõ, số nhà")).to_have_value(re.compile(", nha 9$"))
    button(page, "Lưu")
    expect(page.get_by_text(re.compile("Địa chỉ: .*, nha 9"))).to_be_attached()

    head = page.get_by_role("heading").inner_text()
    button(page, "Tách hộ")
    page.get_by_role("checkbox").last.click()
    type_into(page, "Họ tên chủ hộ mới (người lớn)", "Lo Thi Xuyen")
    button(page, "Lưu hộ mới")
    expect(page.get_by_role("heading", name="Lo Thi Xuyen")).to_be_attached()
    expect(page.get_by_text(f"Tách ra từ hộ {head}.")).to_be_attached()

    button(page, "Gia đình yêu cầu xóa")
    button(page, "Không xóa")
    button(page, "Gia đình yêu cầu xóa")
    button(page, "Xóa theo yêu cầu")
    expect(page.get_by_text("Đã xóa theo yêu cầu ngày")).to_be_attached()
    expect(page.get_by_text("Trên máy này không còn gì của hộ.")).to_be_attached()
    assert page.get_by_text("Lo Thi Xuyen").count() == 0
    button(page, "Về danh sách hộ")
    page.get_by_role("checkbox", name="Tất cả").click()
    type_into(page, "Tìm chủ hộ", "xuyen")
    expect(page.get_by_text("Không thấy hộ nào khớp")).to_be_attached()
    assert page.evaluate("tungnhaPlace.errors") == []
