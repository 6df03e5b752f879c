"""The files that a report can become, by the ending of their address."""

from collections.abc import Callable
from dataclasses import dataclass

from survey.reports import Report, canonical
from sync_server.reports.delimited import as_csv, as_unicode_text
from sync_server.reports.workbook import as_workbook


@dataclass(frozen=True)
class Format:
    """A kind of file: its media type, how people call it, and how it is made."""

    media_type: str
    name: str
    make: Callable[[Report], bytes]


FORMATS = {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Bảng Excel", as_workbook),
    "csv": Format("text/csv; charset=utf-8", "CSV", as_csv),
    "txt": Format("text/plain; charset=utf-16", "Văn bản Unicode", as_unicode_text),
    "json": Format("application/json", "JSON", canonical),
}
