"""Sheets for tests: drawn, put on (pretended) paper, and read back."""

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from random import Random
from typing import Any

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

from survey.card_code import make_code
from sync_server.cards.formats import FORMATS
from sync_server.cards.sheet import PrintedCard, Sheet, draw_notice, draw_sheets

SERVER = "https://tungnha.example.vn"


def a_code(number: int) -> str:
    """A code: the same for the same number."""
    return make_code(Random(number).randbytes(10))


def some_cards(count: int, house: str = "") -> list[PrintedCard]:
    """Cards with the numbers from 1, each with a house's address if one is given."""
    return [PrintedCard(number, a_code(number), house and f"{house} {number}") for number in range(1, count + 1)]


def a_sheet(format_name: str = "a4-2x5", **changes: Any) -> Sheet:
    """A plain order; a test names only what it is about."""
    usual = {"public_url": SERVER, "village": "thôn Đinh Xá", "commune": "xã Nguyệt Đức"}
    return Sheet(format=FORMATS[format_name], **(usual | changes))


def drawn(cards: list[PrintedCard], sheet: Sheet) -> bytes:
    """The PDF of the cards; of the notice, which has none."""
    out = BytesIO()
    if sheet.format.face == "notice":
        draw_notice(out, sheet)
    else:
        draw_sheets(out, cards, sheet)
    return out.getvalue()


def printed(pdf: bytes, dpi: int) -> Iterator[Image.Image]:
    """Its pages in shades of grey."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        for page in document:
            yield page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")


def texts(pdf: bytes) -> list[str]:
    """What a reader gets as text, page by page, with single spaces."""
    with closing(pdfium.PdfDocument(pdf)) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def scanned(page: Image.Image) -> list[str]:
    """What stands in the symbols of a page, row by row."""
    found = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
    height = page.height / 100
    return [
        one.text for one in sorted(found, key=lambda one: (one.position.top_left.y // height, one.position.top_left.x))
    ]


def cut_out(page: Image.Image, dpi: int, left: float, top: float, width: float, height: float) -> Image.Image:
    """A piece of a page, in mm."""
    return page.crop(tuple(round(value / 25.4 * dpi) for value in (left, top, left + width, top + height)))


def is_white(piece: Image.Image) -> bool:
    """Whether nothing is on a piece of a page."""
    return piece.point(lambda shade: 255 * (shade < 128)).getbbox() is None


def ink(piece: Image.Image, dpi: int) -> list[float]:
    """Where the outermost dark of a piece that is not white is, in mm: left, top, right, bottom."""
    box = piece.point(lambda shade: 255 * (shade < 128)).getbbox()
    assert box
    return [edge / dpi * 25.4 for edge in box]
