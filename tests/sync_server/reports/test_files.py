"""The table as files: opened by a spreadsheet and read back cell by cell, they say what the report says."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from survey.reports import Report, canonical
from survey.villages import full_name
from sync_server.reports.book import CHECK, FIRST_ROW, TABLE
from sync_server.reports.book_table import columns_of
from sync_server.reports.delimited import HEADINGS, as_csv, as_unicode_text, rows_of
from sync_server.reports.sheet_names import sheet_names
from sync_server.reports.workbook import as_workbook
from tests.office_suite import converted


def read_table(content: bytes) -> Any:
    return load_workbook(BytesIO(content), data_only=True)


def check_figures(book: Any, report: Report) -> None:
    """Each cell of the table, the totals, and what the sheets of the villages add up to."""
    sheet, columns = book[TABLE], columns_of(report.coverage.totals)

    def at(row: int, column: int) -> Any:
        return sheet.cell(row + 1, column + 1).value

    def check_line(row: int, line: Any) -> None:
        if line.kind != "ratio":
            return
        column = columns[line.no]
        assert (at(row, column), at(row, column + 1), at(row, column + 3)) == (
            line.numerator or 0,
            line.denominator or 0,
            line.unknown,
        )
        share = at(row, column + 2)
        assert share in ("", None) if not line.denominator else abs(share - line.numerator / line.denominator) < 1e-12

    for row, village in enumerate(report.coverage.villages, FIRST_ROW):
        assert at(row, 0) == full_name(village.village)
        assert (at(row, 2), at(row, 3)) == (village.registered, village.surveyed)
        for line in village.criteria:
            check_line(row, line)
    last = FIRST_ROW + len(report.coverage.villages)
    assert (at(last, 1), at(last, 2), at(last, 3)) == (
        report.coverage.passed,
        report.coverage.registered,
        report.coverage.surveyed,
    )
    for line in report.coverage.totals:
        check_line(last, line)
    check = book[CHECK]
    rows = [[cell.value for cell in row] for row in check.iter_rows(min_row=FIRST_ROW + 1)]
    assert len(rows) == 4
    assert all(row[3] == row[4] and row[5] == 0 for row in rows), rows
    assert sum(row[3] for row in rows) > 0


def test_the_workbook_holds_the_reports_figures(report: Report) -> None:
    check_figures(read_table(as_workbook(report)), report)


@pytest.mark.slow
def test_a_spreadsheet_that_calculates_anew_comes_to_the_same(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    file.write_bytes(as_workbook(report))
    check_figures(read_table(converted(file, "xlsx").read_bytes()), report)


@pytest.mark.slow
def test_a_wrong_stored_value_would_be_found(report: Report, tmp_path: Path) -> None:
    """The spreadsheet really calculates: it mends a number that is stored wrong beside its formula."""
    right = report.coverage
    wrong = report.model_copy(update={"coverage": right.model_copy(update={"registered": 1, "passed": 99})})
    file = tmp_path / "table.xlsx"
    file.write_bytes(as_workbook(wrong))
    with pytest.raises(AssertionError):
        check_figures(read_table(file.read_bytes()), report)
    check_figures(read_table(converted(file, "xlsx").read_bytes()), report)


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert as_workbook(report) == as_workbook(report)
    assert canonical(report) == canonical(Report.model_validate_json(canonical(report)))


def test_texts_stay_texts(report: Report) -> None:
    book = load_workbook(BytesIO(as_workbook(report)))
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert all(str(one).startswith(("=IF(", "=SUM(", "=COUNTIF(", "=D", "='Tổng hợp'!")) for one in formulas)
    texts = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "s"]
    assert "=Biên bản số 12" in texts


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "read"), [(as_csv, "CSV:59,34,76,1,,1066"), (as_unicode_text, "CSV:9,34,65535,1,,1066")]
)
def test_a_spreadsheet_reads_the_texts(report: Report, tmp_path: Path, make: Any, read: str) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(make(report))
    [sheet] = read_table(converted(file, "xlsx", reads_as=read).read_bytes()).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert tuple(rows[0]) == HEADINGS
    for row, expected in zip(rows[1:], rows_of(report), strict=True):
        for column in (2, 3, 10, 11, 14):
            assert row[column] == expected[column] or (row[column] is None and expected[column] in ("", None))
        assert not any(str(cell).startswith("=") for cell in row)


def test_the_csv_is_as_offices_need_it(report: Report) -> None:
    content = as_csv(report)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == list(HEADINGS)
    assert len(rows) == 1 + 4 * len(report.coverage.villages)
    assert {row[1] for row in rows[1:]} >= {"thôn Đinh Xá", "thôn =1+1"}
    assert {row[0] for row in rows[1:]} == {"Nguyệt Đức (09052)"}
    assert content.count(b"\r\n") == len(rows)
    assert as_unicode_text(report)[:2] == b"\xff\xfe"


def test_json_is_whole_numbers_and_texts(report: Report) -> None:
    def walk(value: Any) -> None:
        assert not isinstance(value, float)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(one)

    body = json.loads(canonical(report))
    walk(body)
    assert body["coverage"]["registered"] == report.coverage.registered


def test_sheet_names_are_what_excel_takes() -> None:
    names = sheet_names(
        ["Tổ 3/4", "TỔ 3/4", "a" * 40, "A" * 40, "'x'", "History", "", "[]:*?", "Tổng hợp"], ["Tổng hợp"]
    )
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert not {name.casefold() for name in names} & {"history", "tổng hợp"}
    assert not any(name.startswith("'") or name.endswith("'") for name in names)
