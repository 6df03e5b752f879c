"""How much a visit costs the person at the door: every tap from the list of households to "saved" is counted."""

from collections import Counter

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Devices
from tests.browser.site import Site

pytestmark = pytest.mark.browser
MOST_TAPS = 30
ADULT = (
    "Có dùng điện thoại thông minh không?",
    "Có tài khoản thanh toán điện tử không?",
    "Có biết nộp hồ sơ, dùng dịch vụ công trực tuyến không?",
)
HOUSE = (
    "Nhà có lắp Internet cáp quang không?",
    "Nhà có địa chỉ số trên bản đồ không?",
    "Nhà có kinh doanh, buôn bán không?",
)


class Finger:
    """Taps, and counts what for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps: Counter[str] = Counter()

    def tap(self, what: str, target: Locator) -> None:
        target.click()
        self.taps[what] += 1

    def button(self, what: str, name: str, *, exact: bool = True) -> None:
        self.tap(what, self.page.get_by_role("button", name=name, exact=exact))

    def answer(self, what: str, question: str, answer: str) -> None:
        group = self.page.get_by_role("group", name=question)
        expect(group).to_have_count(1)
        self.tap(what, group.get_by_role("button", name=answer, exact=True))

    def born(self, year: int) -> None:
        self.button("birth years", f"{year // 10 * 10}–", exact=False)
        self.button("birth years", str(year))


def test_a_new_family_of_four_costs_less_than_thirty_taps(site: Site, devices: Devices) -> None:
    page = devices.phone().sign_in(site.links["member"])
    finger = Finger(page)
    finger.tap("opening", page.get_by_role("button", name="Chưa gặp").first)
    finger.button("opening", "Bắt đầu khảo sát", exact=False)
    finger.button("opening", "Gia đình đồng ý")
    for who in ("Chủ hộ", "Vợ", "Con trai", "Con gái"):
        finger.button("family list", who)
    finger.button("family list", "Đã đủ 4 người")

    finger.born(1985)
    finger.answer("people", "Nam hay nữ?", "Nam")
    for question in ADULT:
        finger.answer("people", question, "Có")
    expect(page.get_by_text("sinh 1985. Nam. Điện thoại: Có")).to_be_attached()
    finger.born(1988)  # the wife's card has opened by itself
    for question, answer in zip(ADULT, ("Có", "Không", "Không rõ"), strict=True):
        finger.answer("people", question, answer)
    expect(page.get_by_text("Tài khoản: Không. Dịch vụ công: Không rõ")).to_be_attached()
    finger.born(2013)
    expect(page.get_by_role("button", name="3. Con trai")).to_be_attached()
    finger.born(2017)
    expect(page.get_by_text("Đã hỏi xong mọi người.")).to_be_attached()
    finger.button("going on", "Tiếp tục")
    for question in HOUSE:
        finger.answer("house", question, "Không")
    finger.button("going on", "Lưu phiếu")
    expect(page.get_by_text("Đã khảo sát").first).to_be_attached()

    total = sum(finger.taps.values())
    print(f"{total} taps: {dict(finger.taps)}")
    assert total < MOST_TAPS
    assert page.evaluate("tungnhaPlace.errors") == []
