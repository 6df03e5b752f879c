"""The table as an Excel workbook: real numbers, formulas with their values, a sheet a village, what each item means."""

from io import BytesIO

from xlsxwriter import Workbook

from survey.reports import Report
from sync_server.reports.book import Book, without_zone
from sync_server.reports.book_notes import write_attested, write_meanings
from sync_server.reports.book_table import write_table
from sync_server.reports.book_villages import write_villages
from sync_server.reports.cells import title_of

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def as_workbook(report: Report, full_hash: str = "") -> bytes:
    """The bytes of an XLSX; the same report gives the same bytes."""
    made = BytesIO()
    with Workbook(made, _PLAIN) as workbook:
        about = {"title": title_of(report), "author": "Từng Nhà", "created": without_zone(report.taken_at)}
        workbook.set_properties(about)
        book = Book(workbook, report)
        write_table(book)
        write_villages(book)
        write_attested(book)
        write_meanings(book, full_hash)
    return made.getvalue()
