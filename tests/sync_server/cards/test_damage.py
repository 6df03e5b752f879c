"""Cards hang on doors for years: what dirt, scratches, faded ink and poor cameras leave is still read.

The floors are those that were measured for level H: all cards where a blot spares the three finder corners, four of
five where it may hit one; the typed code is for the others.
"""

from collections.abc import Callable
from math import pi, sqrt
from random import Random

import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from sync_server.cards.symbols import CARD_PATH, Symbols, card_link
from tests.pace import examples
from tests.sync_server.cards.paper import SERVER, a_sheet, cut_out, drawn, printed, some_cards

DPI, SIDE, AT = 300, 30.0, 4.5
CARDS = some_cards(examples(60))
WHITE = 4 * SIDE / Symbols(SERVER + CARD_PATH).side
PIXEL = DPI / 25.4
MODULE = WHITE / 4 * PIXEL
FINDER = 8 * MODULE
_grain = Random(1)
GRAIN = Image.frombytes("L", (600, 600), bytes(round(_grain.gauss(128, 6)) for _ in range(360_000)))
Change = Callable[[Image.Image, Random], Image.Image]


@pytest.fixture(scope="module")
def symbols() -> list[Image.Image]:
    """The symbols with their white, as printed."""
    sheet = a_sheet()
    found = []
    for page in printed(drawn(CARDS, sheet), DPI):
        for place in range(sheet.format.places):
            x, y = sheet.format.corner(place)
            size = SIDE + 2 * WHITE
            found.append(cut_out(page, DPI, x + AT - WHITE, y + AT - WHITE, size, size))
    return found[: len(CARDS)]


def share_read(symbols: list[Image.Image], change: Change) -> float:
    """Which share of the cards is still read, and read right."""
    right = 0
    for number, (card, symbol) in enumerate(zip(CARDS, symbols, strict=True)):
        read = zxingcpp.read_barcodes(change(symbol.copy(), Random(number)), formats=zxingcpp.BarcodeFormat.QRCode)
        assert all(one.text == card_link(SERVER, card.code) for one in read)
        right += bool(read)
    return right / len(CARDS)


def blotted(symbol: Image.Image, random: Random, spare_finders: bool) -> Image.Image:
    """A round blot, black or white, of 15 % of the symbol."""
    start, side = WHITE * PIXEL, SIDE * PIXEL
    radius = side * sqrt(0.15 / pi)
    while True:
        x, y = (start + random.uniform(radius, side - radius) for _ in range(2))
        near = [(start, start), (start + side - FINDER, start), (start, start + side - FINDER)]
        if not spare_finders or all(_distance(x, y, corner) > radius for corner in near):
            break
    ImageDraw.Draw(symbol).ellipse((x - radius, y - radius, x + radius, y + radius), fill=random.choice((0, 255)))
    return symbol


def _distance(x: float, y: float, finder: tuple[float, float]) -> float:
    left, top = finder
    away_x = max(left - x, 0, x - left - FINDER)
    away_y = max(top - y, 0, y - top - FINDER)
    return sqrt(away_x**2 + away_y**2)


def test_a_blot_of_15_percent_beside_the_finders_hides_no_card(symbols: list[Image.Image]) -> None:
    assert share_read(symbols, lambda symbol, random: blotted(symbol, random, True)) == 1


def test_a_blot_of_15_percent_anywhere_leaves_four_of_five(symbols: list[Image.Image]) -> None:
    assert share_read(symbols, lambda symbol, random: blotted(symbol, random, False)) >= 0.8


def striped(symbol: Image.Image, random: Random, spare_finders: bool) -> Image.Image:
    """A white strip across, a tenth of the symbol high."""
    start, side = WHITE * PIXEL, SIDE * PIXEL
    least, most = (FINDER, side - FINDER - side / 10) if spare_finders else (0, side * 0.9)
    top = start + random.uniform(least, most)
    ImageDraw.Draw(symbol).rectangle((0, top, symbol.width, top + side / 10), fill=255)
    return symbol


def test_a_strip_of_10_percent_hides_few_cards_but_through_its_finders(symbols: list[Image.Image]) -> None:
    assert share_read(symbols, lambda symbol, random: striped(symbol, random, True)) >= 0.95
    assert share_read(symbols, lambda symbol, random: striped(symbol, random, False)) >= 0.5


def noisy(symbol: Image.Image, random: Random) -> Image.Image:
    """A cheap camera's grain: sigma 6 of 255, on a grey that leaves room on both sides."""
    x, y = (random.randrange(600 - symbol.width) for _ in range(2))
    grain = GRAIN.crop((x, y, x + symbol.width, y + symbol.height))
    return ImageChops.add(symbol.point(lambda shade: 40 + shade * 0.7), grain, offset=-128)


def turned(symbol: Image.Image, _random: Random) -> Image.Image:
    return symbol.rotate(10, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def faded(symbol: Image.Image, _random: Random) -> Image.Image:
    return symbol.point(lambda shade: 102 + shade * 0.6)


def blurred(symbol: Image.Image, _random: Random) -> Image.Image:
    return symbol.filter(ImageFilter.GaussianBlur(MODULE / 2))


@pytest.mark.parametrize(
    ("change", "floor"),
    [(turned, 1), (blurred, 0.9), (faded, 1), (noisy, 1)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_time_and_cameras_do_is_read_through(symbols: list[Image.Image], change: Change, floor: float) -> None:
    assert share_read(symbols, change) >= floor
