"""Report day in a real browser, by keyboard alone: from the table to the files that are handed in."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.site import Site
from tests.browser.test_office import SIZES, chromium, look_at, sign_in_typed  # noqa: F401

pytestmark = pytest.mark.browser
MOST_TABS = 120


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => { const e = document.activeElement;
            return [e.getAttribute('aria-label'), e.innerText, e.labels?.[0]?.innerText].filter(Boolean).join(' ') }"""
        )
        if name in said:
            return
    raise AssertionError(f"{name!r} is not reached by Tab")


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def test_a_report_is_signed_and_taken_away_by_keyboard(site: Site, chromium: Browser, tmp_path: Path) -> None:  # noqa: F811
    context = chromium.new_context(viewport=SIZES[0])  # type: ignore[arg-type]
    page = context.new_page()
    sign_in_typed(page, site)
    press(page, "Báo cáo")
    expect(page.get_by_role("heading", name="Mở kỳ báo cáo")).to_be_visible()
    press(page, "Quý")
    expect(page.get_by_role("heading", name="Trước khi chốt")).to_be_visible()
    period = page.url.partition("/office")[2]
    tab_to(page, "Họ và tên người ký")
    page.keyboard.type("Nguyễn Thị Hạnh")
    press(page, "Ghi nháp")
    expect(page.get_by_text("Đã ghi nháp")).to_be_visible()
    tab_to(page, "Tôi đã xem các điều còn mở")
    page.keyboard.press("Space")
    press(page, "Chốt báo cáo")
    expect(page.get_by_role("heading", name=re.compile("Báo cáo lần 1"))).to_be_visible()
    report = page.url.partition("/office")[2].partition("?")[0]
    for name, ending in (("Văn bản Word", "docx"), ("PDF", "pdf")):
        with page.expect_download() as download:
            press(page, name)
        file = tmp_path / f"report.{ending}"
        download.value.save_as(file)
        assert download.value.suggested_filename.endswith(f"xã Nguyệt Đức – quý IV năm 2026.{ending}")
    words = " ".join(one.extract_text() for one in PdfReader(tmp_path / "report.pdf").pages)
    assert "8 trên 11 thôn đạt" in words
    page.get_by_role("link", name="Báo cáo", exact=True).click()
    page.get_by_role("button", name="Mở, công bố cả thôn nào đạt").click()
    expect(page.get_by_text("Đã mở trang công khai")).to_be_visible()
    pages = (period, report, "/public/09052", "/overview?compare=1", "/reports/trend")
    look_at(chromium, site, context.cookies(), pages)
    phone = chromium.new_page(viewport={"width": 390, "height": 844})
    phone.goto(f"http://127.0.0.1:{site.port}/office/public/09052")
    expect(phone.get_by_role("heading", name="8 trên 11 thôn đạt")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
