"""A household list in a real browser: chosen, looked at without anything cut off, imported, taken back."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, expect

from tests.browser.axe import serious_faults
from tests.browser.site import Site
from tests.browser.test_office import SIZES, chromium, sign_in_typed  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def messy() -> bytes:
    """Two sheets with a title, a wrong cell, a total, and a village that is spelled otherwise."""
    book = Workbook()
    first, second = book.worksheets[0], book.create_sheet("Thôn Dinh Sa")
    first.title = "Thôn Yên Phú"
    for row in (
        ("UBND XÃ NGUYỆT ĐỨC",),
        ("STT", "Họ và tên chủ hộ", "Địa chỉ", "SĐT"),
        (1, "Vũ Thị Hoàn Toàn", "Xóm Mới", 912345678),
        (2, "#N/A", "Xóm Mới", None),
        ("", "TỔNG CỘNG", 2, None),
    ):
        first.append(row)
    for row in (("STT", "Chủ hộ", "Địa chỉ"), (1, "Đặng Văn Lạ Lùng", "Ngõ Đình")):
        second.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_list_is_looked_at_imported_and_taken_back(site: Site, chromium: Browser, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "Danh sách 2026.xlsx").write_bytes(messy())
    page = chromium.new_page(viewport=SIZES[0])  # type: ignore[arg-type]
    sign_in_typed(page, site)
    page.get_by_role("link", name="Danh sách").click()
    page.get_by_label("Tệp danh sách").set_input_files(tmp_path / "Danh sách 2026.xlsx")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Xem trước: Danh sách 2026.xlsx")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("4 dòng: 2 thêm mới")
    expect(page.get_by_role("cell", name="Ô tên báo lỗi #N/A. Dòng này chưa nhập.")).to_be_visible()
    page.get_by_label("“Thôn Dinh Sa”").select_option("thôn Đinh Xá")
    page.get_by_role("button", name="Xem lại theo lựa chọn").click()
    expect(page.get_by_role("heading", name="Thôn chưa có trong xã")).to_have_count(0)
    for size in SIZES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Nhập 2 hộ").click()
    expect(page.get_by_role("status")).to_contain_text("2 thêm mới")
    with page.expect_download() as brought:
        page.get_by_role("link", name="Tải các dòng chưa nhập để sửa").click()
    assert brought.value.suggested_filename == "chua-nhap.xlsx"
    page.get_by_role("button", name="Hoàn tác lần nhập này").click()
    expect(page.get_by_text("Đã hoàn tác lần nhập này: 2 dòng thêm mới được bỏ ra")).to_be_visible()


def test_the_pages_of_lists_have_no_serious_fault(site: Site, chromium: Browser, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "ho.xlsx").write_bytes(messy())
    first = chromium.new_context()
    sign_in_typed(first.new_page(), site)
    for scheme in ("light", "dark"):
        looking = chromium.new_context(viewport=SIZES[1], color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
        looking.add_cookies(first.cookies())  # type: ignore[arg-type]
        page = looking.new_page()
        page.goto(f"http://127.0.0.1:{site.port}/office/lists")
        assert not serious_faults(page)
        page.get_by_label("Tệp danh sách").set_input_files(tmp_path / "ho.xlsx")
        page.get_by_role("button", name="Xem trước").click()
        expect(page.get_by_role("heading", name="Xem trước: ho.xlsx")).to_be_visible()
        assert not serious_faults(page)
        looking.close()
    first.close()
