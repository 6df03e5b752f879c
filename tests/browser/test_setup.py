"""Setting up on the pages in a real browser: a village added, named anew and taken out; a stricter set tried."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import Site
from tests.browser.test_office import SIZES, chromium, sign_in_typed  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_a_commune_is_set_up_and_a_stricter_set_is_tried(site: Site, chromium: Browser) -> None:  # noqa: F811
    page = chromium.new_page(viewport=SIZES[0])  # type: ignore[arg-type]
    sign_in_typed(page, site)
    page.get_by_role("link", name="Thiết lập", exact=True).click()
    expect(page.get_by_role("navigation", name="Các bước").get_by_text("11 thôn")).to_be_visible()
    page.get_by_label("Thêm thôn, mỗi dòng một thôn").fill("Thôn Thử Nghiệm\nThôn Đinh Xá")
    page.get_by_role("button", name="Thêm các thôn này").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thêm thôn")
    page.get_by_label("Tên thôn Thử Nghiệm").fill("Thử Lại")
    page.get_by_role("row").filter(has=page.get_by_label("Tên thôn Thử Nghiệm")).get_by_role(
        "button", name="Đổi tên"
    ).click()
    page.get_by_role("button", name="Xóa thôn Thử Lại").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xóa thôn")
    page.get_by_role("button", name="Xóa thôn Đinh Xá").click()
    expect(page.get_by_role("alert")).to_contain_text("Thôn này đang được dùng")

    page.get_by_role("link", name="Xem, chọn bộ khác hoặc đổi ngưỡng").click()
    page.get_by_label("Ngưỡng mục 1", exact=True).fill("94,5")
    page.get_by_role("button", name="Xem ảnh hưởng trước khi dùng").click()
    effect = page.get_by_role("status")
    expect(effect).to_contain_text("thôn sẽ không còn đạt, vì:")
    expect(effect).to_contain_text("xã điều chỉnh")
    page.get_by_role("link", name="Giữ bộ đang dùng").click()
    page.get_by_role("link", name="Tổng hợp").click()
    expect(page.get_by_role("heading", name="8 trên 11 thôn đạt")).to_be_visible()
