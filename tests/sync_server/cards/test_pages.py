"""What comes out of the printer: every code in order, every cell in its place, backs behind their fronts."""

from io import BytesIO

import pytest

from sync_server.cards.sheet import count_pages, draw_notice, draw_outlines, draw_sheets
from sync_server.cards.symbols import CARD_PATH, Symbols, card_link, plain_picture, site_link
from tests.sync_server.cards.paper import (
    SERVER,
    a_sheet,
    cut_out,
    drawn,
    ink,
    is_white,
    printed,
    scanned,
    some_cards,
    texts,
)

FORMATS_AND_PLACES = [("a4-2x5", (4.5, 4.5)), ("a4-3x8", (4.0, 4.45)), ("a4-1", (40.0, 66.0))]


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("name", ["a4-2x5", "a4-3x8"])
def test_every_code_is_read_in_order(name: str, dpi: int) -> None:
    sheet = a_sheet(name)
    cards = some_cards(sheet.format.places + 1)
    read = [text for page in printed(drawn(cards, sheet), dpi) for text in scanned(page)]
    assert read == [card_link(SERVER, card.code) for card in cards]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a4-2x5", "a4-3x8"])
def test_another_decoder_reads_them_too(name: str) -> None:
    """OpenCV's shares nothing with zxing; it is the weaker reader, and may miss one of a sheet."""
    from cv2 import QRCodeDetector
    from numpy import array

    sheet, dpi = a_sheet(name), 300
    cards = some_cards(sheet.format.places)
    page, grid, read = next(printed(drawn(cards, sheet), dpi)), sheet.format, []
    for place in range(grid.places):
        cell = cut_out(page, dpi, *grid.corner(place), grid.width, grid.height).convert("L")
        read.append(QRCodeDetector().detectAndDecode(array(cell))[0])
    expected = [card_link(SERVER, card.code) for card in cards]
    assert {text for text in read if text} <= set(expected), "never another code"
    assert sum(map(str.__eq__, read, expected)) >= grid.places - 1


@pytest.mark.slow
def test_every_code_of_a_commune_is_read_in_order() -> None:
    cards = some_cards(2000)
    read = [text for page in printed(drawn(cards, a_sheet()), 150) for text in scanned(page)]
    assert read == [card_link(SERVER, card.code) for card in cards]


@pytest.mark.parametrize(("name", "at"), FORMATS_AND_PLACES)
def test_first_and_last_symbol_are_where_the_format_says_with_white_around(name: str, at: tuple[float, float]) -> None:
    sheet, dpi = a_sheet(name), 300
    page = next(printed(drawn(some_cards(sheet.format.places), sheet), dpi))
    side = sheet.format.qr_side
    modules = plain_picture(site_link(SERVER)).side if name == "a4-1" else Symbols(SERVER + CARD_PATH).side
    white = 4 * side / modules
    for place in (0, sheet.format.places - 1):
        x, y = sheet.format.corner(place)
        left, top = x + at[0] - white, y + at[1] - white
        found = ink(cut_out(page, dpi, left, top, side + 2 * white, side + 2 * white), dpi)
        assert found == pytest.approx([white, white, white + side, white + side], abs=0.1)


@pytest.mark.parametrize("name", ["a4-2x5", "a4-3x8"])
def test_marks_stand_at_the_corners_of_the_grid(name: str) -> None:
    sheet, dpi = a_sheet(name), 300
    page = next(printed(drawn(some_cards(1), sheet), dpi))
    grid = sheet.format
    above = ink(cut_out(page, dpi, grid.left - 1, grid.top - 2, 2, 1), dpi)
    beside = ink(cut_out(page, dpi, 210 - grid.right + 1, 297 - grid.bottom - 1, 1, 2), dpi)
    assert (above[0] + above[2]) / 2 == pytest.approx(1, abs=0.1)
    assert (beside[1] + beside[3]) / 2 == pytest.approx(1, abs=0.1)


def test_the_ruler_is_100_mm_long_and_nothing_is_in_the_outer_7_mm() -> None:
    page = next(printed(drawn(some_cards(10), a_sheet()), 300))
    whole, ruler = ink(page, 300), ink(cut_out(page, 300, 10, 289, 106, 1.2), 300)
    assert whole[1] >= 7
    assert whole[0] >= 7
    assert whole[2] <= 203
    assert whole[3] <= 290
    assert ruler[2] - ruler[0] == pytest.approx(100, abs=0.3)


def test_offset_and_scale_move_and_stretch_everything() -> None:
    plain, moved = (
        ink(next(printed(drawn(some_cards(10), a_sheet(**changes)), 300)), 300)
        for changes in ({}, {"offset_x_mm": 1.5, "offset_y_mm": -1.0, "scale": 1.02})
    )
    expected = [105 + 1.5 + (plain[0] - 105) * 1.02, 148.5 - 1 + (plain[1] - 148.5) * 1.02]
    assert moved[:2] == pytest.approx(expected, abs=0.1)
    assert moved[2] - moved[0] == pytest.approx((plain[2] - plain[0]) * 1.02, abs=0.15)


def test_backs_lie_behind_their_fronts_with_4_mm_to_spare() -> None:
    sheet, dpi = a_sheet(backs=True), 150
    fronts_and_backs = list(printed(drawn(some_cards(13), sheet), dpi))
    assert len(fronts_and_backs) == 4
    for page, count in ((1, 10), (3, 3)):
        turned = fronts_and_backs[page].transpose(0)  # over the long edge: left becomes right
        for place in range(10):
            x, y = sheet.format.corner(place)
            cell = cut_out(turned, dpi, x + 2, y + 2, 86, 50)
            assert is_white(cell) == (place >= count)
            if place < count:
                left, top, right, bottom = ink(cell, dpi)
                assert min(left, top, 86 - right, 50 - bottom) >= 2


def test_progress_is_told_after_each_page() -> None:
    told: list[tuple[int, int]] = []
    draw_sheets(BytesIO(), some_cards(11), a_sheet(backs=True), lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_no_cards_and_impossible_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="no cards"):
        draw_sheets(BytesIO(), [], a_sheet())
    with pytest.raises(ValueError, match="no backs"):
        a_sheet("a4-3x8", backs=True)
    with pytest.raises(ValueError, match="offset"):
        a_sheet(offset_x_mm=11)
    with pytest.raises(ValueError, match="scale"):
        a_sheet(scale=1.2)


@pytest.mark.parametrize(("backs", "page", "said"), [(False, 2, "Tờ 2/2 · Số 011–013"), (True, 4, "Mặt sau · Tờ 2/2")])
def test_one_page_of_a_file_is_that_page(backs: bool, page: int, said: str) -> None:
    cards, sheet = some_cards(13), a_sheet(backs=backs)
    out = BytesIO()
    draw_sheets(out, cards, sheet, page=page)
    [alone], every = list(printed(out.getvalue(), 100)), list(printed(drawn(cards, sheet), 100))
    assert len(every) == count_pages(len(cards), sheet)
    assert alone.tobytes() == every[page - 1].tobytes()
    assert said in texts(out.getvalue())[0]
    for wrong in (0, len(every) + 1):
        with pytest.raises(ValueError, match="no page"):
            draw_sheets(BytesIO(), cards, sheet, page=wrong)


def test_the_notice_is_one_page_of_no_card_and_its_symbol_is_the_site() -> None:
    sheet = a_sheet("a4-1")
    [page] = list(printed(drawn([], sheet), 200))
    assert scanned(page) == [f"{SERVER}/"]
    [words] = texts(drawn([], sheet))
    for said in (
        "Thẻ hộ là gì?",
        f"{SERVER}/",
        "trong mã không có thông tin của ai",
        "Muốn hỏi hoặc muốn xóa, xin gặp",
    ):
        assert said in words
    assert "Số 0" not in words
    with pytest.raises(ValueError, match="no cards on"):
        draw_sheets(BytesIO(), some_cards(1), sheet)
    with pytest.raises(ValueError, match="no notice"):
        draw_notice(BytesIO(), a_sheet())


@pytest.mark.parametrize("name", ["a4-2x5", "a4-3x8", "a4-1"])
def test_outlines_are_where_the_cells_are_and_hold_nothing(name: str) -> None:
    sheet, dpi = a_sheet(name), 300
    out = BytesIO()
    draw_outlines(out, sheet)
    [page] = list(printed(out.getvalue(), dpi))
    assert scanned(page) == []
    for place in range(sheet.format.places):
        x, y = sheet.format.corner(place)
        width, height = sheet.format.width, sheet.format.height
        left = ink(cut_out(page, dpi, x - 0.4, y + 9, 0.8, 4), dpi)
        top = ink(cut_out(page, dpi, x + 9, y - 0.4, 4, 0.8), dpi)
        assert (left[0] + left[2]) / 2 == pytest.approx(0.4, abs=0.1)
        assert (top[1] + top[3]) / 2 == pytest.approx(0.4, abs=0.1)
        assert is_white(cut_out(page, dpi, x + 1.5, y + 1.5, width - 3, height - 3))
    assert "Tờ thử: chỉ khung" in texts(out.getvalue())[0]
    assert "100 mm" in texts(out.getvalue())[0]
