"""Cần xem: what two people wrote differently, side by side; one click says which is right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.acts import Act
from survey.figure_words import moment
from survey.ids import Id
from survey.problem_shapes import ProblemDetails
from survey.problems import NOT_FOUND
from survey.roles import Action
from survey.vietnamese import clean
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.audit import note_look
from sync_server.http.deps import DatabaseDep, NowDep, WritersDep
from sync_server.office.household_words import Differing, differing
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, SettlingVisitor
from sync_server.office.writing import Draft, record
from sync_server.problems import Problem
from sync_server.store.database import Database, Session
from sync_server.store.members import list_members
from sync_server.store.stream import StreamState, list_kind, list_states
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/differences")
MOST, LONGEST_NOTE = 50, 500
CHOICES = {"shown": "giữ điều đang hiện", "other": "lấy điều ghi khác", "new_visit": "hỏi lại gia đình"}
UNDO = "undo"


@dataclass(frozen=True)
class Card:
    """One difference as the page shows it. `settled` says who answered it and how, empty while it is open; `phone_of`
    is the household whose whole number it shows."""

    id: str
    draft: Draft
    village: str
    village_id: str
    phone_of: str
    household: str | None
    head_name: str
    fields: list[Differing]
    settled: str
    may_undo: bool


@router.get("")
def differences(
    request: Request, caller: SettlingVisitor, database: DatabaseDep, now: NowDep, done: str = ""
) -> Response:
    """The open differences of the caller's villages, the oldest first, and the one that was just answered."""
    return _show(request, caller, database, now, done, None)


@router.post("/{difference}")
def settle(
    request: Request,
    caller: SettlingVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    difference: Id,
) -> Response:
    """Answer a difference. If somebody else has answered it otherwise, theirs stands, and this is said at once."""
    with database.read() as session:
        found = [one for one in _open_or_settled(session, caller) if one.subject == difference]
    if not found:
        raise Problem(NOT_FOUND)
    draft, body = Draft.of(form), {"difference": difference, "choice": form.get("choice", "")}
    if note := clean(form.get("note", ""))[:LONGEST_NOTE]:
        body["note"] = note
    verdict = record(
        writers, caller, now, draft, kind="resolution", subject=draft.change, village=found[0].village, body=body
    )
    if verdict.problem is None:
        done = "" if body["choice"] == UNDO else f"?done={difference}"
        return see_other(f"/differences{done}#d{difference}")
    return _show(request, caller, database, now, difference, verdict.problem)


def _show(
    request: Request, caller: Caller, database: Database, now: datetime, done: str, problem: ProblemDetails | None
) -> Response:
    """The page; whose whole number it shows is in the audit log, or the page is not shown."""
    with database.read() as session:
        cards, count = _read(session, caller, now, done)
    for one in cards:
        if one.phone_of:
            about = {"subject_kind": "household", "subject": one.phone_of, "village": one.village_id}
            note_look(database, caller, now, Act.SHOWN_PHONE, **about)
    return draw(request, "differences.html", caller, cards=cards, count=count, choices=CHOICES, problem=problem)


def _open_or_settled(session: Session, caller: Caller) -> list[StreamState]:
    return list_kind(session, caller.commune.code, "difference", caller.villages)


def _read(session: Session, caller: Caller, now: datetime, done: str) -> tuple[list[Card], int]:
    """The cards to show, and how many differences are open in all."""
    states = [(state, state.to_body()) for state in _open_or_settled(session, caller)]
    is_open = [one for one in states if one[1]["state"] == "open"]
    shown = [one for one in states if one[0].subject == done and one[1]["state"] != "open"]
    shown += sorted(is_open, key=lambda one: (one[1]["found_at"], one[0].subject))[:MOST]
    commune = caller.commune.code
    villages = {one.id: full_name(one) for one in list_villages(session, commune, ended=True)}
    names = villages | {one.id: one.name for one in list_members(session, commune)}
    heads: dict[str, str] = {}
    for village in {state.village for state, _ in shown}:
        homes = [body["household"] for state, body in shown if state.village == village and body.get("household")]
        found = list_states(session, commune, village, "household", homes)
        heads |= {home: state.to_body().get("head_name", "") for home, state in found.items()}
    cards = [_card(state, body, names, heads, now, caller) for state, body in shown]
    return cards, len(is_open)


def _card(
    state: StreamState,
    body: dict[str, Any],
    names: dict[str, str],
    heads: dict[str, str],
    now: datetime,
    caller: Caller,
) -> Card:
    settled, household, sees_phones = "", body.get("household"), caller.may(Action.CALL_HOUSEHOLD)
    is_about_phone = any((one.get("key") or one["path"][-1]) == "phone" for one in body.get("fields") or [])
    if body["state"] != "open":
        at = moment(datetime.fromisoformat(body["settled_at"]))
        settled = f"{body['settled_by']} đã chọn {CHOICES[body['choice']]} lúc {at}"
    return Card(
        id=state.subject,
        draft=Draft.new(now, state.seq),
        village=names.get(state.village, ""),
        village_id=state.village,
        phone_of=household if household and sees_phones and is_about_phone else "",
        household=household,
        head_name=heads.get(household or "", ""),
        fields=differing(body, names, sees_phones=sees_phones),
        settled=settled,
        may_undo=bool(body.get("is_whole")) and body.get("settled_by_member") == caller.member.id,
    )
