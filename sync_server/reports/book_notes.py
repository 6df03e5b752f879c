"""The sheets that explain: what the villages attested, and what each criterion and each number means."""

from datetime import datetime, time

from survey.figure_words import attested_value
from survey.reports import AttestedItem
from survey.villages import full_name
from sync_server.reports.book import ATTESTED, FIRST_ROW, MEANINGS, Book
from sync_server.reports.meanings import meanings_of


def write_attested(book: Book) -> None:
    columns = ("Thôn", 24), ("Mục", 7), ("Giá trị", 14), ("Minh chứng", 48), ("Ngày của minh chứng", 14)
    sheet = book.sheet(ATTESTED, (*columns, ("Người xác nhận", 24), ("Lúc", 18), ("Xã duyệt", 24)))
    names = {one.village.id: full_name(one.village) for one in book.coverage.villages}
    for row, item in enumerate(book.report.attested, FIRST_ROW):
        texts = (names.get(item.village, ""), item.criterion, value_words(item), item.evidence)
        for column, text in enumerate(texts):
            book.put(sheet, row, column, text)
        book.fit(sheet, row, texts)
        if item.dated:
            sheet.write_datetime(row, 4, datetime.combine(item.dated, time()), book.day)
        else:
            book.put(sheet, row, 4, None)
        book.put(sheet, row, 5, item.attested_by or "")
        book.put_time(sheet, row, 6, item.attested_at)
        book.put(sheet, row, 7, item.confirmed_by or "")


def write_meanings(book: Book, full_hash: str) -> None:
    sheet = book.sheet(MEANINGS, (("Mục", 24), ("Nghĩa", 60), ("Cách tính", 80)))
    for row, one in enumerate(meanings_of(book.report, full_hash), FIRST_ROW):
        texts = (one.what, one.means, one.counted)
        for column, text in enumerate(texts):
            book.put(sheet, row, column, text)
        book.fit(sheet, row, texts)


def value_words(item: AttestedItem) -> str | int:
    """What was attested: a number as one, else a word that begins with a capital."""
    is_count = isinstance(item.value, int) and not isinstance(item.value, bool) and not item.not_applicable
    return item.value if is_count and item.value is not None else attested_value(item).capitalize()
