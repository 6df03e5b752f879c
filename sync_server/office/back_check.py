"""One family that was drawn: what to ask it, without a word of what was written, and later both beside each other."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from survey.acts import Act
from survey.agreement_words import CAME_WORDS, both_sides, item_words
from survey.back_checks import MOST_ADULTS, Again
from survey.field_words import ANSWER_WORDS, OUTCOME_WORDS, relation_words
from survey.ids import Id
from survey.problem_shapes import ProblemDetails
from survey.problems import FIELDS_INVALID
from survey.questions import CATALOGUE, UNKNOWN
from survey.records import Resident
from survey.roles import Action
from survey.times import vietnam_day
from survey.vietnamese import clean, format_date, format_phone
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.audit import note_look
from sync_server.http.deps import DatabaseDep, NowDep
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, ReviewVisitor
from sync_server.problems import Problem
from sync_server.review import asking_again
from sync_server.store.back_checks import BackCheck
from sync_server.store.database import Database, Session
from sync_server.store.members import list_members
from sync_server.store.responses import list_bodies
from sync_server.store.stream import list_shown_in
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/review/again/{visit}")
_GONE = "Hộ không còn trong danh sách"


@router.get("")
def one_page(request: Request, caller: ReviewVisitor, database: DatabaseDep, now: NowDep, visit: Id) -> Response:
    """What to ask this family, without a word of what was written; once it was asked, both beside each other."""
    return _show(request, caller, database, now, visit)


@router.post("")
def answer(
    request: Request, caller: ReviewVisitor, database: DatabaseDep, now: NowDep, form: FormDep, visit: Id
) -> Response:
    """Keep what the family said."""
    try:
        again = _read_again(form)
        with database.write() as session:
            asking_again.answer(session, caller, visit, again, now)
        request.app.state.reviewer.expect_news(caller.commune.code)
    except Problem as problem:
        return _show(request, caller, database, now, visit, problem.details, form)
    return see_other(f"/review/again/{visit}")


@router.post("/leave-out")
def leave_out(
    request: Request, caller: ReviewVisitor, database: DatabaseDep, now: NowDep, form: FormDep, visit: Id
) -> Response:
    """Say that this family could not be asked, or that what was said does not count; or take that back."""
    why = None if form.get("undo") else clean(form.get("why", ""))
    try:
        with database.write() as session:
            asking_again.leave_out(session, caller, visit, why, now)
        request.app.state.reviewer.expect_news(caller.commune.code)
    except Problem as problem:
        return _show(request, caller, database, now, visit, problem.details, form)
    return see_other("/review/again?said=left_out")


def _read_again(form: dict[str, str]) -> Again:
    """The form's answers. Raises `Problem` fields-invalid."""
    answers: dict[str, Any] = {}
    for name, value in form.items():
        key = name.removeprefix("q_")
        if name.startswith("q_") and key in CATALOGUE:
            answers[key] = int(value) if value.isdecimal() else value
    adults = clean(form.get("adults", ""))
    sent = {"came": form.get("came"), "adults": adults or None, "answers": answers, "note": form.get("note", "")}
    try:
        return Again.model_validate(sent)
    except ValidationError as error:
        detail = "Anh/chị chọn có ai đến không, và ghi số người từ 0 đến 30 (để trống nếu không biết)."
        raise Problem(FIELDS_INVALID, detail=detail) from error


def _show(
    request: Request,
    caller: Caller,
    database: Database,
    now: datetime,
    visit: str,
    problem: ProblemDetails | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    with database.read() as session:
        one = asking_again.find_to_see(session, caller, visit)
        read = _read(session, caller, one)
    about = {"subject_kind": "household", "subject": one.household, "village": one.village}
    note_look(database, caller, now, Act.SAW_BACK_CHECK, **about)
    status = problem.status if problem else 200
    return draw(
        request,
        "back_check.html",
        caller,
        status,
        problem=problem,
        typed=typed or {},
        is_adults_wrong=_is_wrong(typed),
        **read,
    )


def _is_wrong(typed: dict[str, str] | None) -> bool:
    """Whether the number of adults was typed as no number that can be."""
    adults = clean((typed or {}).get("adults", ""))
    return bool(adults) and not (adults.isdecimal() and int(adults) <= MOST_ADULTS)


def _read(session: Session, caller: Caller, one: BackCheck) -> dict[str, Any]:
    commune = caller.commune.code
    villages = {one.id: one for one in list_villages(session, commune, ended=True)}
    shown = list_shown_in(session, commune, "household", [one.village], [one.household]).get(one.household)
    home = shown.to_body() if shown else {}
    measures = [each.question for each in one.asks.measures]
    body = list_bodies(session, commune, [one.id])[one.id]
    people = [Resident.model_validate(each) for each in body.get("residents") or []]
    person = next((each for each in people if each.id == one.asks.resident), None)
    day = vietnam_day(datetime.fromisoformat(body["started_at"]))
    week = [day - timedelta(days=3), day + timedelta(days=3)]
    compared = asking_again.read_checked(session, commune, [one])
    return {
        "one": one,
        "head_name": str(home.get("head_name") or _GONE),
        "village": full_name(villages[one.village]) if one.village in villages else "",
        "address": str(home.get("address") or ""),
        "phone": format_phone(home["phone"]) if home.get("phone") and one.again is None else "",
        "week": [format_date(each) for each in week],
        "person": _person_words(person) if person else "",
        "questions": [(key, CATALOGUE[key].asks, _choices(key)) for key in measures],
        "came_words": CAME_WORDS,
        "compared": [
            (item_words(each.item), *both_sides(each), each.agrees) for found in compared for each in found.compared
        ],
        "outcome": OUTCOME_WORDS.get(body["outcome"], ""),
        "visited": day,
        "by": next((each.name for each in list_members(session, commune) if each.id == one.member), "Người đã rời tổ"),
        "is_official": caller.may(Action.SEE_COMMUNE),
    }


def _person_words(person: Resident) -> str:
    """ "Lan, con gái, sinh năm 1990": whom to ask for."""
    named = f"{person.name}, " if person.name else ""
    whose = "" if person.relation == "head" else " của chủ hộ"
    return f"{named}{relation_words(person.relation, person.sex).lower()}{whose}, sinh năm {person.birth_year}"


def _choices(key: str) -> list[tuple[str, str]]:
    return [(str(value), ANSWER_WORDS.get(value, str(value))) for value in (*CATALOGUE[key].choices, UNKNOWN)]
