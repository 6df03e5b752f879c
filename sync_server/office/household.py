"""One household: its last answers, its history, its phone number behind a logged click, and corrections."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.field_words import DEPARTURE_WORDS, FIELD_WORDS, OUTCOME_WORDS, RELATION_WORDS, SEX_WORDS, value_words
from survey.ids import Id
from survey.privacy import mask_phone
from survey.problem_shapes import ProblemDetails
from survey.problems import NOT_FOUND
from survey.questions import CATALOGUE
from survey.records import Household, HouseholdStatus, LeftResident, Resident
from survey.roles import Action
from survey.vietnamese import format_phone
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, WritersDep
from sync_server.logs import log
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, HouseholdVisitor
from sync_server.office.writing import Draft, record
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.households import list_history, list_homes
from sync_server.store.members import list_members
from sync_server.store.responses import list_visits_of
from sync_server.store.stream import list_states
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/households/{household}")
_FIELDS = ("head_name", "address", "phone", "status")


@dataclass(frozen=True)
class Event:
    """One line of the history: when the server got it, when it was written down, who, and what."""

    received_at: datetime | None
    written_at: datetime | None
    by: str
    what: str


@router.get("")
def household_page(
    request: Request, caller: HouseholdVisitor, session: SessionDep, now: NowDep, household: Id
) -> Response:
    """What is known of the household; its number is masked."""
    return draw(request, "household.html", caller, **_read(session, caller, now, household))


@router.post("/phone")
def show_phone(request: Request, caller: HouseholdVisitor, session: SessionDep, now: NowDep, household: Id) -> Response:
    """The page with the whole number. Who looked, at which household and when, is logged; the number is not."""
    read = _read(session, caller, now, household)
    log.info("member %s saw the phone number of household %s", caller.member.id, household)
    number = read["home"].phone
    return draw(request, "household.html", caller, **read | {"phone": format_phone(number) if number else ""})


@router.post("")
def correct(
    request: Request,
    caller: HouseholdVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    household: Id,
) -> Response:
    """Correct fields, or move the household to another village. What is refused comes back as it was typed."""
    with database.read() as session:
        read = _read(session, caller, now, household)
    home: Household = read["home"]
    known = {name: getattr(home, name) or "" for name in _FIELDS} | {"village": read["village"].id}
    typed = {name: form[name].strip() for name in known if name in form}
    body: dict[str, Any] = {name: value for name, value in typed.items() if value != known[name]}
    if typed.get("phone") == read["masked"]:
        body.pop("phone", None)  # a masked number was not typed: it stays
    if body.get("phone") == "":
        body["phone"] = None
    if not body:
        return see_other(f"/households/{household}")
    village = read["village"].id
    verdict = record(
        writers, caller, now, Draft.of(form), kind="household", subject=household, village=village, body=body
    )
    if verdict.problem is None:
        return see_other(f"/households/{household}")
    with database.read() as session:
        read = _read(session, caller, now, household)
    return draw(
        request, "household.html", caller, **read | {"problem": verdict.problem, "typed": read["typed"] | typed}
    )


def _read(session: Session, caller: Caller, now: datetime, household: str) -> dict[str, Any]:
    """What the page shows. Raises `Problem` not-found, also for one of a village that is not the caller's."""
    commune = caller.commune.code
    village = list_homes(session, commune, [household]).get(household, "")
    state = list_states(session, commune, village, "household", [household]).get(household)
    if village not in caller.villages or state is None or state.body is None:
        raise Problem(NOT_FOUND)
    home = Household.model_validate(state.to_body())
    places = {one.id: one for one in list_villages(session, commune, caller.villages)}
    people = {one.id: one.name for one in list_members(session, commune)}
    names = people | {identity: full_name(one) for identity, one in places.items()}
    masked = mask_phone(home.phone) if home.phone else ""
    problem: ProblemDetails | None = None
    return {
        "home": home,
        "household": household,
        "village": places[village],
        "villages": [one for one in places.values() if caller.may(Action.MOVE_HOUSEHOLD)],
        "draft": Draft.new(now, state.seq),
        "person": people.get(home.assigned_to or "", ""),
        "answers": _answers(home),
        "events": _events(session, commune, household, people, names),
        "masked": masked,
        "phone": "",
        "statuses": [(one.value, value_words("status", one, {})) for one in HouseholdStatus],
        "problem": problem,
        "typed": {name: getattr(home, name) or "" for name in _FIELDS} | {"village": village, "phone": masked},
    }


def _answers(home: Household) -> list[tuple[str, list[tuple[str, str]]]]:
    """The present answers: of the household, of each person, and who is not there any more."""
    current = home.current or {}
    said = [("Cả hộ", _said(current.get("answers") or {}))] if current.get("answers") else []
    for raw in current.get("residents") or []:
        one = Resident.model_validate(raw)
        who = f"{RELATION_WORDS.get(one.relation, 'Người khác')}, {SEX_WORDS[one.sex].lower()}, sinh {one.birth_year}"
        said.append((who, _said(one.answers)))
    for raw in current.get("left") or []:
        gone = LeftResident.model_validate(raw)
        who = f"{RELATION_WORDS.get(gone.relation, 'Người khác')}, sinh {gone.birth_year or 'không rõ'}"
        said.append((who, [("Không còn ở đây", DEPARTURE_WORDS[gone.reason])]))
    return said


def _said(answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [(CATALOGUE[key].asks, value_words(key, value, {})) for key, value in answers.items() if key in CATALOGUE]


def _events(
    session: Session, commune: str, household: str, people: dict[str, str], names: dict[str, str]
) -> list[Event]:
    """Visits and corrections, the latest first."""
    events = []
    for visit in list_visits_of(session, commune, household):
        outcome = OUTCOME_WORDS.get(visit.body["outcome"], visit.body["outcome"])
        ended = datetime.fromisoformat(visit.body["ended_at"])
        events.append(Event(visit.received_at, ended, people.get(visit.member, ""), f"Khảo sát: {outcome}"))
    for change in list_history(session, commune, [household]).get(household, []):
        words = [_changed(name, value, names) for name, value in change.sent.items() if name in FIELD_WORDS]
        if words:
            events.append(Event(None, change.written_at, change.written_by or "", "; ".join(words)))
    return sorted(events, key=lambda one: str(one.written_at or ""), reverse=True)


def _changed(name: str, value: Any, names: dict[str, str]) -> str:
    if name == "card":
        return "Gắn thẻ hộ" if value else "Gỡ thẻ hộ"
    words = mask_phone(str(value)) if name == "phone" and value else value_words(name, value, names)
    return f"{FIELD_WORDS[name]}: {words}"
