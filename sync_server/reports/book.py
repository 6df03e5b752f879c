"""The looks of a workbook, and how its sheets begin and their cells are written."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from survey.coverage import CriterionCoverage
from survey.reports import Report
from survey.times import vietnam_time
from survey.villages import full_name
from sync_server.reports.cells import state_of, title_of
from sync_server.reports.sheet_names import sheet_names

TABLE, CHECK, MEANINGS, ATTESTED = "Tổng hợp", "Đối chiếu", "Giải thích", "Thôn xác nhận"
HEAD_ROW, FIRST_ROW = 4, 5
MOST_VILLAGE_SHEETS = 200
"""More villages than this, and a sum over their sheets is longer than a formula may be: they get no sheets."""
MOST_COLUMNS_ON_PAGE = 14
_A4 = 9
_LINE_POINTS, _WIDER = 16.5, 1.1
"""The height of a line, and how much wider a letter at 12 points is than the letter that widths are counted in."""

Cell = tuple[int, int]


class Book:
    """A workbook of one report, with the names of its villages' sheets."""

    def __init__(self, workbook: Workbook, report: Report) -> None:
        self.workbook, self.report, self.coverage = workbook, report, report.coverage
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        cell = font | {"border": 1}
        self.title = workbook.add_format(font | {"bold": True, "font_size": 14})
        self.note = workbook.add_format(font | {"italic": True})
        self.head = workbook.add_format(
            cell | {"bold": True, "text_wrap": True, "align": "center", "bg_color": "#E7EEF7"}
        )
        self.text = workbook.add_format(cell | {"text_wrap": True, "num_format": "@"})
        self.bold = workbook.add_format(cell | {"bold": True, "num_format": "#,##0"})
        self.number = workbook.add_format(cell | {"num_format": "#,##0"})
        self.share = workbook.add_format(cell | {"num_format": "0.0%"})
        self.day = workbook.add_format(cell | {"num_format": "dd/mm/yyyy", "align": "left"})
        self.moment = workbook.add_format(cell | {"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        self.widths: dict[Worksheet, list[int]] = {}
        villages = self.coverage.villages if len(self.coverage.villages) <= MOST_VILLAGE_SHEETS else []
        self.names = sheet_names([full_name(one.village) for one in villages], (TABLE, CHECK, MEANINGS, ATTESTED))

    def sheet(self, name: str, columns: Sequence[tuple[str, int]], head_row: int = HEAD_ROW) -> Worksheet:
        """A sheet with the report's title and one row of headings (each with its column's width), ready to print."""
        made = self.workbook.add_worksheet(name)
        criteria = self.coverage.criteria_set
        made.write_string(0, 0, title_of(self.report), self.title)
        made.write_string(1, 0, f"{criteria.title} · {criteria.document}", self.note)
        made.write_string(2, 0, state_of(self.report), self.note)
        for column, (heading, width) in enumerate(columns):
            made.write_string(head_row, column, heading, self.head)
            made.set_column(column, column, width)
        self.widths[made] = [width for _heading, width in columns]
        self.fit(made, head_row, [heading for heading, _width in columns])
        made.repeat_rows(head_row)
        made.set_paper(_A4)
        made.set_landscape()
        if len(columns) <= MOST_COLUMNS_ON_PAGE:
            made.fit_to_pages(1, 0)
        else:  # on one page nobody could read it: the first column is printed again on each
            made.repeat_columns("A:A")
        made.set_footer("&C&P trên &N")
        return made

    def fit(self, sheet: Worksheet, row: int, cells: Sequence[object]) -> None:
        """Make a row as high as its longest text needs: not every program does so by itself when it opens a file."""
        pairs = zip(cells, self.widths[sheet], strict=False)  # the last columns hold figures
        lines = max(ceil(len(str(cell or "")) * _WIDER / width) for cell, width in pairs)
        sheet.set_row(row, _LINE_POINTS * max(lines, 1))

    def put(self, sheet: Worksheet, row: int, column: int, value: str | int | None) -> None:
        """A text stays a text whatever it begins with, a number is one, nothing is an empty cell with its border."""
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.text)
        elif value is None:
            sheet.write_blank(row, column, None, self.text)
        else:
            sheet.write_number(row, column, value, self.number)

    def put_time(self, sheet: Worksheet, row: int, column: int, at: datetime | None) -> None:
        if at is None:
            self.put(sheet, row, column, None)
        else:
            sheet.write_datetime(row, column, vietnam_time(at).replace(tzinfo=None), self.moment)

    def put_share(
        self, sheet: Worksheet, row: int, column: int, part: Cell, whole: Cell, counts: tuple[int, int]
    ) -> None:
        """The rate of two cells as a formula, with its value: readers that do not calculate show that."""
        a, b = xl_rowcol_to_cell(*part), xl_rowcol_to_cell(*whole)
        value = counts[0] / counts[1] if counts[1] else ""
        sheet.write_formula(row, column, f'=IF({b}=0,"",{a}/{b})', self.share, value)

    def put_lowest(
        self, sheet: Worksheet, row: int, column: int, part: Cell, whole: Cell, line: CriterionCoverage
    ) -> None:
        """The rate if all that is hidden were a no. The two cells before this one hold what is hidden."""
        a, b = xl_rowcol_to_cell(*part), xl_rowcol_to_cell(*whole)
        hidden = f"{xl_rowcol_to_cell(row, column - 2)}+{xl_rowcol_to_cell(row, column - 1)}"
        value = "" if line.lowest is None else float(line.lowest)
        sheet.write_formula(row, column, f'=IF({b}=0,"",{a}/({b}+{hidden}))', self.share, value)


def attested_value(line: CriterionCoverage) -> str | int | None:
    """What stands in the cell of a yes/no or count item."""
    if line.numerator is None or line.kind != "boolean":
        return line.numerator
    return "Có" if line.numerator else "Không"


def without_zone(at: datetime) -> datetime:
    """The same instant in UTC, as a workbook's properties want it."""
    return at.astimezone(UTC).replace(tzinfo=None)
