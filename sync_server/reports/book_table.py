"""The sheet “Tổng hợp”: a row a village, for each criterion its figures, and sums below."""

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from survey.coverage import CoverageReport, CriterionCoverage
from survey.criteria import Result
from survey.field_words import RESULT_WORDS
from survey.figure_words import result
from survey.villages import full_name
from sync_server.reports.book import FIRST_ROW, HEAD_ROW, TABLE, Book, attested_value

FIXED = (
    ("Thôn", 24),
    ("Kết quả", 16),
    ("Số hộ", 9),
    ("Đã khảo sát", 9),
    ("Tỷ lệ khảo sát", 9),
    ("Từ chối", 9),
    ("Vắng nhà", 9),
    ("Chuyển đi, bỏ trống", 11),
)
_RATIO = (
    ("có", 12),
    ("đã tính", 12),
    ("tỷ lệ", 12),
    ("không rõ", 12),
    ("ở nhà không gặp, ước", 12),
    ("nếu đều là chưa có", 12),
    ("kết quả", 18),
)
_OTHER = (("giá trị", 12), ("kết quả", 16))
_REGISTERED, _SURVEYED, _SURVEYED_SHARE = 2, 3, 4


def columns_of(lines: list[CriterionCoverage]) -> dict[str, int]:
    """The first column of each criterion."""
    columns, column = {}, len(FIXED)
    for line in lines:
        columns[line.no] = column
        column += len(_RATIO if line.kind == "ratio" else _OTHER)
    return columns


def write_table(book: Book) -> None:
    headings = list(FIXED)
    for line in book.coverage.totals:
        for word, width in _RATIO if line.kind == "ratio" else _OTHER:
            headings.append((f"{line.no}. {line.title}: {word}", width))
    sheet = book.sheet(TABLE, headings)
    columns, villages = columns_of(book.coverage.totals), book.coverage.villages
    for row, village in enumerate(villages, FIRST_ROW):
        counts = (village.registered, village.surveyed, None, village.refused, village.absent, village.left)
        fixed = (full_name(village.village), RESULT_WORDS[village.result], *counts)
        for column, value in enumerate(fixed):
            book.put(sheet, row, column, value)
        book.fit(sheet, row, fixed)
        _put_surveyed(book, sheet, row, village.surveyed, village.registered)
        for line in village.criteria:
            _put_line(book, sheet, row, columns[line.no], line)
    sheet.freeze_panes(FIRST_ROW, 1)
    if villages:
        last = FIRST_ROW + len(villages) - 1
        sheet.autofilter(HEAD_ROW, 0, last, len(headings) - 1)
        _put_totals(book, sheet, last)


def _put_surveyed(book: Book, sheet: Worksheet, row: int, surveyed: int, registered: int) -> None:
    cells = (row, _SURVEYED), (row, _REGISTERED)
    book.put_share(sheet, row, _SURVEYED_SHARE, *cells, (surveyed, registered))


def _put_line(book: Book, sheet: Worksheet, row: int, column: int, line: CriterionCoverage) -> None:
    if line.kind != "ratio":
        book.put(sheet, row, column, attested_value(line))
        book.put(sheet, row, column + 1, result(line))
        return
    part, whole = line.numerator or 0, line.denominator or 0
    book.put(sheet, row, column, part)
    book.put(sheet, row, column + 1, whole)
    book.put_share(sheet, row, column + 2, (row, column), (row, column + 1), (part, whole))
    book.put(sheet, row, column + 3, line.unknown)
    book.put(sheet, row, column + 4, line.away)
    book.put_lowest(sheet, row, column + 5, (row, column), (row, column + 1), line)
    book.put(sheet, row, column + 6, result(line))


def _put_totals(book: Book, sheet: Worksheet, last: int) -> None:
    """Sums, and how many villages pass. They stay those of the whole commune when the table is filtered."""
    coverage, row = book.coverage, last + 1
    villages = coverage.villages

    def add_up(column: int, value: int, formula: str = "=SUM({})") -> None:
        cells = f"{xl_rowcol_to_cell(FIRST_ROW, column)}:{xl_rowcol_to_cell(last, column)}"
        sheet.write_formula(row, column, formula.format(cells), book.bold, value)

    def count_met(column: int, met: int) -> None:
        add_up(column, met, f'=COUNTIF({{}},"{RESULT_WORDS[Result.MET]}*")')

    sheet.write_string(row, 0, f"Toàn {coverage.commune.kind}", book.bold)
    count_met(1, coverage.passed)
    sums = (coverage.registered, coverage.surveyed, None, *_sums(villages, "refused", "absent", "left"))
    for column, value in enumerate(sums, _REGISTERED):
        if value is not None:
            add_up(column, value)
    _put_surveyed(book, sheet, row, coverage.surveyed, coverage.registered)
    for line in coverage.totals:
        column = columns_of(coverage.totals)[line.no]
        met = sum(one.result is Result.MET for village in villages for one in village.criteria if one.no == line.no)
        if line.kind != "ratio":
            book.put(sheet, row, column, None)
            count_met(column + 1, met)
            continue
        part, whole = line.numerator or 0, line.denominator or 0
        add_up(column, part)
        add_up(column + 1, whole)
        book.put_share(sheet, row, column + 2, (row, column), (row, column + 1), (part, whole))
        add_up(column + 3, line.unknown)
        add_up(column + 4, line.away)
        book.put_lowest(sheet, row, column + 5, (row, column), (row, column + 1), line)
        count_met(column + 6, met)


def _sums(villages: list[CoverageReport], *names: str) -> list[int]:
    return [sum(getattr(village, name) for village in villages) for name in names]
