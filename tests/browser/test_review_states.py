"""Every state of "Cần xem" and of back-checks in a real browser: the office's pages, then the phones."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.axe import serious_faults
from tests.browser.conftest import START_MS, Devices
from tests.browser.installed import ARGUMENTS, find_chromium
from tests.browser.review_states import ReviewStates, SiteServer
from tests.browser.site import Site
from tests.browser.test_office import SIZES, sign_in_typed
from tests.browser.test_sizes import LOST
from tests.pace import LONG

pytestmark = pytest.mark.browser
LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in SIZES]
SMALL = """() => [...document.querySelectorAll(
    "main :is(button, select, summary, textarea, .pick, .tap, input:not([type=radio], [type=checkbox]))"
)].filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)"""
CUT = """() => [...document.querySelectorAll("main :is(h1, h2, p, td, th, li, button, summary, label, .scroll)")]
.filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).display !== "inline" && !one.matches(".hidden"))
.map((one) => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def states(site: Site) -> Iterator[ReviewStates]:
    server = SiteServer(site)
    yield ReviewStates(server)
    server.close()


class Office:
    """The official's browser: the same cookies for a page without scripts, and for one in each look."""

    def __init__(self, chromium: Browser, site: Site) -> None:
        self._url = f"http://127.0.0.1:{site.port}/office"
        plain = chromium.new_context(java_script_enabled=False, viewport=SIZES[0])  # type: ignore[arg-type]
        self.plain = plain.new_page()
        sign_in_typed(self.plain, site)
        self.pages = []
        for scheme, size in LOOKS if LONG else (LOOKS[0], LOOKS[-1]):
            looking = chromium.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
            looking.add_cookies(plain.cookies())  # type: ignore[arg-type]
            self.pages.append(looking.new_page())

    def open(self, path: str, status: int = 200) -> Page:
        """The page without scripts, after it was looked at in each look."""
        for page in self.pages:
            answer = page.goto(self._url + path)
            assert answer is not None
            assert answer.status == status, path
            look_at(page, path)
        self.plain.goto(self._url + path)
        return self.plain


def look_at(page: Page, path: str) -> None:
    """Nothing is cut off, nothing too small to hit, no serious fault, and what to do next is one thing in each form."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    size = page.viewport_size
    assert not serious_faults(page), (path, size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, size)
    assert page.evaluate(CUT) == [], (path, size)
    assert page.evaluate(SMALL) == [], (path, size)
    primary = "Math.max(0, ...[...document.querySelectorAll('main section, main form')]"
    assert page.evaluate(f"{primary}.map((one) => one.querySelectorAll('.primary').length))") <= 1, path


def item(page: Page, doubt: str) -> str:
    """What the page says of this doubt."""
    return re.sub(r"\s+", " ", page.locator(f"#d{doubt}").inner_text())


def test_the_queue_in_every_state(site: Site, states: ReviewStates, chromium: Browser) -> None:
    office = Office(chromium, site)
    new, explained, looking, asked, waiting, settled, gone = states.quick(
        "Vũ Thị Mai", "Trần Văn Quý", "Đỗ Thị Nhàn", "Lê Văn Chung", "Bùi Thị Loan", "Hà Văn Thức", "Đinh Thị Sen"
    )
    pair, held, aside = states.pair(), states.held(), states.aside()
    said = {
        new.doubt: ("Câu hỏi gửi Vũ Thị Mai: “Tối", "Mới · từ", "6 phiếu"),
        states.explained(explained): ("Đang xem", "Trần Văn Quý cho biết: ghi lại từ giấy (“Ghi ở sổ tay"),
        states.looking(looking): ("Phạm Thị Thu đang xem",),
        states.asked(asked): ("Đã nhờ hỏi lại · đã hỏi lại 1/2 hộ", "nhờ hỏi lại: 2 hộ (“Hỏi giúp cụ bà”)"),
        states.waiting(waiting): (
            "Chờ kiểm tra lại",
            "Kiểm tra lại 1/",
            " hộ: khớp",
        ),  # of three, or more by lot
        pair: ("Nguyễn Văn Khiêm", "Nguyển Văn Khiêm", "nam 1961, nữ 1964, nam 1990", "Nếu là một hộ, giữ lại"),
        held: ("Lê Thị Tuyết đã ghi hoặc sửa một hộ", "lúc ấy thôn này không giao cho người gửi", "Không nhận"),
        aside: ("Tệp cứu hộ của máy của Trịnh Văn Nam", "Xem nội dung", "Đã xem, không cần làm gì thêm"),
    }
    states.settled(settled)
    states.gone(gone)
    page = office.open("/review")
    for doubt, words in said.items():
        assert [one for one in words if one not in item(page, doubt)] == []
    page = office.open("/review?state=done")
    assert "kết thúc: giữ nguyên, đã hỏi lại, không đổi" in item(page, settled.doubt)
    assert "không còn gì phải hỏi" in item(page, gone.doubt)
    assert "Hoàn tác" not in item(page, gone.doubt)
    page.locator(f"#d{settled.doubt}").get_by_role("button", name="Hoàn tác").click()
    assert "Phạm Thị Thu kết thúc" in item(page, settled.doubt)
    assert "Đặng Thị Hoa mở lại" in item(page, settled.doubt)
    page = office.open(f"/review/{aside}/content")
    expect(page.get_by_text("Nhà có hai cụ")).to_be_visible()


def test_a_back_check_in_every_state(site: Site, states: ReviewStates, chromium: Browser) -> None:
    office = Office(chromium, site)
    to_ask, refused, differs, left = states.waiting_checks()[:4]
    states.answer(differs, came="no", said="no", adults=9)
    states.leave_out(left)
    page = office.open("/review/again")
    for words in ("Khớp đến đâu", "Theo người ghi phiếu", "Khác về phía nào", "hộ đã hỏi lại", "1 hộ không hỏi được"):
        expect(page.get_by_text(words).first).to_be_visible()
    assert page.get_by_text(re.compile(r"^Thôn .+: \d+ hộ$")).count() == 11
    page = office.open(f"/review/again/{to_ask.id}")
    expect(page.get_by_text(re.compile("^1. Từ .* có ai trong tổ công nghệ số đến nhà không"))).to_be_visible()
    assert "Phiếu ghi" not in page.locator("main").inner_text()
    for page in office.pages:
        page.goto(page.url.rpartition("/")[0] + f"/{refused.id}")
        fill_in(page, adults="đông")
        expect(page.get_by_role("alert")).to_contain_text("ghi số người từ 0 đến 30")
        expect(page.get_by_label("Số người từ 18 tuổi")).to_have_attribute("aria-invalid", "true")
        look_at(page, "a refused form")
    fill_in(office.plain, adults="2")
    expect(office.plain.get_by_role("columnheader", name="Phiếu ghi")).to_be_visible()
    page = office.open(f"/review/again/{differs.id}")
    assert page.get_by_role("cell", name="khác").count() >= 2
    page = office.open(f"/review/again/{left.id}")
    expect(page.get_by_text("Chưa hỏi được: Cả nhà đi làm ở tỉnh khác")).to_be_visible()
    states.close_draw()
    page = office.open("/review/again")
    expect(page.get_by_text("Phạm Thị Thu chốt ngày")).to_be_visible()
    assert len(set(re.findall(r"\b[0-9a-f]{64}\b", page.locator("main").inner_text()))) == 2


def fill_in(page: Page, adults: str) -> None:
    """Answer every question, with so many adults, and save."""
    for question in page.locator("form .choices").all():
        question.get_by_role("radio").first.check()
    page.get_by_label("Số người từ 18 tuổi").fill(adults)
    page.get_by_role("button", name="Lưu câu trả lời").click()


def test_the_leads_phone_in_every_state(site: Site, states: ReviewStates, devices: Devices) -> None:
    new, explained, asked, waiting = states.quick("Vũ Thị Mai", "Trần Văn Quý", "Lê Văn Chung", "Bùi Thị Loan")
    states.explained(explained)
    states.asked(asked)
    states.waiting(waiting)
    page = devices.phone().sign_in(site.links["lead"])
    page.get_by_role("tab", name="Cần xem").click(timeout=START_MS)
    expect(page.get_by_text("Trần Văn Quý cho biết: ghi lại từ giấy")).to_be_attached(timeout=START_MS)
    assert page.evaluate(LOST) == []
    for doubt, words in {
        new.doubt: "Câu hỏi gửi Vũ Thị Mai: “Tối",
        explained.doubt: "Đang xem · từ",
        asked.doubt: "Đã nhờ hỏi lại · đã hỏi lại 1/2 hộ",
        waiting.doubt: "Chờ kiểm tra lại · từ",
    }.items():
        page.goto(f"http://127.0.0.1:{site.port}/app/#/review/{doubt}")
        expect(page.get_by_text(words)).to_be_attached()
        assert page.evaluate(LOST) == [], words


def test_a_member_answers_and_sees_what_families_said_since(site: Site, states: ReviewStates, devices: Devices) -> None:
    page = devices.members_phone().open_app("#/device/asked-again")
    expect(page.get_by_text("Chưa có phiếu nào của anh/chị được hỏi lại")).to_be_attached(timeout=START_MS)
    assert page.evaluate(LOST) == []
    [own] = states.quick("Vũ Thị Lan")
    states.asked_again(own)
    page.goto(f"http://127.0.0.1:{site.port}/app/#/households")
    page.get_by_role("button", name="Cập nhật").click()
    question = page.get_by_text(re.compile("^Tối .* có 6 phiếu ghi trong 6 phút"))
    expect(question).to_be_attached(timeout=START_MS)
    assert page.evaluate(LOST) == []
    page.get_by_role("button", name="Trả lời").click()
    expect(page.get_by_text("Lúc ấy thế nào?")).to_be_attached()
    assert page.evaluate(LOST) == []
    page.get_by_role("radio", name="Ghi lại từ giấy").click()
    page.get_by_role("button", name="Gửi câu trả lời").click()
    expect(question).not_to_be_attached()
    page.goto(f"http://127.0.0.1:{site.port}/app/#/review/{own.doubt}")
    expect(page.get_by_text("Vũ Thị Lan cho biết: ghi lại từ giấy")).to_be_attached()
    page.goto(f"http://127.0.0.1:{site.port}/app/#/device/asked-again")
    expect(page.get_by_text(re.compile(r"Khớp \d/\d hộ \(khoảng"))).to_be_attached()
    expect(page.get_by_text("Khác nhau chưa phải là ghi sai")).to_be_attached()
    expect(page.get_by_text("Có ai trong tổ đến nhà không? Phiếu ghi: Có. Hỏi lại: Không.")).to_be_attached()
    assert page.evaluate(LOST) == []
