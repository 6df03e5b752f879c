"""Cards in a real browser: printed by the lead, and opened by a link at a door without a network."""

import re
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
import qrcode
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from survey.card_code import grouped, make_code
from tests.browser.conftest import Devices, bring_up_to_date, turn_on_names, type_into
from tests.browser.site import Site
from tests.browser.visits import settled_name

pytestmark = pytest.mark.browser
FORGET_READER = """async () => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) if (url.includes('/app/scan-')) await cache.delete(url);
  }
}"""


def read_sheet(pdf: bytes) -> list[str]:
    """The links on the first page, as a decoder reads them."""
    picture: Image.Image = PdfDocument(pdf)[0].render(scale=200 / 72).to_pil()
    return [one.text for one in zxingcpp.read_barcodes(picture)]


def read_screen(page: Page) -> str:
    """The text of the QR symbol that the screen shows."""
    page.wait_for_timeout(1000)
    [found] = zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot())))
    return found.text


def type_code(page: Page, code: str) -> None:
    page.get_by_role("button", name="Tìm bằng thẻ").click()
    type_into(page, "Mã trên thẻ", code)
    page.get_by_role("button", name="Tìm hộ có thẻ này").click()


def test_cards_from_the_printer_to_the_door(site: Site, devices: Devices) -> None:
    lead = devices.phone()
    page = lead.sign_in(site.links["lead"])
    page.get_by_role("button", name="Tìm bằng thẻ").click()
    page.get_by_role("button", name="In thẻ cho thôn").click()
    page.get_by_role("button", name="Thêm 20 thẻ trống").click()
    expect(page.get_by_text("Đã tạo 20 thẻ, số 1 đến 20.")).to_be_attached()
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu tệp PDF để in").click()
    links = read_sheet(download.value.path().read_bytes())
    assert len(links) == 10
    assert all(link.startswith(f"http://127.0.0.1:{site.port}/app/#/c/") for link in links)
    lead.close()

    # A member's phone has the cards; at a door without a network the card is scanned, and a new household made.
    phone = devices.members_phone()
    page = phone.open_app()
    expect(page.get_by_text("Thôn Đinh Xá")).to_be_attached()
    expect(page.get_by_role("progressbar", name=re.compile(r"Đã gặp \d+ trên \d{2,} hộ"))).to_be_attached()
    assert page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    bring_up_to_date(page)
    phone.close()
    site.stop()
    page = phone.open(links[0])
    expect(page.get_by_text("Thẻ này chưa gắn với hộ nào.")).to_be_attached()
    page.get_by_role("button", name="Hộ mới, chưa có trong danh sách").click()
    type_into(page, "Họ tên chủ hộ", "Nguyen Van Cuong")
    page.get_by_role("button", name="Lưu hộ này").click()
    expect(page.get_by_role("button", name="Bắt đầu khảo sát")).to_be_attached()
    phone.close()

    # The next scan opens the household at once; a list's household gets the next card.
    page = phone.open(links[0])
    expect(page.get_by_role("heading", name="Nguyen Van Cuong")).to_be_attached()
    page.get_by_role("button", name="Quay lại").click()
    type_code(page, links[1].rpartition("/")[2].lower())
    type_into(page, "Tìm chủ hộ", "nguyen")
    row = page.get_by_role("button", name=re.compile("Nguyễn")).first
    settled_name(page, row)
    row.click()
    expect(page.get_by_role("heading", name=re.compile("Nguyễn"))).to_be_attached()
    page.get_by_role("button", name="Quay lại").click()

    type_code(page, grouped(make_code(bytes(10))))
    expect(page.get_by_text("Máy này chưa biết thẻ này.")).to_be_attached()
    page.get_by_role("button", name="Quét hoặc gõ thẻ khác").click()
    type_into(page, "Mã trên thẻ", "7Q4M")
    page.get_by_role("button", name="Tìm hộ có thẻ này").click()
    expect(page.get_by_text("Mã có 16 ký tự, ở đây có 4")).to_be_attached()


def film(folder: Path, link: str) -> Path:
    """What a camera in front of a card sees: the symbol on a grey wall, as raw video for the browser's camera."""
    wall = Image.new("L", (640, 480), 150)
    symbol = qrcode.make(link, error_correction=qrcode.constants.ERROR_CORRECT_H).get_image().convert("L")
    wall.paste(symbol.resize((300, 300)).rotate(8, fillcolor=150), (170, 90))
    target = folder / "card.y4m"
    colourless = bytes([128]) * (320 * 240 * 2)
    target.write_bytes(b"YUV4MPEG2 W640 H480 F10:1\n" + (b"FRAME\n" + wall.tobytes() + colourless) * 10)
    return target


def test_a_card_is_scanned_inside_the_app_without_a_network(site: Site, devices: Devices, tmp_path: Path) -> None:
    lead = devices.phone()
    page = lead.sign_in(site.links["lead"])
    page.get_by_role("button", name="Tìm bằng thẻ").click()
    page.get_by_role("button", name="In thẻ cho thôn").click()
    page.get_by_role("button", name="Thêm 20 thẻ trống").click()
    expect(page.get_by_text("Đã tạo 20 thẻ")).to_be_attached()
    expect(page.get_by_text("còn 20 thẻ chưa gắn")).to_be_attached()
    with closing(sqlite3.connect(site.data / "server.db")) as database:
        [code] = database.execute("SELECT code FROM card WHERE serial = 3").fetchone()
    lead.close()
    site.stop()
    seen = film(tmp_path, f"https://xa.example.vn/app/#/c/{code}")
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    lead.more = (*camera, f"--use-file-for-fake-video-capture={seen}")
    page = lead.open_app("#/cards")
    page.get_by_role("button", name="Quét thẻ bằng máy ảnh").click()
    expect(page.get_by_text("Thẻ số 3 của thôn Đinh Xá")).to_be_attached()
    expect(page.locator("#scanner")).not_to_be_attached()

    # A photo from the gallery is read too; a foreign code is named and not opened.
    lead.close()
    foreign = film(tmp_path, "https://khac.example.vn/qua-tang")
    page = lead.open_app("#/cards")
    page.get_by_role("button", name="Quét thẻ bằng máy ảnh").click()
    expect(page.get_by_text("Đây không phải thẻ của Từng Nhà (khac.example.vn)")).to_be_visible()
    assert foreign.exists()
    photo = tmp_path / "card.png"
    wall = Image.new("L", (4000, 3000), 255)  # the card is small in it: it is read at the second look, at full size
    wall.paste(
        qrcode.make(f"https://xa.example.vn/app/#/c/{code}").get_image().convert("L").resize((110, 110)), (2900, 1800)
    )
    wall.save(photo)
    page.locator("#scanner input").set_input_files(photo)
    expect(page.get_by_text("Thẻ số 3 của thôn Đinh Xá")).to_be_attached()
    assert lead.foreign == []

    # A browser that dropped the reader's file says so at once, instead of a camera that never reads.
    page.evaluate(FORGET_READER)
    lead.close()
    page = lead.open_app("#/cards")
    page.get_by_role("button", name="Quét thẻ bằng máy ảnh").click()
    expect(page.get_by_text("Chưa đọc được mã trên máy này.")).to_be_visible()
    expect(page.get_by_text("Chọn ảnh có sẵn")).to_be_hidden()
    page.get_by_role("button", name="Đóng").click()
    expect(page.get_by_label("Mã trên thẻ")).to_be_visible()


def test_a_stranger_who_scans_a_card_sees_what_it_is_and_downloads_nothing(site: Site, devices: Devices) -> None:
    stranger = devices.new_phone()
    asked: list[str] = []
    page = stranger.look("about:blank")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://127.0.0.1:{site.port}/app/#/c/{make_code(bytes(10))}")
    expect(page.get_by_role("heading", name="Đây là thẻ hộ của Tổ công nghệ số cộng đồng")).to_be_visible()
    page.wait_for_timeout(1000)
    assert not [url for url in asked if ".wasm" in url or ".pack" in url]
    page.get_by_role("button", name="Tôi ở trong tổ").click()
    turn_on_names(page)
    expect(page.get_by_role("button", name="Tôi ở trong tổ: ghi danh máy này")).to_be_attached()


def test_a_lead_invites_somebody_who_scans_the_screen_and_is_in(site: Site, devices: Devices) -> None:
    lead = devices.phone()
    screen = lead.sign_in(site.links["lead"])
    expect(screen.get_by_role("button", name="Tìm bằng thẻ")).to_be_attached()
    screen.wait_for_timeout(1500)
    screen.goto(f"http://127.0.0.1:{site.port}/app/#/device")
    screen.get_by_role("button", name="Tổ của thôn").click()
    screen.get_by_role("button", name="Mời người vào tổ").click()
    type_into(screen, "Họ và tên tổ viên", "Le Van Tu")
    screen.get_by_role("button", name="Tạo mã mời").click()
    expect(screen.get_by_text("Mã của Le Van Tu")).to_be_attached()
    link = read_screen(screen)

    phone = devices.phone()
    page = phone.open(link)
    expect(page.get_by_text("Chào Le Van Tu!")).to_be_attached()
    page.reload()
    turn_on_names(page)
    page.get_by_role("button", name="Đúng là tôi").click()
    expect(page.get_by_text("Thôn Đinh Xá")).to_be_attached()
    expect(screen.get_by_text("Le Van Tu đã vào tổ.")).to_be_attached()
