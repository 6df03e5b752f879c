"""A rescue file between real browsers: sealed by WebCrypto on a phone without a server, handed in at the office."""

import json
import re
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.site import Site
from tests.browser.test_story import fill_visit, open_first_unvisited, surveyed_of
from tests.browser.visits import save_visit

pytestmark = pytest.mark.browser


def open_device_screen(page: Page) -> None:
    page.get_by_role("tab", name="Máy này").click()
    expect(page.get_by_role("heading", name="Máy này")).to_be_attached()


def export(page: Page, folder: Path) -> Path:
    """Tap until the browser has kept the file; where it lies."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Xuất tệp cứu hộ").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_a_visit_leaves_a_phone_without_a_network_as_a_file(site: Site, devices: Devices, tmp_path: Path) -> None:
    phone = devices.members_phone()
    page = phone.open_app()
    expect(page.get_by_text("Thôn Đinh Xá")).to_be_attached()
    expect(page.get_by_role("progressbar", name=re.compile(r"Đã gặp \d+ trên \d{2,} hộ"))).to_be_attached()
    assert page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    site.stop()
    name = open_first_unvisited(page, "nguyen")
    page.get_by_role("button", name="Bắt đầu khảo sát").click()
    fill_visit(page)
    save_visit(page)
    expect(page.get_by_text("Đã khảo sát · chờ gửi")).to_be_attached()
    page.get_by_role("button", name="Quay lại").click()

    open_device_screen(page)
    expect(page.get_by_role("button", name="Nộp tệp cứu hộ")).not_to_be_attached()
    file = export(page, tmp_path)
    expect(page.get_by_text("Đã tạo tệp tung-nha-cuu-ho-")).to_be_attached()
    expect(page.get_by_text("Trên máy, chờ gửi: 1")).to_be_attached()
    phone.close()

    assert file.name.startswith("tung-nha-cuu-ho-")
    assert file.suffix == ".tungnha"
    sealed = file.read_bytes()
    assert name.encode() not in sealed
    head = json.loads(urlsafe_b64decode(sealed.split(b".")[0] + b"=="))
    assert (head["alg"], head["enc"]) == ("ECDH-ES", "A256GCM")

    # At the office it is opened and counted.
    site.start()
    office = devices.office()
    table = office.look(site.links["official"])
    table.get_by_role("button", name="Đúng là tôi").click()
    before = surveyed_of(table)
    table.get_by_role("link", name="Tệp cứu hộ").click()
    for said in ("Ghi nhận mới: 1.", "Đã có từ trước: 1."):
        table.get_by_label("Tệp .tungnha").set_input_files(file)
        table.get_by_role("button", name="Nộp tệp").click()
        expect(table.get_by_role("status")).to_contain_text(said)
    damaged = tmp_path / "hong.tungnha"
    damaged.write_bytes(sealed[:-50])
    table.get_by_label("Tệp .tungnha").set_input_files(damaged)
    table.get_by_role("button", name="Nộp tệp").click()
    expect(table.get_by_role("alert")).to_contain_text("Không mở được tệp cứu hộ này")

    # The phone recovers: the server has it already, and counts it once.
    page = phone.open_app()
    expect(page.get_by_text("Máy chủ đã xác nhận 1 phiếu")).to_be_attached(timeout=90_000)
    table.get_by_role("link", name="Tổng hợp").click()
    assert surveyed_of(table) == before + 1
