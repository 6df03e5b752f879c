"""Symbols made by exclusive or are those that qrcode makes."""

import pytest

from sync_server.cards.symbols import CARD_PATH, ENROLL_PATH, Level, Symbols, card_link, modules_for, plain_symbol
from tests.pace import examples
from tests.sync_server.cards.paper import SERVER, a_code


@pytest.mark.parametrize(
    ("start", "level", "side"),
    [
        (SERVER + CARD_PATH, "H", 41),
        (SERVER + ENROLL_PATH, "M", 33),
        ("http://10.0.0.1:8000" + CARD_PATH, "H", 41),
        ("https://chuyendoiso-nguyetduc.bacninh.gov.vn" + CARD_PATH, "H", 49),
    ],
    ids=["card", "enroll", "number", "long"],
)
def test_each_symbol_is_that_of_qrcode(start: str, level: Level, side: int) -> None:
    symbols = Symbols(start, level)
    assert symbols.side == side == modules_for(start + a_code(0), level)
    for number in range(examples(100)):
        plain = ["".join("01"[module] for module in row) for row in plain_symbol(start + a_code(number), level)]
        assert symbols.rows(a_code(number)) == plain


def test_rectangles_are_the_symbol_and_do_not_overlap() -> None:
    symbols = Symbols(SERVER + CARD_PATH)
    for number in range(20):
        canvas = [["0"] * symbols.side for _ in range(symbols.side)]
        for one in symbols.rectangles(a_code(number)):
            for y in range(one.y, one.y + one.height):
                for x in range(one.x, one.x + one.width):
                    assert canvas[y][x] == "0"
                    canvas[y][x] = "1"
        assert ["".join(row) for row in canvas] == symbols.rows(a_code(number))


@pytest.mark.parametrize("code", ["", "7Q4M-2KXP-9ABC-DEFG", "7q4m2kxp9abcdefg", "O" * 16])
def test_what_is_no_code_gets_no_symbol(code: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        Symbols(SERVER + CARD_PATH).rows(code)


def test_the_link_is_as_typed_with_the_bare_code() -> None:
    assert card_link(SERVER, "7Q4M2KXP9ABCDEFG") == "https://tungnha.example.vn/app/#/c/7Q4M2KXP9ABCDEFG"
