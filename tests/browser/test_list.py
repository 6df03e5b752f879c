"""The list of households grows by itself while it is scrolled, and its place outlives the app."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.site import Site

pytestmark = pytest.mark.browser
KEPT_MS, DRAWN_MS = 2500, 1500


def rows_in_sight(page: Page) -> list[str]:
    """The words of the households that are drawn between the bars, the highest first."""
    rows = page.get_by_role("button", name=re.compile("Đã khảo sát|Chưa gặp|Vắng|Từ chối")).all()
    boxes = [(row.bounding_box(), row.inner_text()) for row in rows]
    return [words for _, words in sorted((box["y"], words) for box, words in boxes if box and 110 < box["y"] < 700)]


def test_far_down_the_list_has_grown_and_a_restart_leads_back(site: Site, devices: Devices) -> None:
    phone = devices.members_phone()
    page = phone.open_app()
    page.get_by_role("checkbox", name="Tất cả").click()
    expect(page.get_by_role("button", name=re.compile("Đã khảo sát")).first).to_be_visible()
    top = rows_in_sight(page)
    page.mouse.move(195, 600)
    for _ in range(12):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(400)
    expect(page.get_by_role("heading", name="Xóm Bãi")).to_have_count(1)  # the bar over the list is not said again
    expect(page.get_by_role("button", name="Xem thêm")).to_have_count(0)
    page.wait_for_timeout(KEPT_MS)
    far = rows_in_sight(page)
    assert far
    assert far[0] not in top
    phone.close()

    page = phone.open_app()
    expect(page.get_by_role("checkbox", name="Tất cả")).to_be_checked()
    page.wait_for_timeout(DRAWN_MS)
    assert rows_in_sight(page) == far
