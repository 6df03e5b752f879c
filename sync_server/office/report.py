"""A signed report: its files as they were made, its check code, what has changed since, the number that it got."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.acts import Act
from survey.ids import Id
from survey.problems import NOT_FOUND
from survey.reports import check_code
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep
from sync_server.http.report_files import file_answer, the_format
from sync_server.office.pages import draw, see_other
from sync_server.office.reports import read_day
from sync_server.office.visitor import FormDep, ReportVisitor
from sync_server.problems import Problem
from sync_server.reports.compose import read_signed
from sync_server.reports.document import document_of
from sync_server.reports.formats import FORMATS
from sync_server.reports.letterhead import lines_of
from sync_server.reports.sign import note_document_number
from sync_server.reports.since import changed_since
from sync_server.reports.summary import short_text
from sync_server.reports.taking_out import note_file
from sync_server.store.database import Session
from sync_server.store.reports import SignedReport, find_file, find_report

router = APIRouter(prefix="/reports/{report}")
_SAID = {
    "signed": "Đã chốt báo cáo, số liệu không đổi nữa. Tải bản Word, xin số, ký và đóng dấu như thường lệ.",
    "numbered": "Đã ghi số và ngày của văn bản.",
}


@router.get("")
def report_page(
    request: Request, caller: ReportVisitor, session: SessionDep, now: NowDep, report: Id, said: str = ""
) -> Response:
    """The report as it was signed, and beside it what is different today."""
    signed = the_report(session, caller, report)
    content = read_signed(signed)
    by = find_report(session, caller.commune.code, signed.replaced_by) if signed.replaced_by else None
    values: dict[str, Any] = {
        "signed": signed,
        "report": content,
        "code": check_code(signed.hash),
        "formats": FORMATS,
        "since": changed_since(session, caller.commune, content, now),
        "document": document_of(content, signed.hash),
        "lines": lines_of(content.letterhead),
        "short_text": short_text(content, signed.hash),
        "replaced_by": by,
        "said": _SAID.get(said, ""),
    }
    return draw(request, "report.html", caller, **values)


@router.get("/progress.png")
def picture(caller: ReportVisitor, database: DatabaseDep, now: NowDep, report: Id) -> Response:
    """A picture of the report's sums, to be sent in a group."""
    from sync_server.reports.picture import as_picture  # imported late: only who wants a picture pays for it

    with database.read() as session:
        signed = the_report(session, caller, report)
    with database.write() as session:
        note_file(session, caller, now, read_signed(signed), "hình kết quả")
    headers = {
        "Content-Disposition": f'attachment; filename="ket-qua-{signed.number}.png"',
        "Cache-Control": "no-store",
    }
    return Response(as_picture(read_signed(signed), signed.hash), media_type="image/png", headers=headers)


@router.get("/file.{ending}")
def report_file(caller: ReportVisitor, database: DatabaseDep, now: NowDep, report: Id, ending: str) -> Response:
    """The file as it was made at the signing, byte for byte."""
    made = the_format(ending)
    with database.read() as session:
        content = read_signed(the_report(session, caller, report))
        kept = find_file(session, caller.commune.code, report, ending)
    if kept is None:
        raise Problem(NOT_FOUND)
    with database.write() as session:
        note_file(session, caller, now, content, made.name)
    return file_answer(content, ending, kept.content)


@router.post("/number")
def number(caller: ReportVisitor, database: DatabaseDep, now: NowDep, form: FormDep, report: Id) -> Response:
    """Keep the number and the day that the clerk gave the paper."""
    typed = form.get("on", "").strip()
    on: date | None = read_day(typed, "Ngày văn bản") if typed else None
    with database.write() as session:
        the_report(session, caller, report)
        note_document_number(session, caller.commune.code, report, form.get("number", ""), on)
        note(session, caller, now, Act.NUMBERED_REPORT, subject_kind="report", subject=report)
    return see_other(f"/reports/{report}?said=numbered")


def the_report(session: Session, caller: Caller, report: str) -> SignedReport:
    """The commune's signed report. Raises `Problem` not-found."""
    found = find_report(session, caller.commune.code, report)
    if found is None:
        raise Problem(NOT_FOUND)
    return found
