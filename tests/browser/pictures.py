"""Takes the pictures of README and the guides from the running demo: `python -m tests.browser.pictures`."""

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import Device, type_into
from tests.browser.site import ROOT, Site
from tests.browser.visits import choose, choose_birth_year, list_family

PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        site = Site(Path(folder) / "server")
        site.start()
        try:
            for phone, shoot in ((True, shoot_phone), (False, shoot_office)):
                device = Device(driver, Path(folder) / f"profile-{phone}", site, phone=phone)
                page = device.sign_in(site.links["member"]) if phone else device.look(site.links["official"])
                shoot(page, lambda name, page=page: take(page, name))
                device.close()
        finally:
            site.stop()


def take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(1500)
    page.screenshot(path=PICTURES / f"{name}.png")


def shoot_phone(page: Page, shot: Callable[[str], None]) -> None:
    page.get_by_role("progressbar", name=re.compile(r"Đã gặp \d+ trên \d{2,} hộ")).wait_for(state="attached")
    shot("phone-list")
    page.get_by_role("checkbox", name="Chưa xong").click()
    type_into(page, "Tìm chủ hộ", "duc")
    shot("phone-search")
    page.get_by_role("button", name="Chưa gặp").first.click()
    page.get_by_role("button", name="Bắt đầu khảo sát").click()
    shot("phone-consent")
    page.get_by_role("button", name="Gia đình đồng ý").click()
    list_family(page, "Chủ hộ", "Vợ", "Con trai")
    choose_birth_year(page, 1985)
    for question, answer in (("Nam hay nữ?", "Nam"), ("Có dùng điện thoại thông minh không?", "Có")):
        choose(page, question, answer)
    shot("phone-people")


def shoot_office(page: Page, shot: Callable[[str], None]) -> None:
    page.get_by_role("button", name="Đúng là tôi").click()
    page.get_by_role("heading", name="trên 11 thôn đạt").wait_for()
    shot("office-commune")
    page.get_by_role("link", name="Đông Nguyệt").click()
    page.get_by_role("heading", name="Từng tiêu chí").wait_for()
    shot("office-village")


if __name__ == "__main__":
    main()
