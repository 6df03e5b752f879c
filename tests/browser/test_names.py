"""Names that a screen reader says lie where their control is drawn, also after a long list has become short."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices, type_into
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_what_is_tapped_by_its_name_answers_after_a_scrolled_list_became_short(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    expect(page.get_by_role("progressbar", name="Đã gặp 185 trên")).to_be_attached()
    type_into(page, "Tìm chủ hộ", "xuan")
    page.mouse.move(195, 600)
    page.mouse.wheel(0, 150)  # the field goes up, and stays in sight
    page.wait_for_timeout(500)
    page.get_by_label("Tìm chủ hộ").press_sequentially(" khanh", delay=60)
    row = page.get_by_role("button", name="Nguyễn Xuân Khánh").first
    expect(row).to_be_attached()
    page.wait_for_timeout(500)
    middle = row.bounding_box()
    assert middle is not None
    page.mouse.click(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    expect(page.get_by_role("heading", name="Nguyễn Xuân Khánh")).to_be_attached()
