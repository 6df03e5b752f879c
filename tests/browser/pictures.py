"""Takes the pictures of README and the guides from the running demo: `python -m tests.browser.pictures [office]`."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from sync_server.demo.plan import COMMUNE
from tests.browser.conftest import Device, type_into
from tests.browser.site import ROOT, Site
from tests.browser.visits import choose, choose_birth_year, list_family

INVITE = ("invite", "--commune", COMMUNE, "--role", "member", "--name")
SHORT_OF_PASSING = "Đông Nguyệt"
PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    """All pictures, or with the word "office" those of the office alone."""
    only_office = "office" in sys.argv
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as driver:
        site = Site(Path(folder) / "server")
        site.start()
        try:
            elsewhere = site.run(*INVITE, "Ngô Thị Thu", "--village", SHORT_OF_PASSING).split()[0]
            for place, (link, shoot) in enumerate(
                (
                    (site.links["member"], shoot_phone),
                    (elsewhere, shoot_doors),
                    (site.links["official"], shoot_office),
                )
            ):
                is_phone = shoot is not shoot_office
                if is_phone and only_office:
                    continue
                device = Device(driver, Path(folder) / f"profile-{place}", site, phone=is_phone)
                page = device.sign_in(link) if is_phone else device.look(link)
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
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("button", name="Quay lại").click()
    page.get_by_role("button", name="Xóa chữ tìm").click()
    page.get_by_role("checkbox", name="Đã xong").click()
    page.get_by_role("button", name="Đã khảo sát").nth(2).click()
    page.get_by_role("button", name="Khảo sát lại").click()
    page.get_by_role("button", name="Gia đình đồng ý").click()
    page.get_by_role("button", name="Không đổi", exact=True).wait_for()
    shot("phone-last-time")
    page.get_by_role("button", name="Internet").click()
    page.wait_for_timeout(1500)
    scroll(page, 3000)
    page.get_by_role("button", name="Giúp ngay được").click()
    scroll(page, 500)
    shot("phone-help")


def shoot_doors(page: Page, shot: Callable[[str], None]) -> None:
    page.get_by_role("tab", name="Kết quả").click()
    page.get_by_role("button", name="Xem các nhà cần đến").first.click()
    page.get_by_role("button", name="Đi các nhà này trước").wait_for()
    shot("phone-doors")


def scroll(page: Page, by: int) -> None:
    page.mouse.move(195, 400)
    page.mouse.wheel(0, by)
    page.wait_for_timeout(500)


def shoot_office(page: Page, shot: Callable[[str], None]) -> None:
    page.get_by_role("button", name="Đúng là tôi").click()
    page.get_by_role("heading", name="trên 11 thôn đạt").wait_for()
    shot("office-commune")
    page.get_by_role("link", name="Đông Nguyệt").click()
    page.get_by_role("heading", name="Từng tiêu chí").wait_for()
    shot("office-village")
    page.goto(page.url.partition("/office")[0] + "/office/attested")
    shot("office-attested")
    page.get_by_role("link", name="Báo cáo", exact=True).click()
    page.get_by_role("button", name="Quý").click()
    page.get_by_label("Họ và tên người ký").fill("Nguyễn Thị Hạnh")
    page.get_by_role("button", name="Ghi nháp").click()
    shot("office-period")
    page.get_by_label("Tôi đã xem các điều còn mở").check()
    page.get_by_role("button", name="Chốt báo cáo").click()
    page.get_by_role("heading", name="Khác hiện nay").wait_for()
    shot("office-report")
    with page.expect_download() as picture:
        page.get_by_role("link", name="Tải hình kết quả").click()
    picture.value.save_as(PICTURES / "office-picture.png")


if __name__ == "__main__":
    main()
