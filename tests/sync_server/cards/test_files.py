"""What is in the file: our fonts and no others, the right keys, texts that can be read back, equal bytes."""

import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest

from survey.card_code import grouped
from sync_server.cards.faces import WHAT_TO_DO
from sync_server.cards.lettering import LetterMissing
from sync_server.cards.privacy import privacy_paragraphs
from sync_server.cards.sheet import MemberCard, PrintedCard, draw_member_cards
from sync_server.cards.symbols import ENROLL_PATH, OFFICE_ENROLL_PATH
from tests.sync_server.cards.paper import (
    SERVER,
    a_code,
    a_sheet,
    cut_out,
    drawn,
    is_white,
    printed,
    scanned,
    some_cards,
    texts,
)

LONG = "https://" + "chuyen-doi-so." * 4 + "example.vn"


def fonts(resources: Any) -> Iterator[Any]:
    """All fonts of a page, also those of the forms it draws."""
    yield from (font.get_object() for font in resources.get("/Font", {}).values())
    for form in resources.get("/XObject", {}).values():
        yield from fonts(form.get_object().get("/Resources", {}))


@pytest.mark.parametrize("name", ["a4-2x5", "a4-3x8", "a4-1"])
def test_only_parts_of_our_fonts_are_inside_and_no_pictures(name: str) -> None:
    pdf = drawn(some_cards(3), a_sheet(name))
    reader = pypdf.PdfReader(BytesIO(pdf))
    found = {font["/BaseFont"]: font for page in reader.pages for font in fonts(page["/Resources"])}
    assert found
    for base, font in found.items():
        assert re.fullmatch(r"/[A-Z0-9]{6}\+BeVietnamPro-(Regular|Bold)", base)
        assert "/FontFile2" in font["/FontDescriptor"]
    assert b"Helvetica" not in pdf
    assert b"/Subtype /Image" not in pdf


def test_each_symbol_is_one_filled_path_in_black() -> None:
    page = pypdf.PdfReader(BytesIO(drawn(some_cards(7), a_sheet()))).pages[0]
    content = page["/Contents"].get_object().get_data().decode("latin-1")
    assert len(re.findall(r"re f Q", content)) == 7
    assert not re.search(r"\b(rg|RG|g|G|k|K|sc|scn)\n", content)


@pytest.mark.parametrize("backs", [False, True])
def test_viewers_are_told_not_to_shrink_and_how_to_turn(backs: bool) -> None:
    reader = pypdf.PdfReader(BytesIO(drawn(some_cards(3), a_sheet(backs=backs))))
    root = reader.trailer["/Root"]
    wishes = root["/ViewerPreferences"]
    assert wishes["/PrintScaling"] == "/None"
    assert wishes.get("/Duplex") == ("/DuplexFlipLongEdge" if backs else None)
    assert root["/Lang"] == "vi-VN"
    assert reader.metadata.title == "Thẻ hộ – thôn Đinh Xá, xã Nguyệt Đức"
    assert [round(float(edge), 2) for edge in reader.pages[0].mediabox] == [0, 0, 595.28, 841.89]


def test_the_same_order_gives_the_same_bytes() -> None:
    assert drawn(some_cards(12), a_sheet(backs=True)) == drawn(some_cards(12), a_sheet(backs=True))


@pytest.mark.slow
def test_threads_that_draw_at_once_do_not_meet() -> None:
    orders = [(some_cards(count), a_sheet(village=f"thôn {count}")) for count in (11, 12, 13)] * 2
    alone = [drawn(*order) for order in orders]
    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(lambda order: drawn(*order), orders)) == alone


@pytest.mark.parametrize("name", ["a4-2x5", "a4-3x8"])
def test_every_text_is_read_back(name: str) -> None:
    cards = some_cards(3, house="Ngõ 3, số nhà")
    first = texts(drawn(cards, a_sheet(name)))[0]
    for card in cards:
        assert f"Số {card.serial:03d}" in first
        assert grouped(card.code) in first or grouped(card.code[:8]) + " " + grouped(card.code[8:]) in first
        assert card.house in first
    for text in ("Thẻ hộ", "thôn Đinh Xá", "xã Nguyệt Đức", WHAT_TO_DO, "Tờ 1/1 · Số 001–003"):
        assert text in first
    assert "In ở kích thước thật (100 %)" in first
    assert "100 mm" in first
    assert "BẢN THỬ" not in first


def test_the_back_says_who_keeps_the_data_and_whom_to_ask() -> None:
    sheet = a_sheet(backs=True, contact="chị Hoa, 0912 345 678")
    front, back = texts(drawn(some_cards(2), sheet))
    assert "Cần hỏi: chị Hoa, 0912 345 678" in front
    for paragraph in privacy_paragraphs(sheet):
        assert back.count(paragraph) == 2


@pytest.mark.parametrize("village", ["thôn Hòa Đức", "buôn Kê̆č Ô̆p", "bản Nậm Khắt"])
def test_names_are_composed_and_every_letter_of_them_is_there(village: str) -> None:
    read = texts(drawn(some_cards(1), a_sheet(village=unicodedata.normalize("NFD", village))))[0]
    assert unicodedata.normalize("NFC", village) in unicodedata.normalize("NFC", read)


def test_a_letter_that_the_typeface_lacks_is_named() -> None:
    with pytest.raises(LetterMissing, match=r"“ᛒ” \(U\+16D2 .*\) trong “thôn ᛒ, ") as missing:
        drawn(some_cards(1), a_sheet(village="thôn ᛒ"))
    assert missing.value.letter == "ᛒ"
    with pytest.raises(LetterMissing):
        drawn([PrintedCard(1, a_code(1), "ngõ ᛒ")], a_sheet())


@pytest.mark.parametrize(("address", "name"), [("http://localhost:8000", "a4-2x5"), (LONG, "a4-2x5"), (LONG, "a4-3x8")])
def test_an_address_that_is_not_for_doors_is_marked_and_still_drawn(address: str, name: str) -> None:
    pdf = drawn(some_cards(3), a_sheet(name, public_url=address))
    assert texts(pdf)[0].count("BẢN THỬ") == 1
    assert [text[: len(address)] for text in scanned(next(printed(pdf, 300)))] == [address] * 3


def test_words_that_are_too_long_are_made_smaller_and_stay_on_their_card() -> None:
    village = "tổ dân phố " + "Nguyễn Thị Minh Khai " * 4
    sheet = a_sheet(village=village, commune="phường " + "Thượng " * 9, contact="văn phòng " * 12)
    pdf = drawn(some_cards(1, house="Ngách 12, ngõ 345, đường Nguyễn Văn Linh kéo dài, khu tập thể số"), sheet)
    assert " ".join(village.split()) in texts(pdf)[0]
    page = next(printed(pdf, 150))
    assert len(scanned(page)) == 1
    assert is_white(cut_out(page, 150, 106.5, 15, 90, 50))
    assert is_white(cut_out(page, 150, 16.5, 69, 87, 50))


def test_sign_in_cards_say_whose_they_are_and_until_when() -> None:
    members = [
        MemberCard("Vũ Thị Lan", "Tổ viên", a_code(1), date(2026, 12, 6)),
        MemberCard("Hoàng Văn Minh", "Tổ trưởng", a_code(2), date(2026, 12, 6)),
        MemberCard("Đặng Thị Hoa", "Cán bộ xã", a_code(3), date(2026, 12, 6), office=True),
    ]
    out = BytesIO()
    draw_member_cards(out, members, a_sheet())
    read = texts(out.getvalue())[0]
    for text in ("Vũ Thị Lan", "Tổ trưởng", "Dùng đến hết ngày 06/12/2026", grouped(a_code(2)), "thôn Đinh Xá"):
        assert text in read
    paths = (ENROLL_PATH, ENROLL_PATH, OFFICE_ENROLL_PATH)
    links = [SERVER + path + member.code for path, member in zip(paths, members, strict=True)]
    assert scanned(next(printed(out.getvalue(), 150))) == links
    with pytest.raises(ValueError, match="a4-3x8"):
        draw_member_cards(BytesIO(), members, a_sheet("a4-3x8"))
