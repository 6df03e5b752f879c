"""The rows of one sheet below its header: households, and what offices put between and below them."""

import re
from collections.abc import Callable
from dataclasses import replace

from survey.households import read_fields
from survey.vietnamese import clean, fold, parse_count
from survey.villages import split_kind
from sync_server.lists.cells import (
    Said,
    are_column_letters,
    is_ditto,
    is_signature,
    is_total,
    phone_of,
    say,
    say_address,
    tidy_name,
    without_long_numbers,
)
from sync_server.lists.families import into_households, person_of
from sync_server.lists.found import ListLine, ReadList
from sync_server.lists.headings import Column, Header, find_header, heading_of
from sync_server.lists.sheets import Cell, Row, Sheet
from sync_server.lists.table import Table

LONGEST_LINE_NUMBER = 6
FEWEST_LETTERS = 2
"""Of a name: an "x" in a column "Chủ hộ" is a mark."""
_HOUSEHOLDS_THERE = re.compile(r"\s*[(:,–-]+\s*(?:có\s+)?\d+\s*(?:hộ|khẩu).*$", re.IGNORECASE)
_HOUSEHOLD_NUMBER = re.compile(r"[\w./-]{1,20}")
_ORDINAL = re.compile(r"^(?:[IVXivx]{1,5}|[0-9]{1,2}|[A-Za-z])\s*[.):/-]\s*")
_ADDRESS_WORDS = ("xom", "ngo", "hem", "kiet", "doi", "cum", "duong", "khu")


def read_rows(found: ReadList, sheet: Sheet, header: Header, village: str) -> None:
    """Read the rows below the header into `found`; `village` is that of rows that name none."""
    table = Table(sheet.name, header, village, found)
    rows = [row for row in sheet.rows if row.number > header.rows[-1]]
    for place, row in enumerate(rows):
        if is_furniture(table, row, rows[place : place + 3]):
            continue
        line = _line(table, row)
        if line is None:
            continue
        if row.is_hidden:
            table.remark(row, f"Dòng {row.number} đang ẩn trong bảng tính (có thể do lọc) nhưng vẫn được đọc.")
        if table.header.lists_people:
            table.people.append(person_of(table, row, line))
        else:
            found.lines.append(line)
    if table.people:
        into_households(table)


def is_furniture(table: Table, row: Row, coming: list[Row]) -> bool:
    """Whether the row is no household but a part of the form around them; it is then left out by name."""
    is_first, table.is_first = table.is_first, False
    texts = [say(cell).text for cell in row.cells]
    name_at = _name_at(table.header)
    name = texts[name_at] if name_at < len(texts) else ""
    number = parse_count(say(table.cell(row, Column.NUMBER)).text.rstrip(".)"))
    if heading_of(name) and _is_header_again(table, row, coming):
        return True
    if is_first and are_column_letters(texts):
        table.leave_out(row, "Dòng đánh số cột của biểu mẫu, không phải một hộ.")
    elif is_total(texts[: name_at + 2]):
        table.leave_out(row, "Đây là dòng cộng, không phải một hộ.")
    elif group := _village_of_group(texts, name_at, number):
        table.village, table.has_ended = group, False
        table.leave_out(row, f"Dòng ghi tên thôn “{group}” cho các hộ bên dưới, không phải một hộ.")
    elif number is None and (table.has_ended or is_signature(texts)):
        table.has_ended = True
        table.leave_out(row, "Phần ký tên bên dưới bảng, không phải một hộ.")
    else:
        table.has_ended = False
        return False
    return True


def _is_header_again(table: Table, row: Row, coming: list[Row]) -> bool:
    """A header stands again at the top of a printed page, or begins another table of the same sheet."""
    again = find_header(coming[:1], {})
    if again is None:
        return False
    if again.headings != table.header.headings and len(table.header.rows) == 1:
        table.header = again
    table.leave_out(row, "Dòng tiêu đề lặp lại, không phải một hộ.")
    return True


def _village_of_group(texts: list[str], name_at: int, number: int | None) -> str:
    """The village that a row names for those below it, where a name would stand or before; nothing else stands there
    but perhaps an ordinal. An alley in the column of addresses is of a household without a name."""
    written = list(dict.fromkeys(text for text in texts if text))
    words = [text for text in written if not _ORDINAL.fullmatch(f"{text}.")]
    if len(words) != 1 or words[0] not in texts[: name_at + 1] or (number is not None and len(written) > 2):
        return ""
    named = clean(_HOUSEHOLDS_THERE.sub("", _ORDINAL.sub("", words[0]))).strip(" :.-")
    return named if split_kind(named)[0] and len(named) < 60 else ""


def _name_at(header: Header) -> int:
    for column in (Column.HEAD, Column.PERSON, Column.FAMILY_NAME):
        at = header.at(column)
        if at is not None and not (column is Column.HEAD and header.lists_people and Column.PERSON in header.columns):
            return at
    return 0


def _name(table: Table, row: Row) -> Said:
    name_at = _name_at(table.header)
    said = say(row.cells[name_at] if name_at < len(row.cells) else None)
    if table.header.at(Column.FAMILY_NAME) == name_at and Column.GIVEN_NAME in table.header.columns:
        given = say(table.cell(row, Column.GIVEN_NAME))
        return Said(clean(f"{said.text} {given.text}"), "", said.fault or given.fault)
    return said


def _line(table: Table, row: Row) -> ListLine | None:
    """The household of the row; None where it was left out by name."""
    name_at = _name_at(table.header)
    said = _name(table, row)
    village = _as_above(table, row, table.header.at(Column.VILLAGE), say)
    address, dropped = _address(table, row)  # read in any case: the next row may say "as above"
    if said.fault:
        table.leave_out(row, f"Ô tên {said.fault}. Dòng này chưa nhập.", name_at)
        return None
    if not said.text or is_ditto(said.text):
        table.leave_out(row, "Dòng này không có tên chủ hộ nên chưa nhập.", name_at)
        return None
    tidy = tidy_name(said.text)
    name = without_long_numbers(tidy)
    if village.fault:
        table.leave_out(
            row, f"Ô thôn của hộ “{name}” {village.fault}. Dòng này chưa nhập.", table.header.at(Column.VILLAGE)
        )
        return None
    where = village.text or _village_of_family(table) or table.village
    if not where:
        table.leave_out(row, f"Hộ “{name}” chưa ghi thôn nên chưa nhập.")
        return None
    fields, problems = read_fields({"head_name": name, "address": address})
    at_fault = {problem.pointer for problem in problems}
    if "/head_name" in at_fault or sum(letter.isalpha() for letter in name) < FEWEST_LETTERS:
        why = "có số giấy tờ hay số điện thoại, không được lưu" if tidy != name else "không phải là tên người"
        table.leave_out(row, f"Tên chủ hộ {why} nên chưa nhập.", name_at)
        return None
    if tidy != name:
        detail = f"Ô tên có số giấy tờ hay số điện thoại: số không được lưu, hộ “{name}” được nhập."
        table.remark(row, detail, name_at)
    if "/address" in at_fault:
        dropped = dropped or "dài quá"
        fields["address"] = ""
    if dropped:
        table.remark(row, f"Địa chỉ {dropped}; hộ “{name}” được nhập.", _address_at(table.header))
    phone, written = phone_of(row.cells[at] for at in table.header.columns.get(Column.PHONE, ()) if at < len(row.cells))
    if written:
        detail = f"Số điện thoại “{written[:30]}” không đúng; hộ “{name}” được nhập, để trống số."
        table.remark(row, detail, table.header.at(Column.PHONE))
    number = say(table.cell(row, Column.NUMBER)).text.rstrip(".)")
    return ListLine(
        table.sheet,
        row.number,
        name,
        where,
        str(fields.get("address") or ""),
        phone,
        parse_count(number) if len(number) <= LONGEST_LINE_NUMBER else None,
        _household_number(table, row),
    )


def _village_of_family(table: Table) -> str:
    """In a list of people the head's row alone may name the village."""
    at = table.header.at(Column.VILLAGE)
    return table.above.get(at, "") if at is not None and table.header.lists_people else ""


def _as_above(table: Table, row: Row, at: int | None, read: Callable[[Cell], Said]) -> Said:
    """What a cell says, or the cell above it where this one says "as above"."""
    if at is None or at >= len(row.cells):
        return Said()
    said = read(row.cells[at])
    if is_ditto(said.text):
        return replace(said, text=table.above.get(at, ""))
    if said.text:
        table.above[at] = said.text
    return said


def _address(table: Table, row: Row) -> tuple[str, str]:
    """The address from its columns, and what was dropped or changed in it."""
    header = table.header
    places = (*header.columns.get(Column.ADDRESS_PART, ()), *header.columns.get(Column.ADDRESS, ())[:1])
    texts: list[str] = []
    dropped = ""
    for at in places:
        said = _as_above(table, row, at, say_address)
        dropped = dropped or said.fault or said.remark
        heading = header.lowest[at].split(" ")[0].strip(",/")
        text = said.text
        if text and re.fullmatch(r"\d{1,3}[A-Za-z]?", text) and fold(heading) in _ADDRESS_WORDS:
            text = f"{heading.capitalize()} {text}"
        if text and not any(text in other for other in texts):
            texts.append(text)
    address = clean(", ".join(texts))
    kept = without_long_numbers(address)
    if kept != address:
        dropped = dropped or "có số giấy tờ hay số điện thoại: số không được lưu"
    return kept, dropped


def _address_at(header: Header) -> int | None:
    at = header.at(Column.ADDRESS)
    return at if at is not None else header.at(Column.ADDRESS_PART)


def _household_number(table: Table, row: Row) -> str | None:
    at = table.header.at(Column.HOUSEHOLD_NUMBER)
    written = _as_above(table, row, at, say).text
    if not written and at is not None and table.header.lists_people:
        return None  # a member's row: the head's row has it
    is_one = _HOUSEHOLD_NUMBER.fullmatch(written) and without_long_numbers(written) == written
    return written if is_one else None
