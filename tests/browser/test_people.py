"""The people of a visit on a phone: who opens by itself, what a correction does, and that nobody is lost by a tap."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices, type_into
from tests.browser.site import Site
from tests.browser.visits import choose, choose_birth_year, list_family

pytestmark = pytest.mark.browser
PHONE = "Có dùng điện thoại thông minh không?"
ACCOUNT = "Có tài khoản thanh toán điện tử không?"
ONLINE = "Có biết nộp hồ sơ, dùng dịch vụ công trực tuyến không?"
BELOW_THE_BAR = 140
A_MOMENT_MS = 1200


def begin_visit(page: Page) -> None:
    page.get_by_role("button", name="Chưa gặp").first.click()
    page.get_by_role("button", name="Bắt đầu khảo sát").click()
    page.get_by_role("button", name="Gia đình đồng ý").click()


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def is_open(page: Page, title: str) -> None:
    expect(page.get_by_role("button", name=title)).to_have_count(0)
    expect(page.get_by_text(title)).to_be_attached()


def test_the_next_person_opens_and_a_correction_stays(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    begin_visit(page)
    list_family(page, "Chủ hộ", "Vợ", "Mẹ")
    choose_birth_year(page, 1961)
    expect(page.get_by_role("button", name="sinh 1961")).to_be_attached()
    for question, answer in (("Nam hay nữ?", "Nam"), (PHONE, "Có"), (ACCOUNT, "Không")):
        choose(page, question, answer)
    expect(page.get_by_text(ONLINE)).to_have_count(0)  # he is past the age at which it is asked

    is_open(page, "2. Vợ")
    page.wait_for_timeout(A_MOMENT_MS)
    box = page.get_by_text("2. Vợ").bounding_box()
    assert box
    assert 0 < box["y"] < BELOW_THE_BAR, "her card is at the top"

    # Somebody who is finished is opened and corrected: the screen stays until they are done.
    page.mouse.move(195, 500)
    page.mouse.wheel(0, -2000)
    page.wait_for_timeout(A_MOMENT_MS)
    button(page, "1. Chủ hộ")
    choose(page, PHONE, "Không rõ")
    page.wait_for_timeout(A_MOMENT_MS)
    is_open(page, "1. Chủ hộ")
    chosen = page.get_by_role("group", name=PHONE).get_by_role("button", name="Không rõ", exact=True)
    expect(chosen).to_have_attribute("aria-current", "true")
    button(page, "Xong người này")
    is_open(page, "2. Vợ")
    assert page.evaluate("tungnhaPlace.errors") == []


def test_nobody_and_no_answer_is_lost_by_a_tap(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    begin_visit(page)
    list_family(page, "Chủ hộ", "Con trai")
    button(page, "Gõ năm")
    type_into(page, "Năm sinh", "1990")
    choose(page, PHONE, "Không")
    button(page, "Bỏ người này")
    expect(page.get_by_text("Đã bỏ “1. Chủ hộ”").first).to_be_attached()
    button(page, "Hoàn tác")
    chosen = page.get_by_role("group", name=PHONE).get_by_role("button", name="Không", exact=True)
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="sinh 1990")).to_be_attached()

    # After the step was left, whoever was taken out is still there to be put back.
    button(page, "Bỏ người này")
    expect(page.get_by_text("Đã bỏ “1. Chủ hộ”").first).to_be_attached()
    button(page, "Quay lại")
    button(page, "Tiếp tục")
    button(page, "Đưa trở lại")
    expect(page.get_by_role("button", name="sinh 1990")).to_be_attached()
    assert page.evaluate("tungnhaPlace.errors") == []
