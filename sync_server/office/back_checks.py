"""Kiểm tra lại: the families that were drawn to be asked again, who asks them, and how far the answers agree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.agreement import CheckedAgain, by_member, by_question, by_village
from survey.agreement_words import agreement_words, direction_words, item_words
from survey.alleys import alley_of
from survey.back_checks import Why, digest_of
from survey.problem_shapes import ProblemDetails
from survey.problems import NOT_ALLOWED
from survey.roles import Action
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.http.deps import DatabaseDep, NowDep
from sync_server.office.doubt_lines import MATCH_WORDS
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, ReviewVisitor
from sync_server.problems import Problem
from sync_server.review import asking_again, drawing
from sync_server.store.back_checks import BackCheck, find_draw, list_back_checks
from sync_server.store.communes import list_rounds
from sync_server.store.database import Database, Session
from sync_server.store.members import list_members
from sync_server.store.stream import list_shown_in
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/review/again")


@dataclass(frozen=True)
class ToAsk:
    """A family as a list names it."""

    visit: str
    head_name: str
    alley: str
    is_for_doubt: bool


@dataclass(frozen=True)
class VillageToAsk:
    """The families of a village that wait, who asks them, and the leads who could."""

    id: str
    name: str
    homes: list[ToAsk]
    given_to: str
    leads: list[tuple[str, str]]


@dataclass(frozen=True)
class Done:
    """A family that was asked again."""

    visit: str
    head_name: str
    village: str
    by: str
    at: datetime
    said: str
    left_out_why: str | None


@router.get("")
def again_page(request: Request, caller: ReviewVisitor, database: DatabaseDep, now: NowDep, said: str = "") -> Response:
    """Whom the caller asks, and what came of it: an official's is the commune; a lead's what was given to them, and the
    results of their own villages."""
    request.app.state.reviewer.draw(caller.commune.code, now)
    return _show(request, caller, database, None, _SAID.get(said, ""))


@router.post("/give")
def give(request: Request, caller: ReviewVisitor, database: DatabaseDep, now: NowDep, form: FormDep) -> Response:
    """Let a lead ask the families of another village, or take that back."""
    _check_official(caller)
    try:
        with database.write() as session:
            asking_again.give(session, caller, form.get("village", ""), form.get("to") or None, now)
    except Problem as problem:
        return _show(request, caller, database, problem.details)
    return see_other("/review/again?said=given")


@router.post("/close")
def close(caller: ReviewVisitor, database: DatabaseDep, now: NowDep) -> Response:
    """Close the draw: it is completed, and its secret told."""
    _check_official(caller)
    with database.write() as session:
        drawing.close_draw(session, caller, now)
    return see_other("/review/again?said=closed")


_SAID = {
    "given": "Đã giao.",
    "closed": "Đã chốt bốc thăm. Số bí mật hiện ở cuối trang.",
    "left_out": "Đã ghi.",
}


def _check_official(caller: Caller) -> None:
    if not caller.may(Action.SEE_COMMUNE):
        raise Problem(NOT_ALLOWED)


def _show(
    request: Request, caller: Caller, database: Database, problem: ProblemDetails | None, said: str = ""
) -> Response:
    with database.read() as session:
        read = _read(session, caller)
    return draw(
        request, "back_checks.html", caller, problem.status if problem else 200, problem=problem, said=said, **read
    )


def _read(session: Session, caller: Caller) -> dict[str, Any]:
    commune, is_official = caller.commune.code, caller.may(Action.SEE_COMMUNE)
    latest = next(iter(list_rounds(session, commune)), None)
    every = list_back_checks(session, commune, latest.id) if latest else []
    villages = {one.id: full_name(one) for one in list_villages(session, commune)}
    rows = list_shown_in(session, commune, "household", villages, {one.household for one in every})
    homes = {home: row.to_body() for home, row in rows.items()}
    people = {one.id: one.name for one in list_members(session, commune)}
    waiting = [one for one in asking_again.list_waiting(session, commune) if asking_again.may_ask(caller, one)]
    seen = [one for one in every if one.again and (one.village in caller.villages or one.given_to == caller.member.id)]
    counted = [one for one in seen if not one.left_out_why and one.village in caller.villages]
    checked = asking_again.read_checked(session, commune, seen)
    ids = {one.id for one in counted}
    found = find_draw(session, commune, latest.id) if latest else None
    return {
        "is_official": is_official,
        "waiting": _by_village(session, commune, waiting, villages, homes, people, is_official=is_official),
        "count": len(waiting),
        "done": _done(seen, checked, villages, homes),
        "could_not": [
            (one.id, _head(homes, one), one.left_out_why)
            for one in every
            if one.left_out_why and not one.again and asking_again.may_ask(caller, one)
        ],
        **_results([one for one in checked if one.visit in ids], villages, people),
        "draw": found if is_official else None,
        "digest": digest_of(found.secret) if found else "",
        "secret": found.secret.hex() if found and found.closed_at else "",
    }


def _by_village(
    session: Session,
    commune: str,
    waiting: list[BackCheck],
    villages: dict[str, str],
    homes: dict[str, dict[str, Any]],
    people: dict[str, str],
    *,
    is_official: bool,
) -> list[VillageToAsk]:
    grouped: dict[str, list[BackCheck]] = defaultdict(list)
    for one in waiting:
        grouped[one.village].append(one)
    shown = []
    for village in villages:
        if not (some := grouped[village]):
            continue
        leads = asking_again.list_askers(session, commune, village) if is_official else []
        given = next((one.given_to for one in some if one.given_to), None)
        to_ask = [
            ToAsk(
                one.id,
                _head(homes, one),
                alley_of(str(homes.get(one.household, {}).get("address") or "")),
                one.why is Why.DOUBT,
            )
            for one in some
        ]
        shown.append(
            VillageToAsk(
                village,
                villages.get(village, ""),
                to_ask,
                people.get(given or "", ""),
                [(one.id, one.name) for one in leads],
            )
        )
    return shown


def _results(checked: list[CheckedAgain], villages: dict[str, str], people: dict[str, str]) -> dict[str, Any]:
    questions, turns = by_question(checked).items(), by_village(checked)
    agreed = [
        (where, people.get(member, "Người đã rời tổ"), agreement_words(found))
        for (where, member), found in by_member(checked).items()
    ]
    return {
        "by_question": [(item_words(item), agreement_words(one, "lần hỏi")) for item, one in questions],
        "by_member": [(villages[one], *said[1:]) for one in villages for said in sorted(agreed) if said[0] == one],
        "by_village": [(villages[one], direction_words(turns[one])) for one in villages if one in turns],
    }


def _done(
    seen: list[BackCheck], checked: list[CheckedAgain], villages: dict[str, str], homes: dict[str, dict[str, Any]]
) -> list[Done]:
    matches = {one.visit: one.matches for one in checked}
    made = [
        Done(
            one.id,
            _head(homes, one),
            villages.get(one.village, ""),
            one.done_by or "",
            one.done_at,
            MATCH_WORDS[matches.get(one.id)] + (", vì một chỗ cần xem" if one.why is Why.DOUBT else ""),
            one.left_out_why,
        )
        for one in seen
        if one.done_at
    ]
    return sorted(made, key=lambda one: one.at, reverse=True)


def _head(homes: dict[str, dict[str, Any]], one: BackCheck) -> str:
    return str(homes.get(one.household, {}).get("head_name") or "Hộ không còn trong danh sách")
