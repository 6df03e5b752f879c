"""Names in Ê Đê, Gia Rai, Ba Na and Mông on paper: drawn whole, and read back as they are written."""

import unicodedata
from io import BytesIO

import pypdf
import pytest

from tests.sync_server.cards.paper import a_sheet, drawn, some_cards, texts

NAMES = ["Y Ƀhăm", "H'Ĭ", "Kê̆č", "Siu Hŭm", "Giàng A Páo", "ƀuôn Hʼĕ mơ̆m tư̆k", "Rơ Ŏ Ĕ Ŭ ĭ"]
CAPITALS = "Ê̆a Ô̆p Ơ̆ng Ư̆n"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", [*NAMES, CAPITALS])
def test_a_name_is_read_back_composed_and_once(name: str, form: str) -> None:
    written = unicodedata.normalize(form, name)
    for format_name in ("a4-2x5", "a4-3x8"):
        read = texts(drawn(some_cards(1, house=written), a_sheet(format_name, village=written)))[0]
        assert read.count(unicodedata.normalize("NFC", name)) == 3  # in the margin, as the village, as the house


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_that_sees_only_the_drawn_letters_gets_it_too(name: str) -> None:
    pdf = drawn(some_cards(1, house=name), a_sheet(village=name))
    read = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    assert read.count(unicodedata.normalize("NFC", name)) == 3
