"""The PIN in a browser: set on "Máy này" or because the lead requires one, asked at each start, and behind it nothing
of any household."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.site import Site

pytestmark = pytest.mark.browser
PIN, OTHER = "120586", "120587"


def tap(page: Page, pin: str) -> None:
    for digit in pin:
        page.get_by_role("button", name=digit, exact=True).click()


def test_behind_the_pin_there_is_nothing_to_see(site: Site, devices: Devices) -> None:
    phone = devices.members_phone()
    page = phone.open_app()
    name = page.get_by_role("button", name="Chưa gặp").first
    expect(name).to_be_attached()
    page.get_by_role("tab", name="Máy này").click()
    page.get_by_role("button", name="Đặt mã PIN").click()
    tap(page, "123456")
    expect(page.get_by_text("Mã này ai cũng đoán được")).to_be_attached()
    tap(page, PIN)
    expect(page.get_by_text("Bấm lại 6 số ấy")).to_be_attached()
    tap(page, PIN)
    expect(page.get_by_role("button", name="Đổi hoặc bỏ mã PIN")).to_be_attached()

    phone.close()
    page = phone.open_app("#/households")
    expect(page.get_by_text("Bấm mã PIN 6 số")).to_be_attached()
    assert page.get_by_text("Chưa gặp").count() == 0
    assert page.get_by_role("tab").count() == 0
    tap(page, OTHER)
    expect(page.get_by_text("Mã PIN chưa đúng. Còn 4 lần")).to_be_attached()
    page.evaluate("location.hash = '/device'")  # another address opens nothing
    page.wait_for_timeout(1000)
    assert page.get_by_role("tab").count() == 0
    tap(page, PIN)
    expect(page.get_by_role("button", name="Đổi hoặc bỏ mã PIN")).to_be_attached()
    assert page.evaluate("tungnhaPlace.errors") == []


def test_a_pin_that_the_lead_requires_is_set_before_anything_is_seen(site: Site, devices: Devices) -> None:
    lead = devices.phone().sign_in(site.links["lead"])
    expect(lead.get_by_role("progressbar", name="Đã gặp 185 trên")).to_be_attached()
    lead.evaluate("location.hash = '/team'")
    rule = lead.get_by_role("checkbox", name="Mỗi máy của tổ phải có mã PIN")
    rule.click()
    lead.evaluate("location.hash = '/device/changes'")
    expect(lead.get_by_text("Máy chủ đã xác nhận")).to_be_attached()

    phone = devices.members_phone()
    page = phone.open_app()
    page.get_by_role("tab", name="Máy này").click()
    expect(page.get_by_role("button", name="Đặt mã PIN")).to_be_attached()
    page.get_by_role("button", name="Gửi và cập nhật ngay").click()
    page.wait_for_timeout(3000)
    phone.close()
    page = phone.open_app("#/households")
    expect(page.get_by_text("Đặng Hữu Hùng nhờ mỗi máy của tổ có mã PIN.")).to_be_attached()
    assert page.get_by_role("tab").count() == 0
    tap(page, PIN)
    expect(page.get_by_text("Bấm lại 6 số ấy")).to_be_attached()
    tap(page, PIN)
    expect(page.get_by_role("button", name="Chưa gặp").first).to_be_attached()
    page.evaluate("location.hash = '/device/pin'")
    tap(page, PIN)
    expect(page.get_by_role("button", name="Đổi mã PIN")).to_be_attached()
    assert page.get_by_role("button", name="Bỏ mã PIN").count() == 0
