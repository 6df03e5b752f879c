"""A period's report before it is signed: what to know first, the draft as it would be printed, what is written."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from survey.ids import Id
from survey.printed_figures import read_printed
from survey.problem_shapes import ProblemDetails
from survey.problems import FIELDS_INVALID
from survey.reports import Letterhead, Wording
from sync_server.access.caller import Caller
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, SettingsDep
from sync_server.http.report_files import file_answer, the_format
from sync_server.office.pages import ROOT, draw, see_other
from sync_server.office.visitor import FormDep, ReportVisitor
from sync_server.office.writing import Draft
from sync_server.problems import Problem
from sync_server.reports.checklist import check_before_signing
from sync_server.reports.compose import compose_period
from sync_server.reports.document import document_of
from sync_server.reports.letterhead import lines_of
from sync_server.reports.plan import write_draft
from sync_server.reports.sign import sign_report
from sync_server.reports.taking_out import note_file
from sync_server.store.database import Session
from sync_server.store.reports import list_reports

router = APIRouter(prefix="/reports/periods/{period}")
_LETTERHEAD = (
    ("parent", "Cơ quan cấp trên (để trống nếu không ghi)", 1),
    ("issuer", "Cơ quan ban hành", 2),
    ("sign", "Ký hiệu", 1),
    ("place", "Địa danh", 1),
    ("addressed_to", "Kính gửi (mỗi nơi một dòng)", 2),
    ("capacity", "Quyền hạn, chức vụ người ký", 2),
    ("signer", "Họ và tên người ký", 1),
    ("recipients", "Nơi nhận (mỗi nơi một dòng)", 3),
)
_WORDING = (
    ("shortcomings", "Tồn tại, nguyên nhân (thêm vào phần máy tính sẵn)", 4),
    ("next_steps", "Phương hướng", 3),
    ("proposals", "Đề xuất, kiến nghị", 3),
    ("printed", "Số đã in ở báo cáo trước, để tính lại (mỗi dòng: tên; tử số; mẫu số; phần trăm đã in)", 2),
)


@router.get("")
def period_page(
    request: Request, caller: ReportVisitor, session: SessionDep, now: NowDep, period: Id, said: str = ""
) -> Response:
    """The check list, the draft and the forms."""
    return _draw(request, caller, session, now, period, said=_SAID.get(said, ""))


_SAID = {
    "drafted": "Đã ghi nháp. Bản xem ở dưới đã theo điều vừa ghi.",
    "changed": "Đã ghi kỳ báo cáo và kế hoạch.",
}


@router.get("/draft.{ending}")
def draft_file(caller: ReportVisitor, database: DatabaseDep, now: NowDep, period: Id, ending: str) -> Response:
    """The draft as a file; every page of it says that it is not signed."""
    made = the_format(ending)
    with database.read() as session:
        report = compose_period(session, caller.commune, period, now)
    with database.write() as session:
        note_file(session, caller, now, report, made.name)
    return file_answer(report, ending, made.make(report, ""))


@router.post("/draft")
def write(
    request: Request, caller: ReportVisitor, database: DatabaseDep, now: NowDep, form: FormDep, period: Id
) -> Response:
    """Keep the letterhead and the wording."""
    try:
        letterhead = Letterhead.model_validate({name: _lines(form.get(name, "")) for name, *_ in _LETTERHEAD})
        wording = Wording.model_validate({name: _lines(form.get(name, "")) for name, *_ in _WORDING})
        read_printed(wording.printed)
    except ValidationError as error:
        names = {name: label for name, label, _ in _LETTERHEAD + _WORDING}
        field = names[str(error.errors()[0]["loc"][0])]
        raise Problem(FIELDS_INVALID, detail=f"{field}: dài quá, anh/chị rút bớt chữ.") from error
    except ValueError as error:
        raise Problem(FIELDS_INVALID, detail=f"Số đã in ở báo cáo trước: {error}") from error
    with database.write() as session:
        write_draft(session, caller.commune.code, period, letterhead, wording)
    return see_other(f"/reports/periods/{period}?said=drafted")


@router.post("/sign")
def sign(
    request: Request,
    caller: ReportVisitor,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    form: FormDep,
    period: Id,
) -> Response:
    """Freeze the report. What is open must have been seen; whoever was quicker is said."""
    draft = Draft.of(form)
    try:
        with database.read() as session:
            report = compose_period(session, caller.commune, period, now)
            is_open = any(not one.is_well for one in check_before_signing(session, report, now))
        if is_open and "seen_open" not in form:
            said = "Còn điều chưa xong ở danh sách trên. Nếu vẫn chốt, đánh dấu “Tôi đã xem các điều còn mở”."
            raise Problem(FIELDS_INVALID, detail=said)
        reason = form.get("reason", "")
        about = (period, draft.change, draft.seen, reason, now)
        signed = sign_report(database, caller, *about, check_at=f"{settings.public_url}{ROOT}/check")
    except Problem as problem:
        if problem.details.slug != FIELDS_INVALID.slug:
            raise
        with database.read() as session:
            return _draw(request, caller, session, now, period, problem=problem.details)
    return see_other(f"/reports/{signed.id}?said=signed")


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    now: datetime,
    period: str,
    *,
    said: str = "",
    problem: ProblemDetails | None = None,
) -> Response:
    report = compose_period(session, caller.commune, period, now)
    signed = list_reports(session, caller.commune.code)
    checks = check_before_signing(session, report, now)
    values: dict[str, Any] = {
        "report": report,
        "period": report.period,
        "checks": checks,
        "is_open": any(not one.is_well for one in checks),
        "document": document_of(report),
        "lines": lines_of(report.letterhead),
        "letterhead_fields": _LETTERHEAD,
        "wording_fields": _WORDING,
        "reports": [one for one in signed if one.period == period],
        "draft": Draft.new(now, signed[0].number if signed else 0),
        "said": said,
        "problem": problem,
    }
    return draw(request, "report_period.html", caller, problem.status if problem else 200, **values)
