"""A sheet for each village, and the sheet that checks that they add up to the table."""

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from survey.coverage import CoverageReport
from survey.field_words import RESULT_WORDS
from survey.figure_words import MISSING_WORDS, result, threshold
from survey.villages import full_name
from sync_server.reports.book import CHECK, FIRST_ROW, TABLE, Book, attested_value
from sync_server.reports.book_table import columns_of

_COLUMNS = (
    ("Mục", 7),
    ("Tiêu chí", 48),
    ("Cần", 10),
    ("Tử số", 10),
    ("Mẫu số", 10),
    ("Tên mẫu số", 26),
    ("Tỷ lệ", 10),
    ("Không rõ", 10),
    ("Ở nhà không gặp, ước", 12),
    ("Nếu đều là chưa có", 12),
    ("Còn thiếu", 22),
    ("Kết quả", 18),
)
_PART, _WHOLE, _SHARE, _LOWEST = 3, 4, 6, 9
_NAME_ROW, _FIRST_ROW = 4, 8


def write_villages(book: Book) -> None:
    for report, name in zip(book.coverage.villages, book.names, strict=False):
        _write_village(book, report, name)
    if book.names:
        _write_check(book)


def _write_village(book: Book, report: CoverageReport, name: str) -> None:
    sheet = book.sheet(name, _COLUMNS, _FIRST_ROW - 1)
    met = (
        f"Số hộ {report.registered}, đã khảo sát {report.surveyed}, từ chối {report.refused}, "
        f"chưa gặp {report.registered - report.visited} (trong đó vắng nhà {report.absent})"
    )
    sheet.write_string(_NAME_ROW, 0, f"{full_name(report.village)}: {RESULT_WORDS[report.result]}", book.title)
    sheet.write_string(_NAME_ROW + 1, 0, met, book.note)
    for row, line in enumerate(report.criteria, _FIRST_ROW):
        is_ratio = line.kind == "ratio"
        part, whole = line.numerator or 0, line.denominator or 0
        missing = f"{line.missing} {MISSING_WORDS[line.missing_of]}" if line.missing else ""
        ratio = (part, whole, line.denominator_name, None, line.unknown, line.away, None)
        figures = ratio if is_ratio else (attested_value(line), None, None, None, None, None, None)
        cells = (line.no, line.title, threshold(line), *figures, missing, result(line))
        for column, value in enumerate(cells):
            book.put(sheet, row, column, value)
        book.fit(sheet, row, cells)
        if is_ratio:
            book.put_share(sheet, row, _SHARE, (row, _PART), (row, _WHOLE), (part, whole))
            book.put_lowest(sheet, row, _LOWEST, (row, _PART), (row, _WHOLE), line)
    sheet.freeze_panes(_FIRST_ROW, 2)


def _write_check(book: Book) -> None:
    """For each ratio: the total of the table, the sum over the villages' sheets, and their difference, which is 0."""
    columns = ("Mục", 7), ("Tiêu chí", 48), ("Số", 12), ("Theo Tổng hợp", 16), ("Cộng trang các thôn", 16), ("Lệch", 12)
    sheet = book.sheet(CHECK, columns)
    firsts, total_row, row = columns_of(book.coverage.totals), FIRST_ROW + len(book.coverage.villages), FIRST_ROW
    for place, line in enumerate(book.coverage.totals):
        if line.kind != "ratio":
            continue
        for offset, (word, number) in enumerate((("tử số", line.numerator or 0), ("mẫu số", line.denominator or 0))):
            for column, text in enumerate((line.no, line.title, word)):
                book.put(sheet, row, column, text)
            book.fit(sheet, row, (line.no, line.title, word))
            total = xl_rowcol_to_cell(total_row, firsts[line.no] + offset)
            own = xl_rowcol_to_cell(_FIRST_ROW + place, _PART + offset)
            parts = ",".join(f"{quote_sheetname(name)}!{own}" for name in book.names)
            sheet.write_formula(row, 3, f"={quote_sheetname(TABLE)}!{total}", book.number, number)
            sheet.write_formula(row, 4, f"=SUM({parts})", book.number, number)
            sheet.write_formula(row, 5, f"=D{row + 1}-E{row + 1}", book.number, 0)
            row += 1
