"""The office's pages in a real browser: both sizes, light and dark, without scripts, by keyboard, on paper."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from pypdfium2 import PdfDocument

from tests.browser.axe import serious_faults
from tests.browser.installed import ARGUMENTS, find_chromium
from tests.browser.site import Site
from tests.pace import LONG

pytestmark = pytest.mark.browser
SIZES = ({"width": 1366, "height": 768}, {"width": 911, "height": 512})
PAGES = (
    "/overview",
    "/households",
    "/differences",
    "/review",
    "/review/again",
    "/people",
    "/people/invite",
    "/cards",
    "/rescue",
    "/attested",
    "/reports",
    "/reports/trend",
    "/check",
    "/registers",
    "/audit",
    "/setup",
    "/setup/criteria",
)


@pytest.fixture
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


def code_of(site: Site) -> str:
    return site.links["official"].rpartition("/")[2]


def sign_in_typed(page: Page, site: Site, code: str = "") -> None:
    page.goto(f"http://127.0.0.1:{site.port}/office/")
    page.get_by_label("Mã đăng nhập").fill(code or code_of(site))
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Đúng là tôi").click()
    expect(page.get_by_role("heading", name="có thôn đạt" if code else "8 trên 11 thôn đạt")).to_be_visible()


def test_every_page_without_scripts_light_and_dark_at_both_sizes(site: Site, chromium: Browser) -> None:
    plain = chromium.new_context(java_script_enabled=False, viewport=SIZES[0])  # type: ignore[arg-type]
    page = plain.new_page()
    sign_in_typed(page, site)
    for village in ("Yên Phú", "Đinh Xá"):
        page.get_by_role("link", name=village).click()
        expect(page.get_by_role("heading", name=re.compile(f"Thôn {village}"))).to_be_visible()
        inside = page.url.partition("/office")[2]
        page.go_back()
    kept = plain.cookies()
    plain.close()
    look_at(chromium, site, kept, (*PAGES, inside, f"{inside}/doors/2"))


def test_the_pages_of_a_province(site: Site, chromium: Browser) -> None:
    link = site.run("invite", "--commune", "25", "--role", "province", "--name", "Ngô Thị Thu").split()[0]
    site.run("province", "plan", "25", "--year", "2026", "--planned", "40")
    thu = chromium.new_context(java_script_enabled=False)
    page = thu.new_page()
    sign_in_typed(page, site, link.rpartition("/")[2])
    expect(page.get_by_role("heading", name="1 trên 148 xã có thôn đạt")).to_be_visible()
    expect(page.get_by_text("Còn thiếu 39 xã")).to_be_visible()
    page.get_by_role("link", name="Xã Nguyệt Đức").click()
    expect(page.get_by_role("heading", name="Xã Nguyệt Đức: 8 trên 11 thôn đạt")).to_be_visible()
    look_at(chromium, site, thu.cookies(), ("/province", "/province/09052"))
    thu.close()


def look_at(chromium: Browser, site: Site, cookies: Any, pages: Iterable[str]) -> None:
    """Open each page light and dark, at both sizes: no serious fault, nothing cut off."""
    for scheme, sizes in (("light", SIZES if LONG else SIZES[:1]), ("dark", SIZES if LONG else SIZES[1:])):
        for size in sizes:
            looking = chromium.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
            looking.add_cookies(cookies)
            page = looking.new_page()
            for path in pages:
                answer = page.goto(f"http://127.0.0.1:{site.port}/office{path}")
                assert answer is not None
                assert answer.status == 200, path
                assert not serious_faults(page), (path, scheme, size)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is cut off"
            looking.close()


def test_the_first_page_is_small_and_all_villages_are_seen_at_once(site: Site, chromium: Browser) -> None:
    page = chromium.new_page(viewport=SIZES[0])  # type: ignore[arg-type]
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(max(0, answer.request.sizes()["responseBodySize"])))
    sign_in_typed(page, site)
    assert sum(sizes) < 60_000
    sizes.clear()
    page.get_by_role("link", name="Đinh Xá").click()
    expect(page.get_by_role("heading", name="Từng tiêu chí")).to_be_visible()
    assert sum(sizes) < 30_000
    page.go_back()
    rows = page.locator("#villages tbody tr")
    expect(rows).to_have_count(11)
    expect(rows.last).to_be_in_viewport(ratio=1)  # all criteria and all villages, without scrolling
    page.evaluate("document.querySelector('.scroll').scrollTo(400, 300)")
    expect(page.get_by_role("columnheader", name="Thôn", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("rowheader", name="Đinh Xá")).to_be_in_viewport()


def test_the_table_is_copied_as_figures_and_printed_whole(site: Site, chromium: Browser) -> None:
    page = chromium.new_page(viewport=SIZES[0])  # type: ignore[arg-type]
    sign_in_typed(page, site)
    page.evaluate(
        """() => {
            const set = DataTransfer.prototype.setData;
            DataTransfer.prototype.setData = function (type, text) {
                (window.put ??= {})[type] = text;
                set.call(this, type, text);
            };
        }"""
    )
    page.get_by_role("button", name="Chép bảng").click()
    expect(page.get_by_role("button", name="Đã chép: dán vào Excel")).to_be_visible()
    put = page.evaluate("window.put")
    rows = list(csv.reader(io.StringIO(put["text/plain"]), delimiter="\t"))
    assert len(rows) == 13
    [row] = [row for row in rows if row[0] == "Đinh Xá"]
    assert (row[2], row[3]) == ("182", "212")
    assert re.fullmatch(r"\d+,\d%", row[4])
    assert not re.search(r"\d/\d", put["text/plain"].partition("\n")[2]), "Excel makes a date of 8/11"
    assert 'x:num="182"' in put["text/html"]
    paper = PdfDocument(page.pdf(prefer_css_page_size=True))
    words = " ".join(sheet.get_textpage().get_text_range() for sheet in paper)
    width, height = paper[0].get_size()
    assert width > height, "across"
    villages = page.locator("#villages tbody th").all_inner_texts()
    assert len(villages) == 11
    assert all(name in words for name in villages)
    assert all(f"{number}." in words for number in range(1, 11))


def test_by_keyboard_alone(site: Site, chromium: Browser) -> None:
    page = chromium.new_page(viewport=SIZES[0])  # type: ignore[arg-type]
    page.goto(f"http://127.0.0.1:{site.port}/office/")
    page.keyboard.type(code_of(site))  # the field has the focus
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Chào")).to_be_visible()
    press_until(page, "Đúng là tôi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="8 trên 11 thôn đạt")).to_be_visible()
    press_until(page, "Đông Nguyệt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Từng tiêu chí")).to_be_visible()
    press_until(page, "Những hộ cần đến")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("hộ cần đến"))).to_be_visible()
    press_until(page, "Đăng xuất")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Mã đăng nhập")).to_be_visible()


def press_until(page: Page, words: str) -> None:
    """Press Tab until the control with these words has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.closest('a, button')?.innerText ?? ''"):
            return
    raise AssertionError(f"“{words}” is not reached by Tab")
