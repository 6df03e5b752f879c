"""Formats add up to the page, hold their symbols, and refuse themselves otherwise."""

from dataclasses import replace

import pytest

from sync_server.cards.formats import FORMATS, LEAST_MODULE, PAGE_HEIGHT, PAGE_WIDTH, SheetFormat
from sync_server.cards.symbols import card_link, modules_for
from tests.sync_server.cards.paper import SERVER, a_code

EACH = pytest.mark.parametrize("sheet_format", FORMATS.values(), ids=FORMATS)


@EACH
def test_the_last_cell_ends_at_the_far_margins(sheet_format: SheetFormat) -> None:
    x, y = sheet_format.corner(sheet_format.places - 1)
    assert x + sheet_format.width + sheet_format.right == pytest.approx(PAGE_WIDTH, abs=0.01)
    assert y + sheet_format.height + sheet_format.bottom == pytest.approx(PAGE_HEIGHT, abs=0.01)


@EACH
def test_modules_are_large_enough_for_a_usual_address(sheet_format: SheetFormat) -> None:
    assert sheet_format.qr_side / modules_for(card_link(SERVER, a_code(1))) >= LEAST_MODULE


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"left": 15.02}, "15.02 + 2 × 90 + 1 × 0.0 + 15 = 210.02 mm, not 210 mm"),
        ({"rows": 6}, "not 297 mm"),
        ({"gap_x": 2}, "212.00 mm"),
        ({"qr_side": 43}, "the cell is 90 × 54 mm"),
    ],
    ids=str,
)
def test_figures_that_do_not_add_up_are_refused_by_name(changes: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match="a4-2x5: ") as refused:
        replace(FORMATS["a4-2x5"], **changes)  # type: ignore[arg-type]
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["a4-2x5", "a4-3x8"])
def test_a_back_lies_behind_its_front(name: str) -> None:
    sheet_format = FORMATS[name]
    for place in range(sheet_format.places):
        (front_x, front_y), (back_x, back_y) = sheet_format.corner(place), sheet_format.back_corner(place)
        assert back_x + sheet_format.width == pytest.approx(PAGE_WIDTH - front_x)
        assert back_y == front_y
