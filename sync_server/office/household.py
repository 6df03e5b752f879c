"""A household: what is known of it and since when, its phone number on request, its correction and its move."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey import field_words
from survey.acts import Act
from survey.alleys import alley_of
from survey.card_code import grouped
from survey.households import read_fields
from survey.ids import Id, is_id
from survey.privacy import mask_phone
from survey.problem_shapes import FieldProblem, ProblemDetails
from survey.problems import NOT_ALLOWED, NOT_FOUND
from survey.questions import CATALOGUE
from survey.records import Household, Outcome, Resident
from survey.roles import Action
from survey.vietnamese import clean, format_phone
from survey.villages import full_name
from survey.wire import VerdictReply
from sync_server.access.caller import Caller
from sync_server.audit import note, note_look
from sync_server.http.deps import DatabaseDep, NowDep, WritersDep
from sync_server.office import household_words as words
from sync_server.office.doubt_lines import list_asked_again, list_lines
from sync_server.office.listing import STATES, state_of
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, HouseholdVisitor
from sync_server.office.writing import Draft, record
from sync_server.problems import Problem
from sync_server.store.cards import list_aliases
from sync_server.store.database import Database, Session
from sync_server.store.differences import list_differences_of
from sync_server.store.household_lines import list_deeds
from sync_server.store.households import list_history, list_homes
from sync_server.store.joins import list_joins
from sync_server.store.members import list_members
from sync_server.store.responses import list_bodies
from sync_server.store.stream import list_states
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/households/{household}")
_CORRECTED = ("head_name", "address", "status")
_UNKNOWN = "Không tìm thấy hộ này. Có thể hộ đã được gộp vào hộ khác: anh/chị tìm lại trong danh sách."


@dataclass(frozen=True)
class Known:
    """A household as its village's stream shows it now, at its sequence."""

    id: str
    village: str
    seq: int
    record: Household


@router.get("")
def household_page(
    request: Request, caller: HouseholdVisitor, database: DatabaseDep, now: NowDep, household: Id, saved: str = ""
) -> Response:
    """Everything about the household, its phone number masked. That it was opened is in the audit log, or it is not
    shown."""
    with database.read() as session:
        if kept := list_aliases(session, caller.commune.code, [household]).get(household):
            return see_other(f"/households/{kept}")
        known = _find(session, caller, household)
        read = _read(session, caller, now, known) | {"saved": bool(saved)}
    return _show(request, caller, database, now, read)


@router.post("/phone")
def show_phone(
    request: Request, caller: HouseholdVisitor, database: DatabaseDep, now: NowDep, household: Id
) -> Response:
    """The page with the whole number. The audit log keeps who asked for which household's, and when: never the number;
    where it cannot, nothing is shown."""
    with database.read() as session:
        known = _find(session, caller, household)
        read = _read(session, caller, now, known) | {"phone": format_phone(known.record.phone or "")}
    if known.record.phone:
        with database.write() as session:
            note(
                session, caller, now, Act.SHOWN_PHONE, subject_kind="household", subject=known.id, village=known.village
            )
    return _show(request, caller, database, now, read)


@router.post("/correct")
def correct(
    request: Request,
    caller: HouseholdVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    household: Id,
) -> Response:
    """Record the fields that were changed on the page, as a phone's edit. What is at fault is said at its field."""
    with database.read() as session:
        known = _find(session, caller, household)
    draft, village = Draft.of(form), _seen_village(caller, form)
    sent: dict[str, Any] = {
        name: clean(form[name]) for name in _CORRECTED if name in form and clean(form[name]) != form.get(f"was_{name}")
    }
    if form.get("forget_phone"):
        sent["phone"] = None
    elif form.get("phone", "").strip():
        sent["phone"] = form["phone"]
    fields, problems = read_fields(sent)
    verdict: VerdictReply | None = None
    if not problems:
        if not fields:
            return see_other(f"/households/{known.id}")
        verdict = record(writers, caller, now, draft, kind="household", subject=known.id, village=village, body=fields)
        if verdict.problem is None:
            return see_other(f"/households/{known.id}?saved=1")
        problems = verdict.problem.errors
    with database.read() as session:
        read = _read(session, caller, now, _find(session, caller, household))
    problem = verdict.problem if verdict else None
    if problem is None or problem.status >= 400:
        read["typed"] = {name: form.get(name, "") for name in (*_CORRECTED, "phone", "forget_phone")}
        read["was"] = {name: form.get(f"was_{name}", "") for name in _CORRECTED}
        read |= {"draft": Draft(read["draft"].change, draft.seen), "seen_village": village}
    return _say(request, caller, database, now, read, problem, problems)


@router.post("/move")
def move(
    request: Request,
    caller: HouseholdVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    household: Id,
) -> Response:
    """Move the household to another village of the caller's, with its people, cards and differences."""
    if not caller.may(Action.MOVE_HOUSEHOLD):
        raise Problem(NOT_ALLOWED)
    with database.read() as session:
        known = _find(session, caller, household)
    draft, village, target = Draft.of(form), _seen_village(caller, form), form.get("to", "")
    problem, errors = None, [FieldProblem(pointer="/to", detail="Anh/chị chọn thôn mà hộ chuyển đến.")]
    if target in caller.villages and target != village:
        body = {"village": target}
        verdict = record(writers, caller, now, draft, kind="household", subject=known.id, village=village, body=body)
        if verdict.problem is None:
            return see_other(f"/households/{known.id}?saved=1")
        problem, errors = verdict.problem, verdict.problem.errors
    with database.read() as session:
        read = _read(session, caller, now, _find(session, caller, household))
    return _say(request, caller, database, now, read, problem, errors)


@router.post("/again")
def send_back(
    request: Request,
    caller: HouseholdVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    household: Id,
) -> Response:
    """Have the last visit's questions that were ticked asked again, for the reason in the note."""
    if not caller.may(Action.REVIEW_VISIT):
        raise Problem(NOT_ALLOWED)
    with database.read() as session:
        known = _find(session, caller, household)
    draft, village, note = Draft.of(form), _seen_village(caller, form), clean(form.get("note", ""))
    keys = [key for key in CATALOGUE if form.get(f"ask_{key}")]
    problem, errors = None, [FieldProblem(pointer="/note", detail="Anh/chị đánh dấu câu cần hỏi lại, hoặc ghi lý do.")]
    if keys or note:
        body = {"response": form.get("visit", ""), "verdict": "needs_fix", "fields": keys, "note": note or None}
        verdict = record(writers, caller, now, draft, kind="review", subject=draft.change, village=village, body=body)
        if verdict.problem is None:
            return see_other(f"/households/{known.id}?saved=1")
        problem, errors = verdict.problem, verdict.problem.errors
    with database.read() as session:
        read = _read(session, caller, now, _find(session, caller, household))
    return _say(request, caller, database, now, read | {"again": keys, "again_note": note}, problem, errors)


def _say(
    request: Request,
    caller: Caller,
    database: Database,
    now: datetime,
    read: dict[str, Any],
    problem: ProblemDetails | None,
    errors: list[FieldProblem],
) -> Response:
    """The page again, with what was not recorded and why."""
    read |= {"problem": problem, "errors": {one.pointer.removeprefix("/"): one.detail for one in errors}}
    return _show(request, caller, database, now, read, problem.status if problem else 422)


def _show(
    request: Request, caller: Caller, database: Database, now: datetime, read: dict[str, Any], status: int = 200
) -> Response:
    """The page of a household that was read: never without the line that it was looked at."""
    about = {"subject_kind": "household", "subject": read["identity"], "village": read["village"].id}
    note_look(database, caller, now, Act.SAW_HOUSEHOLD, **about)
    return draw(request, "household.html", caller, status, **read)


def _find(session: Session, caller: Caller, household: str) -> Known:
    """The household. Raises `Problem` not-found, or what `check_works_in` raises for another's village."""
    commune = caller.commune.code
    village = list_homes(session, commune, [household]).get(household)
    if village is None:
        raise Problem(NOT_FOUND, detail=_UNKNOWN)
    caller.check_works_in(village)
    state = list_states(session, commune, village, "household", [household]).get(household)
    if state is None or state.body is None:
        raise Problem(NOT_FOUND, detail=_UNKNOWN)
    return Known(household, village, state.seq, Household.model_validate(state.to_body()))


def _seen_village(caller: Caller, form: dict[str, str]) -> str:
    """The village that the page showed the household in: a change sent again names the same, wherever it is now."""
    village = form.get("village", "")
    if not is_id(village):
        raise Problem(NOT_FOUND, detail=_UNKNOWN)
    caller.check_works_in(village)
    return village


def _read(session: Session, caller: Caller, now: datetime, known: Known) -> dict[str, Any]:
    """What the page shows of the household as it is now."""
    commune, home = caller.commune.code, known.record
    villages = {one.id: one for one in list_villages(session, commune, ended=True)}
    names = {one.id: one.name for one in list_members(session, commune)}
    names |= {one.id: full_name(one) for one in villages.values()}
    current = home.current or {}
    is_surveyed = current.get("outcome") == Outcome.COMPLETED
    people = [Resident.model_validate(one) for one in current.get("residents") or []] if is_surveyed else []
    answered = {*(current.get("answers") or {}), *(key for one in people for key in one.answers)}
    deeds, joins = list_deeds(session, commune, known.id), list_joins(session, commune, [known.id])
    for join in joins:
        if not join.is_undone:  # its visits are this one's now
            deeds += [one for one in list_deeds(session, commune, join.other) if one.kind == "response"]
    partners = [join.other_body if join.kept == known.id else join.before for join in joins]
    visits = list_bodies(session, commune, [one.subject for one in deeds if one.kind == "response"])
    edits = list_history(session, commune, [known.id]).get(known.id, [])
    disputed = [one for one in list_differences_of(session, commune, [known.id]) if one.body["state"] == "open"]
    own = {"head_name": home.head_name, "address": home.address, "status": home.status.value}
    return {
        "home": home,
        "identity": known.id,
        "village": villages[known.village],
        "seen_village": known.village,
        "state": STATES[state_of(home.status.value, current.get("outcome"))],
        "alley": alley_of(home.address),
        "card": grouped(home.card) if home.card else "",
        "assigned": names.get(home.assigned_to, "người đã rời tổ") if home.assigned_to else "",
        "masked": mask_phone(home.phone) if home.phone else "",
        "phone": "",
        "people": people,
        "asked": words.asked_of_people(people),
        "answers": words.answers_of_household(current.get("answers") or {}) if is_surveyed else [],
        "departures": words.departures(home),
        "note": current.get("note") or "",
        "differences": [(one, words.differing(one.body, names)) for one in disputed],
        "doubts": list_lines(session, commune, known.village, known.id) if caller.may(Action.REVIEW_VISIT) else [],
        "asked_again": list_asked_again(session, commune, known.id) if caller.may(Action.REVIEW_VISIT) else [],
        "history": words.history(
            deeds,
            edits,
            visits,
            names,
            [(str(one.get("head_name")), join) for one, join in zip(partners, joins, strict=True)],
        ),
        "words": field_words,
        "targets": [villages[one] for one in caller.villages if one != known.village and one in villages],
        "may_move": caller.may(Action.MOVE_HOUSEHOLD),
        "draft": Draft.new(now, known.seq),
        "draft_of_move": Draft.new(now, known.seq),
        "draft_of_review": Draft.new(now, known.seq),
        "visit": (home.model_extra or {}).get("visit") or current.get("id") or "",
        "may_review": caller.may(Action.REVIEW_VISIT) and is_surveyed,
        "again": [],
        "again_note": "",
        "questions": [one for one in CATALOGUE.values() if one.key in answered],
        "typed": own | {"phone": "", "forget_phone": ""},
        "was": own,
        "problem": None,
        "errors": {},
        "saved": False,
    }
