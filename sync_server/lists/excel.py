"""Workbooks (.xlsx): what is hidden, merged, a day, an error, or a formula without its result is told apart."""

import warnings
from contextlib import closing
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from survey.problems import LIST_UNREADABLE
from sync_server.lists.sheets import Cell, NoResult, Row, Sheet, Wrong, cell_of, unreadable
from sync_server.problems import Problem

LARGEST_UNPACKED = 100 * 1024**2
MOST_COLUMNS = 60
"""A list has twenty; what stands further right is not looked at, however wide the sheet says that it is."""
_FOREIGN = {
    b"application/vnd.oasis.opendocument": "OpenDocument (.ods)",
    b"application/vnd.openxmlformats-officedocument.wordprocessingml": "Word (.docx)",
}
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml"


def read_workbook(file: Path) -> list[Sheet]:
    """The workbook's sheets. Raises `Problem` list-unreadable."""
    try:
        has_formulas = _look_into(file)
        with _open(file, values=True) as values:
            sheets = [_sheet(one) for one in values.worksheets]
        if has_formulas:
            with _open(file, values=False) as formulas:
                for sheet, one in zip(sheets, formulas.worksheets, strict=True):
                    _mark_without_result(sheet, one)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError, EOFError, TypeError) as error:
        raise Problem(LIST_UNREADABLE) from error
    return [sheet for sheet in sheets if sheet.rows]


def _look_into(file: Path) -> bool:
    """Whether there are formulas. A small file may unpack to a huge one: this looks before the file is opened."""
    with ZipFile(file) as parts:
        for part in parts.namelist():
            if part == "mimetype" or part == "[Content_Types].xml":
                told = _beginning(parts, part)
                if foreign := next((name for sign, name in _FOREIGN.items() if sign in told), None):
                    raise unreadable(f"Tệp là {foreign}. Anh/chị mở rồi lưu lại thành “Excel Workbook (.xlsx)”.")
        every = parts.infolist()
        if sum(part.file_size for part in every) > LARGEST_UNPACKED:
            raise unreadable("Nội dung tệp lớn bất thường. Anh/chị lưu lại tệp bằng Excel, hoặc tách theo thôn.")
        if "xl/workbook.xml" in parts.namelist() and _STRICT in _beginning(parts, "xl/workbook.xml"):
            raise unreadable(
                "Tệp lưu kiểu “Strict Open XML”. Mở bằng Excel, chọn Lưu như (Save As), kiểu “Excel Workbook (.xlsx)”."
            )
        sheets = [part for part in every if part.filename.startswith("xl/worksheets/")]
        return any(sign in parts.read(part) for part in sheets for sign in (b"<f>", b"<f "))


def _beginning(parts: ZipFile, name: str) -> bytes:
    with parts.open(name) as part:
        return part.read(4000)


def _open(file: Path, *, values: bool) -> "closing[Workbook]":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on styling that this program does not read
        return closing(load_workbook(file, data_only=values))


def _sheet(there: Worksheet) -> Sheet:
    sheet = Sheet(there.title, is_hidden=there.sheet_state != "visible")
    hidden = {number for number, row in there.row_dimensions.items() if row.hidden}
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for area in there.merged_cells.ranges:
        for row in range(area.min_row, min(area.max_row, area.min_row + 5000) + 1):
            for column in range(area.min_col, min(area.max_col, MOST_COLUMNS) + 1):
                merged[row, column] = (area.min_row, area.min_col)
    cells: dict[tuple[int, int], Cell] = {}
    for line in there.iter_rows(max_col=min(there.max_column, MOST_COLUMNS)):
        for cell in line:
            if cell.value is not None:
                is_wrong = cell.data_type == "e"
                found = Wrong(str(cell.value)) if is_wrong else cell_of(cell.value, cell.number_format)
                cells[cell.row, cell.column] = found
    if not cells:
        return sheet
    width = max(column for _, column in cells)
    for number in sorted({row for row, _ in cells}):
        values = [cells.get(merged.get((number, at), (number, at))) for at in range(1, width + 1)]
        if any(value is not None for value in values):
            sheet.rows.append(Row(number, values, number in hidden))
    return sheet


def _mark_without_result(sheet: Sheet, formulas: Worksheet) -> None:
    rows = {row.number: row for row in sheet.rows}
    for line in formulas.iter_rows(max_col=min(formulas.max_column, MOST_COLUMNS)):
        for cell in line:
            if cell.data_type != "f" or cell.row is None or cell.column is None:
                continue
            row = rows.get(cell.row)
            if row is None:
                row = rows[cell.row] = Row(cell.row, [])
                sheet.rows.append(row)
            row.cells += [None] * (cell.column - len(row.cells))
            if row.cells[cell.column - 1] is None:
                row.cells[cell.column - 1] = NoResult()
    sheet.rows.sort(key=lambda row: row.number)
