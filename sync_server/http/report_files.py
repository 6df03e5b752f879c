"""A report's file as an answer: the same on the wire and on a page."""

from urllib.parse import quote

from fastapi import Response

from survey.problems import NOT_FOUND
from survey.reports import Report
from survey.vietnamese import fold
from sync_server.problems import Problem
from sync_server.reports.cells import title_of
from sync_server.reports.formats import FORMATS, Format


def the_format(ending: str) -> Format:
    """The format of this ending. Raises `Problem` not-found."""
    found = FORMATS.get(ending)
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def file_answer(report: Report, ending: str, content: bytes) -> Response:
    """The file to be saved under the report's title, never kept by what lies between."""
    title = f"{title_of(report)}.{ending}".replace("/", "-")
    plain = fold(title).replace("–", "-").encode("ascii", "ignore").decode()
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(title)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=the_format(ending).media_type, headers=headers)
