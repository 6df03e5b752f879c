"""The rows that were left out, as a workbook to correct and bring again: as they stood, each with the reason."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from sync_server.lists.cells import say_address
from sync_server.lists.files import read_sheets
from sync_server.lists.found import Note, ReadList
from sync_server.lists.sheets import Cell, Row, Sheet, column_letter

REASON = "Lý do chưa nhập"
Value = str | int | float


def write_left_out(file: Path, read: ReadList, notes: list[Note]) -> bytes | None:
    """A workbook with a sheet for each sheet of the file that has rows left out, under their headings; None if no row
    is to be corrected. Sheets that were not read at all are not among them."""
    reasons = {(note.sheet, note.row): note.detail for note in notes if note.left_out and note.row}
    unread = {one.name for one in read.sheets if one.why_not}
    book = Workbook(write_only=True)
    for sheet in read_sheets(file):
        rows = [row for row in sheet.rows if (sheet.name, row.number) in reasons and sheet.name not in unread]
        if not rows:
            continue
        page = book.create_sheet(sheet.name)
        for line in _lines(sheet, read, rows, reasons):
            page.append([_cell(page, value) for value in line])
    if not book.worksheets:
        return None
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _lines(
    sheet: Sheet, read: ReadList, rows: list[Row], reasons: Mapping[tuple[str, int], str]
) -> Iterator[list[Value]]:
    yield [*_headings(sheet, read), REASON]
    for row in rows:
        yield [*map(_as_value, row.cells), reasons[sheet.name, row.number]]


def _cell(page: WriteOnlyWorksheet, value: Value) -> Any:
    """A cell of this value: a text stays one, also if it begins as a formula does."""
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _headings(sheet: Sheet, read: ReadList) -> list[str]:
    columns = next(one.columns for one in read.sheets if one.name == sheet.name)
    width = max(len(row.cells) for row in sheet.rows)
    by_letter = {one.letter: one.heading for one in columns}
    return [by_letter.get(column_letter(at), "") for at in range(width)]


def _as_value(cell: Cell) -> Value:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    said = say_address(cell)
    return said.text or (f"({said.fault})" if said.fault else "")
