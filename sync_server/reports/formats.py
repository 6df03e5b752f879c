"""The files that a report can become, by the ending of their address. What makes them is imported when one is made:
most processes of a server never make any, and each library takes 10 to 30 MB."""

from collections.abc import Callable
from dataclasses import dataclass

from survey.reports import Report, canonical
from sync_server.reports.delimited import as_csv, as_unicode_text


@dataclass(frozen=True)
class Format:
    """A kind of file: its media type, how people call it, and how it is made of a report and, once that is signed, the
    hash of its canonical bytes ("" before)."""

    media_type: str
    name: str
    make: Callable[[Report, str], bytes]


def _as_docx(report: Report, hash_of_it: str) -> bytes:
    from sync_server.reports.docx_file import as_docx

    return as_docx(report, hash_of_it)


def _as_workbook(report: Report, hash_of_it: str) -> bytes:
    from sync_server.reports.workbook import as_workbook

    return as_workbook(report, hash_of_it)


def _as_pdf(report: Report, hash_of_it: str) -> bytes:
    from sync_server.reports.pdf_file import as_pdf

    return as_pdf(report, hash_of_it)


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    "docx": Format(f"{_OFFICE}.wordprocessingml.document", "Văn bản Word", _as_docx),
    "xlsx": Format(f"{_OFFICE}.spreadsheetml.sheet", "Bảng Excel", _as_workbook),
    "pdf": Format("application/pdf", "PDF", _as_pdf),
    "csv": Format("text/csv; charset=utf-8", "CSV", lambda report, _hash: as_csv(report)),
    "txt": Format("text/plain; charset=utf-16", "Văn bản Unicode", lambda report, _hash: as_unicode_text(report)),
    "json": Format("application/json", "JSON", lambda report, _hash: canonical(report)),
}
