"""Sổ dữ liệu: what a commune must be able to show as the keeper of its people's data, and the deadlines that run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.acts import Act
from survey.ids import Id, is_id
from survey.problem_shapes import ProblemDetails
from survey.problems import FIELDS_INVALID
from survey.requests import REQUEST_WORDS, Deadlines, RequestKind, deadlines_of
from survey.times import vietnam_day
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.commune.requests import move_request, write_request
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, SettingsDep
from sync_server.office.pages import draw, see_other
from sync_server.office.reports import read_day
from sync_server.office.visitor import FormDep, RegisterVisitor
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.communes import find_criteria_set
from sync_server.store.database import Session
from sync_server.store.registers import (
    DataRequest,
    count_kept_since_before,
    list_consents,
    list_erasures,
    list_incidents,
    list_requests,
)
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/registers")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MONTH = timedelta(days=366) / 12


@dataclass(frozen=True)
class RequestLine:
    """A request with its deadlines, and whether the next of them is over."""

    request: DataRequest
    deadlines: Deadlines
    is_late: bool


@router.get("")
def registers_page(
    request: Request,
    caller: RegisterVisitor,
    session: SessionDep,
    settings: SettingsDep,
    now: NowDep,
    household: str = "",
) -> Response:
    """Every register. With a household's id the form of a new request is about it."""
    return _draw(request, caller, session, settings, now, household=household if is_id(household) else "")


@router.post("/requests")
def write(
    request: Request,
    caller: RegisterVisitor,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    form: FormDep,
) -> Response:
    """Write a request down."""
    household, village = form.get("household", ""), form.get("village", "")
    try:
        day = read_day(form.get("received_on", ""), "Ngày nhận yêu cầu")
        if village:
            caller.check_works_in(village)
        kind = _kind(form.get("kind", ""))
        about = {"household": household if is_id(household) else None, "village": village or None}
        with database.write() as session:
            write_request(session, caller, kind, day, form.get("note", ""), now, **about)
    except Problem as problem:
        return _refused(request, caller, database, settings, now, problem)
    return see_other("/registers")


@router.post("/requests/{identity}")
def move(
    request: Request,
    caller: RegisterVisitor,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    form: FormDep,
    identity: Id,
) -> Response:
    """Take a request one step on: answered, extended, done."""
    try:
        with database.write() as session:
            move_request(session, caller, identity, form.get("step", ""), form.get("outcome", ""), now)
    except Problem as problem:
        return _refused(request, caller, database, settings, now, problem)
    return see_other("/registers")


@router.get("/impact.docx")
def impact(caller: RegisterVisitor, database: DatabaseDep, settings: SettingsDep, now: NowDep) -> Response:
    """The impact assessment, filled in with what this server does and asks."""
    from sync_server.reports.impact import impact_assessment  # imported late: only who asks for it pays for it

    with database.read() as session:
        criteria = find_criteria_set(session, caller.commune.code)
    with database.write() as session:
        note(session, caller, now, Act.EXPORTED, subject_kind="impact", format="Word", title="Hồ sơ đánh giá tác động")
    made = impact_assessment(caller.commune, criteria, settings.retention_months, settings.audit_months, now)
    name = f"danh-gia-tac-dong-{caller.commune.code}.docx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(made, media_type=_DOCX, headers=headers)


def _kind(text: str) -> RequestKind:
    try:
        return RequestKind(text)
    except ValueError as error:
        raise Problem(FIELDS_INVALID, detail="Loại yêu cầu: chọn một loại trong danh sách.") from error


def _refused(
    request: Request,
    caller: Caller,
    database: DatabaseDep,
    settings: ServerSettings,
    now: datetime,
    problem: Problem,
) -> Response:
    """The page again with what is wrong; what is not about a field goes on as it is."""
    if problem.details.slug != FIELDS_INVALID.slug:
        raise problem
    with database.read() as session:
        return _draw(request, caller, session, settings, now, problem=problem.details)


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    settings: ServerSettings,
    now: datetime,
    *,
    household: str = "",
    problem: ProblemDetails | None = None,
) -> Response:
    commune, today = caller.commune.code, vietnam_day(now)
    names = {one.id: full_name(one) for one in list_villages(session, commune, ended=True)}
    lines = []
    for one in list_requests(session, commune):
        due = deadlines_of(one.kind, one.received_on, is_extended=one.is_extended)
        is_late = one.done_on is None and (today > due.do_by or (one.answered_on is None and today > due.answer_by))
        lines.append(RequestLine(one, due, is_late))
    kept = count_kept_since_before(session, commune, now - settings.retention_months * _MONTH)
    values: dict[str, Any] = {
        "requests": lines,
        "kinds": REQUEST_WORDS,
        "incidents": list_incidents(session, commune),
        "consents": list_consents(session, commune),
        "erasures": list_erasures(session, commune),
        "kept": {names.get(village, "thôn cũ"): count for village, count in kept.items()},
        "months": settings.retention_months,
        "names": names,
        "villages": list_villages(session, commune),
        "household": household,
        "now": now,
        "today": today,
        "problem": problem,
    }
    return draw(request, "registers.html", caller, problem.status if problem else 200, **values)
