"""Xóa hộ: a family asks that nothing of theirs is kept. A change like a phone's; phones forget at their next sync."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.ids import Id
from survey.problems import FIELDS_INVALID, NOT_ALLOWED
from survey.roles import Action
from survey.times import wire_time
from survey.vietnamese import clean
from sync_server.http.deps import DatabaseDep, NowDep, WritersDep
from sync_server.office.pages import draw, problem_page, see_other
from sync_server.office.visitor import FormDep, HouseholdVisitor
from sync_server.office.writing import Draft, record
from sync_server.problems import Problem

router = APIRouter(prefix="/households")


@router.post("/{household}/erase")
def erase(
    request: Request,
    caller: HouseholdVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    household: Id,
) -> Response:
    """Erase the household and everything its family said. It cannot be taken back, so it must be confirmed. Sent twice,
    it is done once."""
    if not caller.may(Action.ERASE_HOUSEHOLD):
        raise Problem(NOT_ALLOWED)
    draft, village = Draft.of(form), form.get("village", "")
    caller.check_works_in(village)
    if "sure" not in form:
        detail = "Xóa rồi không lấy lại được: đánh dấu “Gia đình yêu cầu xóa” rồi bấm lại. Chưa có gì bị xóa."
        raise Problem(FIELDS_INVALID, detail=detail)
    basis = clean(form.get("basis", "")) or "Gia đình yêu cầu"
    body = {"household": household, "requested_at": wire_time(now), "basis": basis}
    verdict = record(writers, caller, now, draft, kind="erasure", subject=draft.change, village=village, body=body)
    if verdict.problem is not None:
        return problem_page(request, verdict.problem)
    return see_other("/households/erased")


@router.get("/erased")
def erased_page(request: Request, caller: HouseholdVisitor) -> Response:
    """What was done, and what is left: the line that somebody asked for it."""
    return draw(request, "household_erased.html", caller)
