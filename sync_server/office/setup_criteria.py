"""Bộ tiêu chí: a documented set is chosen, adapted where the commune may, and tried before it counts."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from survey.acts import Act
from survey.criteria import CriteriaSet
from survey.problem_shapes import ProblemDetails
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.commune.criteria import Weighed, adapted, adopt_criteria_set, choices, take_sheet, weigh
from sync_server.commune.criteria_sets import load_criteria_set
from sync_server.commune.criteria_sheet import write_sheet
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep
from sync_server.office.pages import draw, see_other
from sync_server.office.sent_files import as_file, sent_file
from sync_server.office.visitor import FormDep, SetUpVisitor
from sync_server.problems import Problem
from sync_server.store.database import Session

router = APIRouter(prefix="/setup/criteria")
THRESHOLD = "threshold:"


@router.get("")
def criteria_page(request: Request, caller: SetUpVisitor, session: SessionDep, chosen: str = "") -> Response:
    """The commune's set and the others, with the items of the chosen one."""
    return _draw(request, caller, session, _base(session, caller, chosen))


@router.get("/sheet.xlsx")
def sheet(caller: SetUpVisitor, session: SessionDep, chosen: str = "") -> Response:
    """A set as a workbook, to be filled in anew."""
    base = _base(session, caller, chosen)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="bo-tieu-chi.xlsx"', "Cache-Control": "no-store"}
    return Response(write_sheet(base), media_type=kind, headers=headers)


@router.post("/sheet")
def bring_sheet(
    request: Request,
    caller: SetUpVisitor,
    database: DatabaseDep,
    now: NowDep,
    sent: Annotated[tuple[str, bytes], Depends(sent_file)],
) -> Response:
    """Keep the set of a filled-in workbook, and show it: it counts once somebody uses it."""
    try:
        with as_file(*sent) as file, database.write() as session:
            made = take_sheet(session, caller.commune.code, file, now)
    except Problem as problem:
        with database.read() as session:
            return _draw(request, caller, session, _base(session, caller, ""), problem=problem.details)
    return see_other(f"/setup/criteria?chosen={made.code}")


@router.post("/try")
def try_out(request: Request, caller: SetUpVisitor, session: SessionDep, now: NowDep, form: FormDep) -> Response:
    """What the set would change, as the form has it. Nothing is written."""
    base = _base(session, caller, form.get("set", ""))
    try:
        candidate = _adapted(caller, base, form)
    except Problem as problem:
        return _draw(request, caller, session, base, form=form, problem=problem.details)
    weighed = weigh(session, caller.commune.code, candidate, now)
    return _draw(request, caller, session, base, form=form, candidate=candidate, weighed=weighed)


@router.post("/adopt")
def adopt(request: Request, caller: SetUpVisitor, database: DatabaseDep, now: NowDep, form: FormDep) -> Response:
    """Work with the set from now on."""
    try:
        with database.write() as session:
            base = _base(session, caller, form.get("set", ""))
            adopted = _adapted(caller, base, form)
            adopt_criteria_set(session, caller.commune.code, adopted, now)
            note(session, caller, now, Act.CHANGED_CRITERIA, subject_kind="criteria_set", title=adopted.title)
    except Problem as problem:
        with database.read() as session:
            base = _base(session, caller, form.get("set", ""))
            return _draw(request, caller, session, base, form=form, problem=problem.details)
    return see_other("/setup?said=criteria")


def _adapted(caller: Caller, base: CriteriaSet, form: dict[str, str]) -> CriteriaSet:
    thresholds = {name.removeprefix(THRESHOLD): text for name, text in form.items() if name.startswith(THRESHOLD)}
    return adapted(base, caller.commune.code, thresholds, form.get("min_share", ""), form.get("most_hidden"))


def _base(session: Session, caller: Caller, code: str) -> CriteriaSet:
    """The set of this code: the commune's own, or one that comes with the program. Raises `Problem`
    criteria-set-unknown."""
    sets = choices(session, caller.commune.code)
    found = sets[0] if not code else next((one for one in sets if one.code == code), None)
    return found or load_criteria_set(code)


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    base: CriteriaSet,
    *,
    form: dict[str, str] | None = None,
    candidate: CriteriaSet | None = None,
    weighed: list[Weighed] | None = None,
    problem: ProblemDetails | None = None,
) -> Response:
    sets = choices(session, caller.commune.code)
    values: dict[str, Any] = {
        "present": sets[0],
        "sets": sets,
        "base": base,
        "typed": form or {},
        "candidate": candidate,
        "weighed": weighed,
        "problem": problem,
    }
    return draw(request, "setup_criteria.html", caller, problem.status if problem else 200, **values)
