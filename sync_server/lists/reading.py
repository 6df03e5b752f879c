"""Reads a commune's list of households from a file: every sheet, and every row in it has an end that is named.

**rows = rows that became households + rows left out, each with its place and the reason.** Rows above a table (titles,
the header) are no rows of the list. What the survey must not have is never read: identity numbers, dates of birth.
"""

from collections.abc import Callable
from pathlib import Path

from survey.legacy_letters import Letters, letters_of, most_letters, to_unicode
from survey.problems import LIST_COLUMNS_MISSING, LIST_COLUMNS_UNCLEAR, LIST_UNREADABLE
from survey.vietnamese import clean, fold, format_number
from survey.villages import split_kind
from sync_server.lists.cells import say_address
from sync_server.lists.files import read_sheets
from sync_server.lists.found import ListColumn, Note, ReadList, SheetRead, Understanding
from sync_server.lists.headings import (
    OF_PEOPLE,
    SHOWN,
    Column,
    Header,
    best_guess,
    find_header,
    named,
    with_village_column,
)
from sync_server.lists.rows import read_rows
from sync_server.lists.sheets import Row, Sheet, column_letter
from sync_server.problems import Problem

MOST_ROWS = 50_000


def read_list(file: Path, told: Understanding) -> ReadList:
    """Read every sheet of the list's file.

    Raises `Problem` list-unreadable, list-columns-missing or list-columns-unclear, each with a sentence on what to do.
    """
    found = ReadList()
    sheets = read_sheets(file)
    headers: list[Header] = []
    for sheet in sheets:
        read = SheetRead(sheet.name)
        found.sheets.append(read)
        if reason := _left_out_whole(sheet, told):
            _leave_out(found, sheet, read, reason)
            continue
        if letters := _into_unicode(sheet):
            detail = f"Chữ trong trang viết bằng phông {letters} cũ: đã đổi sang Unicode, anh/chị xem lại vài dòng."
            found.notes.append(Note(sheet.name, 0, "", detail, left_out=False, rows=0))
        header = find_header(sheet.rows, told.columns, may_be_alone=bool(told.village))
        if header is None:
            _leave_out(found, sheet, read, "không thấy dòng tiêu đề có cột “Họ và tên chủ hộ”")
            continue
        header = _with_alleys_as_villages(sheet, header, told)
        _check_clear(sheet, header)
        headers.append(header)
        read.header_row, read.columns = header.rows[-1], _columns(sheet, header)
        read.village = _village_of_sheet(sheet, header, told)
        before = found.rows
        read_rows(found, sheet, header, read.village)
        read.rows = found.rows - before
        if len(found.lines) > MOST_ROWS:
            detail = f"Danh sách dài quá {format_number(MOST_ROWS)} hộ. Anh/chị tách tệp theo thôn."
            raise Problem(LIST_UNREADABLE, detail=detail)
    _check_complete(sheets, headers, found)
    return found


def _left_out_whole(sheet: Sheet, told: Understanding) -> str:
    if sheet.is_hidden and sheet.name not in told.villages:
        return "đang ẩn; muốn nhập, bỏ ẩn trang trong Excel rồi lưu lại"
    if sheet.name in told.villages and told.villages[sheet.name] is None:
        return "anh/chị chọn không nhập"
    return ""


def _leave_out(found: ReadList, sheet: Sheet, read: SheetRead, reason: str) -> None:
    read.why_not, read.rows = reason, len(sheet.rows)
    detail = f"Trang “{sheet.name}” không đọc ({format_number(len(sheet.rows))} dòng): {reason}."
    found.notes.append(Note(sheet.name, sheet.rows[0].number, "", detail, rows=len(sheet.rows)))


def _into_unicode(sheet: Sheet) -> Letters | None:
    """Put a sheet's text into Unicode, and say how it was written if it was not in it. A cell whose letters do not tell
    is written as most of its column, or else of the sheet; a heading in Unicode may stand over old letters."""
    width = max(len(row.cells) for row in sheet.rows)
    columns = [[text for row in sheet.rows for text in row.texts()[at : at + 1] if text] for at in range(width)]
    every = [text for texts in columns for text in texts]
    old = most_letters(text for text in every if letters_of(text) is not Letters.UNICODE)
    if old is None:
        return None
    usual = [most_letters(texts) or most_letters(every) for texts in columns]
    for row in sheet.rows:
        for at, cell in enumerate(row.cells):
            if isinstance(cell, str) and (letters_of(cell) or usual[at]) is not Letters.UNICODE:
                row.cells[at] = to_unicode(cell, old)
    return old


def _columns(sheet: Sheet, header: Header) -> list[ListColumn]:
    read = {
        column: places for column, places in header.columns.items() if header.lists_people or column not in OF_PEOPLE
    }
    meanings = {at: column for column, places in read.items() for at in places}
    below = [row for row in sheet.rows if row.number > header.rows[-1]][:3]
    return [
        ListColumn(column_letter(at), heading, meanings.get(at), tuple(shown(row, at) for row in below))
        for at, heading in enumerate(header.headings)
        if heading or at in meanings
    ]


def shown(row: Row, at: int) -> str:
    """A cell's words for a person who looks at the list, shortened."""
    said = say_address(row.cells[at] if at < len(row.cells) else None)
    return (said.text or said.fault)[:60]


def _with_alleys_as_villages(sheet: Sheet, header: Header, told: Understanding) -> Header:
    """Where a commune's villages are called xóm, a list's column "Xóm" names villages: told by most of its cells."""
    if Column.VILLAGE in header.columns:
        return header
    below = [row for row in sheet.rows if row.number > header.rows[-1]]
    for at in header.columns.get(Column.ADDRESS_PART, ()):
        names = [text for row in below if (text := shown(row, at))]
        known = sum(map(told.is_village, names))
        if fold(header.lowest[at]).startswith("xom") and names and known > len(names) / 2:
            return with_village_column(header, at)
    return header


def _village_of_sheet(sheet: Sheet, header: Header, told: Understanding) -> str:
    """The village that a person gave the sheet, else that its name or its title says, else that of the whole list."""
    if chosen := told.villages.get(sheet.name):
        return chosen
    name = clean(sheet.name)
    if told.is_village(name) or split_kind(name)[0]:
        return name
    titles = [text for row in sheet.rows if row.number < header.rows[0] for text in row.texts() if text]
    return next(filter(None, (_village_in(title, told.is_village) for title in titles)), told.village)


def _village_in(title: str, is_village: Callable[[str], bool]) -> str:
    """The village that a title ends with or names in its middle: "DANH SÁCH HỘ THÔN ĐINH XÁ NĂM 2026"."""
    words = clean(title).split()
    for start in range(len(words)):
        if split_kind(" ".join(words[start:]))[0]:
            for end in range(len(words), start + 1, -1):
                if is_village(" ".join(words[start:end]).strip(" ,.;:-")):
                    return " ".join(words[start:end]).strip(" ,.;:-")
    return ""


def _check_clear(sheet: Sheet, header: Header) -> None:
    for column, places in header.unclear.items():
        which = " và ".join(f"cột {column_letter(at)} “{header.headings[at]}”" for at in places)
        detail = f"Trang “{sheet.name}”: {which} đều có thể là “{SHOWN[column]}”. Anh/chị chọn một cột: "
        raise Problem(
            LIST_COLUMNS_UNCLEAR,
            detail=f"{detail}--column {column}={column_letter(places[0])}.",
            column=column.value,
            letters=[column_letter(at) for at in places],
        )


def _check_complete(sheets: list[Sheet], headers: list[Header], found: ReadList) -> None:
    """A list without names, or without any village for its households, is refused as a whole."""
    if headers:
        if found.lines or any(Column.VILLAGE in header.columns for header in headers):
            return
        if any(sheet.village for sheet in found.sheets) or not any(sheet.rows for sheet in found.sheets):
            return
        missing, best = [Column.VILLAGE], [column for header in headers for column in header.columns]
    else:
        guesses = [best_guess(sheet.rows) for sheet in sheets]
        best = max(guesses, key=len, default=[])
        missing = [one for one in (Column.HEAD, Column.VILLAGE) if one not in best]
    wanted = " và ".join(f"“{SHOWN[one]}”" for one in missing)
    there = named(dict.fromkeys(best)) or "chưa thấy cột nào quen thuộc"
    raise Problem(LIST_COLUMNS_MISSING, detail=f"Danh sách thiếu cột {wanted}. Các cột đã thấy: {there}.")
