"""How much a visit costs the person at the door: every tap from the list of households to "saved" is counted."""

from collections import Counter

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Devices, type_into
from tests.browser.site import Site
from tests.browser.visits import choose, confirm_fast_visit

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
        choose(self.page, question, answer)
        self.taps[what] += 1

    def total(self, story: str) -> int:
        total = sum(self.taps.values())
        print(f"{story}: {total} taps: {dict(self.taps)}")
        return total

    def born(self, year: int) -> None:
        self.button("birth years", f"{year // 10 * 10}–", exact=False)
        self.button("birth years", str(year))


def test_a_new_family_of_four_costs_less_than_thirty_taps(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
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
    confirm_fast_visit(page)
    expect(page.get_by_text("Đã khảo sát").first).to_be_attached()

    assert finger.total("a new family of four") < MOST_TAPS
    assert page.evaluate("tungnhaPlace.errors") == []


def test_an_unchanged_family_costs_five_taps(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    surveyed = page.get_by_role("button", name="Đã khảo sát")
    page.get_by_role("checkbox", name="Đã xong").click()
    for place in range(12):
        finger = Finger(page)
        finger.tap("opening", surveyed.nth(place))
        finger.button("opening", "Khảo sát lại")
        finger.button("opening", "Gia đình đồng ý")
        same = page.get_by_role("button", name="Không đổi", exact=True)
        expect(same).to_be_attached()
        if page.get_by_text("câu cần hỏi").count() == 0:
            break
        for _ in range(3):
            page.get_by_role("button", name="Quay lại").click()
    changed = page.get_by_role("button", name="Có thay đổi", exact=True).bounding_box()
    unchanged = same.bounding_box()
    assert changed
    assert unchanged
    assert (changed["width"], changed["height"]) == (unchanged["width"], unchanged["height"])
    finger.tap("going on", same)
    finger.button("going on", "Lưu phiếu")
    confirm_fast_visit(page)
    expect(page.get_by_text("Đã ghi xong nhà")).to_be_attached()
    assert finger.total("an unchanged family") == 5
    assert page.evaluate("tungnhaPlace.errors") == []


@pytest.mark.parametrize("end", ["Vắng nhà", "Gia đình từ chối"])
def test_a_visit_that_ends_at_the_door_costs_three_taps(site: Site, devices: Devices, end: str) -> None:
    page = devices.members_phone().open_app()
    finger = Finger(page)
    finger.tap("opening", page.get_by_role("button", name="Chưa gặp").first)
    finger.button("opening", "Không gặp, không hỏi được…")
    finger.button("ending", end)
    expect(page.get_by_text("Đã ghi xong nhà")).to_be_attached()
    assert finger.total(end) == 3


def test_a_mark_of_the_last_visit_leads_to_its_question(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    page.get_by_role("checkbox", name="Đã xong").click()
    page.get_by_role("button", name="Đã khảo sát").first.click()
    page.get_by_role("button", name="Khảo sát lại").click()
    page.get_by_role("button", name="Gia đình đồng ý").click()
    page.get_by_role("button", name="Internet").click()
    question = page.get_by_role("group", name="Nhà có lắp Internet cáp quang không?")
    expect(question.get_by_role("button", name="Không", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="Quay lại").click()
    expect(page.get_by_text("Bước 3 trên 4: Người trong nhà")).to_be_attached()


def test_the_guide_is_in_the_app_and_a_household_on_no_list_is_added(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    page.get_by_role("button", name="Thêm hộ mới").click()
    type_into(page, "Họ tên chủ hộ", "Nguyễn Văn Mới")
    type_into(page, "Xóm, ngõ", "Ngõ Đình")
    page.get_by_role("button", name="Lưu hộ này").click()
    expect(page.get_by_role("heading", name="Nguyễn Văn Mới")).to_be_attached()
    page.goto(page.url.split("#")[0] + "#/device/guide")
    page.get_by_role("button", name="Đi từng nhà").click()
    expect(page.get_by_role("heading", name="Hỏi lại nhà đã khảo sát")).to_be_attached()
    page.get_by_role("button", name="Gửi phiếu và giữ phiếu").click()
    expect(page.get_by_role("heading", name="Mất máy, hỏng máy")).to_be_attached()
