"""Seven files as offices have them, and what must come of each. All people in them are made up."""

from pathlib import Path

import pytest

from sync_server.lists.found import ReadList, Understanding
from sync_server.lists.reading import read_list

CASES = Path(__file__).parent.parent.parent / "cases" / "import"
Household = tuple[int, str, str, str]


def read(name: str) -> ReadList:
    found = read_list(CASES / f"{name}.xlsx", Understanding())
    assert found.rows == sum(line.rows for line in found.lines) + found.left_out
    return found


def households(found: ReadList) -> list[Household]:
    return [(line.row, line.head_name, line.village, line.address) for line in found.lines]


def noted(found: ReadList, *, left_out: bool) -> set[str]:
    return {note.cell or str(note.row) for note in found.notes if note.left_out is left_out}


def test_errors_of_excel_are_no_names_villages_or_addresses() -> None:
    found = read("01-excel-errors")
    assert households(found) == [(2, "Nguyễn Văn Hiền", "Đinh Xá", "Xóm 1"), (5, "Lê Văn Sáu", "Đinh Xá", "")]
    assert noted(found, left_out=True) == {"B3", "C4", "B6"}
    assert noted(found, left_out=False) == {"D5"}


def test_days_hours_and_truth_values() -> None:
    found = read("02-dates-times-booleans")
    assert households(found) == [
        (2, "Nguyễn Văn Hiền", "Đinh Xá", "12/3"),
        (3, "Trần Thị Mơ", "Đinh Xá", ""),
        (4, "Lê Văn Sáu", "Đinh Xá", "12.3"),
    ]
    assert noted(found, left_out=True) == {"B5", "B6"}
    assert noted(found, left_out=False) == {"D2", "D3"}
    assert "hiểu là “12/3”" in next(note.detail for note in found.notes if note.cell == "D2")


def test_numbers_of_papers_are_never_stored() -> None:
    found = read("03-numbers-of-papers")
    assert households(found) == [(2, "Nguyễn Văn Hiền", "Đinh Xá", "Xóm 1"), (3, "Trần Thị Mơ", "Đinh Xá", "")]
    assert noted(found, left_out=False) == {"B2", "D2", "B3", "D3"}
    assert not any(number in f"{found.lines}{found.notes}" for number in ("034085", "160123", "0912345673", "1903"))


def test_the_furniture_of_a_form() -> None:
    found = read("05-form-furniture")
    assert [row[2:] for row in households(found)] == [("Đinh Xá", "Xóm 1")] * 4
    assert [row[0] for row in households(found)] == [5, 6, 7, 8]
    assert noted(found, left_out=True) == {"4", "9", "10", "11"}


def test_a_hidden_sheet_is_named_and_not_read() -> None:
    found = read("06-hidden-sheet")
    assert [row[1] for row in households(found)] == ["Nguyễn Văn Hiền", "Trần Thị Mơ", "Lê Văn Sáu"]
    hidden = next(note for note in found.notes if note.sheet == "2019")
    assert (hidden.rows, hidden.left_out) == (2, True)
    assert "đang ẩn" in hidden.detail
    assert "Dòng 3 đang ẩn" in next(note.detail for note in found.notes if note.row == 3)


def test_formulas_without_results_are_named_and_nothing_vanishes() -> None:
    found = read("07-formulas-without-results")
    assert [row[1] for row in households(found)] == ["Nguyễn Văn Hiền", "Phạm Thị Lý"]
    assert noted(found, left_out=True) == {"B3", "C4"}
    assert noted(found, left_out=False) == {"D5"}
    assert all("lưu lại một lần" in note.detail for note in found.notes)


@pytest.mark.parametrize("row", [0, 1])
def test_the_best_heading_wins(row: int) -> None:
    found = read("08-heading-words")
    assert households(found)[row][1:] == (["Nguyễn Văn Hiền", "Trần Thị Mơ"][row], "Đinh Xá", "Xóm 1")
    assert not found.notes
