"""The table as plain text, a line for each village and criterion: CSV for Excel in Vietnamese, and Unicode text.

Percentages come as two whole numbers and once in words: a spreadsheet may read "94,4" as 944. The commune's code stands
in brackets, where it keeps its first zero, and "Mục 1.2" is no date. Days are ISO dates, which every spreadsheet reads.
"""

import csv
from codecs import BOM_UTF8, BOM_UTF16_LE
from collections.abc import Iterator
from io import StringIO

from survey.field_words import RESULT_WORDS
from survey.figure_words import MISSING_WORDS, lowest, rate, result, threshold
from survey.reports import Report
from survey.times import vietnam_day
from survey.villages import full_name
from sync_server.reports.cells import neutral

Cell = str | int | None
HEADINGS = (
    "Xã",
    "Thôn",
    "Số hộ",
    "Đã khảo sát",
    "Từ chối",
    "Vắng nhà",
    "Kết quả của thôn",
    "Tiêu chí",
    "Tên tiêu chí",
    "Cần",
    "Tử số",
    "Mẫu số",
    "Tên mẫu số",
    "Hiện nay",
    "Không rõ",
    "Ở nhà không gặp, ước",
    "Nếu đều là chưa có",
    "Kết quả",
    "Còn thiếu",
    "Đơn vị còn thiếu",
    "Bộ tiêu chí",
    "Số liệu đến ngày",
)


def rows_of(report: Report) -> Iterator[list[Cell]]:
    """The lines below `HEADINGS`."""
    coverage = report.coverage
    for village in coverage.villages:
        for line in village.criteria:
            yield [
                f"{coverage.commune.name} ({coverage.commune.code})",
                full_name(village.village),
                village.registered,
                village.surveyed,
                village.refused,
                village.absent,
                RESULT_WORDS[village.result],
                f"Mục {line.no}",
                line.title,
                threshold(line),
                line.numerator,
                line.denominator,
                line.denominator_name if line.kind == "ratio" else "",
                rate(line),
                line.unknown,
                line.away,
                lowest(line),
                result(line),
                line.missing,
                MISSING_WORDS[line.missing_of] if line.missing else "",
                coverage.criteria_set.document,
                vietnam_day(village.as_of).isoformat(),
            ]


def as_csv(report: Report) -> bytes:
    """UTF-8 with its mark, ";" between cells, every text quoted, lines ended as Windows does."""
    return BOM_UTF8 + _written(report, ";", csv.QUOTE_NONNUMERIC).encode()


def as_unicode_text(report: Report) -> bytes:
    """UTF-16 with its mark and tabs: the one text that Excel splits and reads alike in every language."""
    return BOM_UTF16_LE + _written(report, "\t", csv.QUOTE_MINIMAL).encode("utf-16-le")


def _written(report: Report, between: str, quoting: int) -> str:
    made = StringIO()
    writer = csv.writer(made, delimiter=between, quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]
    writer.writerow(HEADINGS)
    for row in rows_of(report):
        writer.writerow([_plain(cell) for cell in row])
    return made.getvalue()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return neutral(" ".join(cell.split()))
    return "" if cell is None else cell
