"""Reads a commune's household list from an Excel workbook, as people really keep it: titles above, totals below.

Nothing is guessed silently: every line that is left out, or taken without one of its cells, is named with the reason.
Columns that the survey must not have (identity numbers, dates of birth) are never read.
"""

import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from survey.problems import LIST_COLUMNS_MISSING, LIST_UNREADABLE
from survey.vietnamese import clean, fold, parse_count, parse_phone
from sync_server.problems import Problem

HEADER_WITHIN = 40
LARGEST_FILE = 20 * 1024**2
LARGEST_UNPACKED = 300 * 1024**2
MOST_ROWS = 50_000
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_LINE_NUMBER = 120, 500, 6

# The first phrase that a heading holds decides what its column is; None is a column that is never read.
_HEADINGS: tuple[tuple[str, str | None], ...] = (
    *(
        (phrase, None)
        for phrase in ("sinh", "cccd", "cmnd", "can cuoc", "dinh danh", "gioi tinh", "dan toc", "quan he")
    ),
    *((phrase, "phone") for phrase in ("dien thoai", "sdt", "so dt", "di dong")),
    ("chu ho", "head_name"),
    ("dia chi", "address"),
    *((phrase, "village") for phrase in ("to dan pho", "khu pho", "thon", "ban", "ap")),
    *((phrase, "address") for phrase in ("xom", "ngo", "so nha", "duong")),
    *((phrase, "number") for phrase in ("stt", "so tt", "so thu tu", "tt")),
    *((phrase, "head_name") for phrase in ("ho va ten", "ho ten")),
)
_SHOWN = {
    "head_name": "Họ và tên chủ hộ",
    "village": "Thôn",
    "address": "Địa chỉ",
    "phone": "Điện thoại",
    "number": "STT",
}
_TOTALS = ("tổng", "cộng")


@dataclass(frozen=True)
class ListedRow:
    """One household of the list, with its row in the sheet."""

    row: int
    head_name: str
    village: str
    address: str = ""
    phone: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class Note:
    """What a person should know of a row: left out, or taken without something."""

    row: int
    detail: str
    left_out: bool = True


@dataclass
class HouseholdList:
    """A list as it was read."""

    rows: list[ListedRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_household_list(file: Path, village: str | None = None) -> HouseholdList:
    """Read the list. `village` is the village of rows that name none; without it the list needs a village column.

    Raises `Problem` list-unreadable or list-columns-missing, each with a sentence on what to do.
    """
    found = HouseholdList()
    columns: dict[str, int] | None = None
    best: dict[str, int] = {}
    for number, cells in _cells(file):
        if columns is None:
            columns, best = _header(cells, best, needs_village=village is None)
            if columns is None and number >= HEADER_WITHIN:
                break
        elif len(found.rows) >= MOST_ROWS:
            raise Problem(LIST_UNREADABLE, detail=f"Danh sách dài quá {MOST_ROWS} hộ. Anh/chị tách tệp theo thôn.")
        else:
            _read_row(found, number, {name: cells[at] for name, at in columns.items() if at < len(cells)}, village)
    if columns is None:
        raise _missing(best, needs_village=village is None)
    return found


def _cells(file: Path) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the first sheet that holds anything, with their numbers."""
    try:
        _check_size(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's remarks on styling that this program does not read
            with closing(load_workbook(file, read_only=True, data_only=True)) as book:
                for sheet in book.worksheets:
                    # Some programs write a wrong size of the sheet; without it, the rows themselves are read.
                    sheet.reset_dimensions()
                    rows = [(at, list(row)) for at, row in enumerate(sheet.iter_rows(values_only=True), 1) if any(row)]
                    if rows:
                        yield from rows
                        return
    except FileNotFoundError as error:
        raise Problem(LIST_UNREADABLE, detail=f"Không tìm thấy tệp “{file.name}”.") from error
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise Problem(LIST_UNREADABLE) from error


def _check_size(file: Path) -> None:
    """A small file may unpack to a huge one: look before opening it."""
    if file.stat().st_size > LARGEST_FILE:
        raise Problem(LIST_UNREADABLE, detail="Tệp lớn quá 20 MB. Anh/chị bỏ ảnh trong tệp hoặc tách theo thôn.")
    with ZipFile(file) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
            raise Problem(LIST_UNREADABLE, detail="Nội dung tệp lớn bất thường. Anh/chị lưu lại tệp bằng Excel.")


def _heading(cell: Any) -> str | None:
    words = f" {re.sub(r'[^a-z0-9]+', ' ', fold(str(cell or '')))} "
    if words.strip() == "to":
        return "village"
    return next((name for phrase, name in _HEADINGS if f" {phrase} " in words), None)


def _header(
    cells: list[Any], best: dict[str, int], *, needs_village: bool
) -> tuple[dict[str, int] | None, dict[str, int]]:
    """The columns if this row is the header, else None; and the columns of the best row so far, for the error text."""
    columns: dict[str, int] = {}
    for at, cell in enumerate(cells):
        # A title above the table is a long sentence in one cell, a heading is short.
        name = _heading(cell) if isinstance(cell, str) and len(clean(cell)) <= 60 else None
        if name:
            columns.setdefault(name, at)
    best = columns if len(columns) > len(best) else best
    is_header = "head_name" in columns and (len(columns) > 1 or not needs_village)
    return (columns if is_header and ("village" in columns or not needs_village) else None), best


def _missing(best: dict[str, int], *, needs_village: bool) -> Problem:
    needed = ["head_name", *(["village"] if needs_village else [])]
    missing = " và ".join(f"“{_SHOWN[name]}”" for name in needed if name not in best)
    found = ", ".join(f"“{_SHOWN[name]}”" for name in best) or "chưa thấy cột nào quen thuộc"
    return Problem(LIST_COLUMNS_MISSING, detail=f"Danh sách thiếu cột {missing}. Các cột đã thấy: {found}.")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean(str(cell)) if cell is not None else ""


def _phone(cell: Any) -> str | None:
    """The first number that can be one: Excel drops the leading zero of a number, people write two in one cell."""
    for part in re.split(r"[,;/\n]| - ", str(cell) if isinstance(cell, str) else _text(cell)):
        digits = clean(part)
        found = parse_phone(digits) or (parse_phone(f"0{digits}") if not digits.startswith("0") else None)
        if found:
            return found
    return None


def _read_row(found: HouseholdList, number: int, cells: dict[str, Any], village: str | None) -> None:
    texts = {name: _text(cell) for name, cell in cells.items()}
    if not any(texts.values()):
        return
    name = texts.get("head_name", "")
    if any(unicodedata.normalize("NFC", text.lower()).startswith(_TOTALS) for text in (name, texts.get("number", ""))):
        found.notes.append(Note(number, "Đây là dòng cộng, không phải một hộ."))
        return
    if _heading(name) == "head_name":
        return  # the header again, at the top of a printed page
    where = texts.get("village") or clean(village or "")
    if not name:
        found.notes.append(Note(number, "Dòng này không có tên chủ hộ nên chưa nhập."))
    elif not where:
        found.notes.append(Note(number, f"Hộ “{name}” chưa ghi thôn nên chưa nhập."))
    elif len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name):
        found.notes.append(Note(number, "Tên chủ hộ không phải là tên người nên chưa nhập."))
    else:
        phone = _phone(cells.get("phone"))
        if phone is None and any(letter.isdigit() for letter in texts.get("phone", "")):
            detail = f"Số điện thoại “{texts['phone'][:30]}” không đúng; hộ “{name}” được nhập, để trống số."
            found.notes.append(Note(number, detail, left_out=False))
        address = texts.get("address", "")[:LONGEST_ADDRESS]
        line = texts.get("number", "")
        line_number = parse_count(line) if len(line) <= LONGEST_LINE_NUMBER else None
        found.rows.append(ListedRow(number, name, where, address, phone, line_number))
