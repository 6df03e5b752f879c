"""Cần xem: what the checks noticed and what the server held back, with the evidence and what was done about it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.asked_again import count_asked
from survey.doubt_words import (
    KIND_WORDS,
    REASON_WORDS,
    is_only_possible,
    outcome_words,
    state_words,
    step_words,
    words_for,
)
from survey.doubts import MOST_ASKED_AGAIN, OTHER_OUTCOMES, OUTCOMES_OF, Doubt, DoubtState, Step
from survey.field_words import OUTCOME_WORDS as VISIT_WORDS
from survey.ids import Id
from survey.problem_shapes import ProblemDetails
from survey.problems import NOT_FOUND
from survey.questions import CATALOGUE
from survey.vietnamese import clean
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.http.deps import DatabaseDep, NowDep, WritersDep
from sync_server.office.doubt_lines import words_of_again
from sync_server.office.pages import draw, see_other
from sync_server.office.pairs import WHO_JOINS, Side, find_elsewhere, join_after, sides_of, why_not_joined
from sync_server.office.visitor import FormDep, ReviewVisitor
from sync_server.office.writing import Draft, record
from sync_server.problems import Problem
from sync_server.review.asked_again import read_asked
from sync_server.review.noticing import list_standing
from sync_server.review.releasing import release, why_not
from sync_server.store.database import Database, Session
from sync_server.store.responses import list_bodies
from sync_server.store.stream import list_kind, list_shown_in
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/review")
MOST = 40
RECENT = timedelta(days=14)


@dataclass(frozen=True)
class SeenVisit:
    """One of the visits that a doubt is about, as the page lists it."""

    household: str
    head_name: str
    started_at: datetime
    seconds: int
    outcome: str
    people: int


@dataclass(frozen=True)
class Item:
    """A doubt as the page shows it. `is_own`: it is about the visitor's own work, so somebody else settles it. `sides`
    are the two households of a pair, `draft_of_join` is what follows if they are one; with `is_elsewhere` one of them
    is where the visitor sees nothing. `again` says how far asking its families again has come, empty where none is."""

    id: str
    draft: Draft
    draft_of_join: Draft
    village: str
    doubt: Doubt
    words: str
    state: str
    visits: list[SeenVisit]
    homes: list[tuple[str, str]]
    sides: list[Side]
    is_elsewhere: bool
    is_only_possible: bool
    steps: list[str]
    again: str
    outcomes: dict[str, str]
    is_own: bool


@router.get("")
def review_page(
    request: Request, caller: ReviewVisitor, database: DatabaseDep, now: NowDep,
    kind: str = "", village: str = "", state: str = "open", done: str = "",
) -> Response:  # fmt: skip
    """The open doubts of the caller's villages, the oldest first; those done lately, with `state=done`."""
    request.app.state.reviewer.look(caller.commune.code, now)
    return _show(request, caller, database, now, {"kind": kind, "village": village, "state": state}, done, None)


@router.post("/{doubt}")
def step(
    request: Request, caller: ReviewVisitor, database: DatabaseDep, writers: WritersDep, now: NowDep,
    form: FormDep, doubt: Id,
) -> Response:  # fmt: skip
    """Do something about a doubt. If somebody else did meanwhile, that is shown and nothing is done."""
    with database.read() as session:
        found = [one for one in list_standing(session, caller.commune.code, caller.villages) if one.id == doubt]
        elsewhere = find_elsewhere(session, caller, (one.doubt for one in found))
    if not found:
        raise Problem(NOT_FOUND)
    body, kept, about = _body(form), form.get("kept", ""), (found[0].village, found[0].doubt)
    problem = why_not_joined(about[1], body, kept, elsewhere)
    with request.app.state.reviewer.stepping(caller.commune.code):
        if problem is None:
            draft = Draft.of(form)
            problem = record(
                writers, caller, now, draft, kind="doubt", subject=doubt, village=about[0], body=body
            ).problem
        if problem is None and about[1].check == "pair":
            draft = Draft.of({"change": form.get("join", ""), "seen": form.get("seen", "")})
            problem = join_after(database, writers, caller, now, draft, about, body, kept)
        if problem is None and body["step"] == Step.WAIT:
            request.app.state.reviewer.draw(caller.commune.code, now, at_once=True)
        if problem is None and body.get("outcome") == "taken":
            held = str(found[0].doubt.evidence.get("change"))
            problem = why_not(release(database, writers, caller.commune.code, held, now))
    chosen = {name: form.get(name, "") for name in ("kind", "village", "state")}
    if problem is None:
        return see_other(f"/review?done={doubt}&kind={chosen['kind']}&village={chosen['village']}#d{doubt}")
    return _show(request, caller, database, now, chosen, doubt, problem)


def _body(form: dict[str, str]) -> dict[str, Any]:
    """The step as the form asks for it."""
    body: dict[str, Any] = {"step": form.get("step", "")}
    if body["step"] == Step.SETTLE:
        body["outcome"] = form.get("outcome") or None
    if body["step"] in {Step.SETTLE, Step.EXPLAIN}:
        body["reason"] = form.get("reason") or None
    if body["step"] == Step.ASK:
        body["households"] = [name.removeprefix("home_") for name in form if name.startswith("home_")]
        body["keys"] = [key for key in CATALOGUE if form.get(f"ask_{key}")]
    if note := clean(form.get("note", ""))[:500]:
        body["note"] = note
    return body


def _show(
    request: Request,
    caller: Caller,
    database: Database,
    now: datetime,
    chosen: dict[str, str],
    done: str,
    problem: ProblemDetails | None,
) -> Response:
    with database.read() as session:
        read = _read(session, caller, now, chosen, done)
    status = 200 if problem is None else problem.status
    return draw(request, "review.html", caller, status, **read, chosen=chosen, problem=problem, problem_at=done)


def _read(session: Session, caller: Caller, now: datetime, chosen: dict[str, str], done: str) -> dict[str, Any]:
    commune, every = caller.commune.code, list_standing(session, caller.commune.code, caller.villages)
    is_open = [one for one in every if one.doubt.is_open]
    lately = [one for one in every if not one.doubt.is_open and _is_recent(one.doubt, now)]
    shown = [
        one
        for one in (lately if chosen["state"] == "done" else is_open)
        if _is_of_kind(one.doubt, chosen["kind"]) and chosen["village"] in {"", one.village}
    ]
    shown.sort(key=lambda one: (is_only_possible(one.doubt), one.doubt.found_at, one.id))
    just = [one for one in every if one.id == done and one not in shown]
    some = just + shown[:MOST]
    villages = {one.id: full_name(one) for one in list_villages(session, commune, caller.villages)}
    visits = list_bodies(session, commune, {visit for one in some for visit in one.doubt.visits})
    homes = {home for one in some for home in one.doubt.households} | {body["household"] for body in visits.values()}
    rows = list_shown_in(session, commune, "household", caller.villages, homes)
    sides = sides_of(session, commune, (one.doubt for one in some), rows)
    heads = {home: str(row.to_body().get("head_name", "")) for home, row in rows.items()}
    elsewhere = find_elsewhere(session, caller, (one.doubt for one in some))
    asked = read_asked(session, commune, (one.doubt for one in some))
    again = words_of_again(session, commune, [one for one in some if one.doubt.check != "asked_again"])
    seqs = {row.subject: row.seq for row in list_kind(session, commune, "doubt", caller.villages)}
    differences = list_kind(session, commune, "difference", caller.villages)
    return {
        "items": [
            Item(
                one.id,
                Draft.new(now, seqs[one.id]),
                Draft.new(now, seqs[one.id]),
                villages.get(one.village, ""),
                one.doubt,
                words_for(one.doubt, one.village, caller.member.id),
                state_words(one.doubt, count_asked(one.doubt, asked)),
                _visits(one.doubt.visits, visits, heads),
                [(home, heads[home]) for home in one.doubt.households if home in heads][:MOST_ASKED_AGAIN],
                [sides[home] for home in one.doubt.households if one.doubt.check == "pair" and home in sides],
                not elsewhere.isdisjoint(one.doubt.households),
                is_only_possible(one.doubt),
                [step_words(step, one.doubt.check) for step in one.doubt.steps],
                again.get(one.id, ""),
                _outcomes(one.doubt),
                one.doubt.member == caller.member.id,
            )
            for one in some
        ],
        "count": sum(not is_only_possible(one.doubt) for one in is_open),
        "faint": sum(is_only_possible(one.doubt) for one in is_open),
        "matching": len(shown),
        "kinds": Counter(one.doubt.check for one in is_open),
        "by_village": Counter(one.village for one in is_open),
        "villages": villages,
        "differences": sum(row.to_body().get("state") == "open" for row in differences),
        "lately": len(lately),
        "kind_words": KIND_WORDS,
        "reason_words": REASON_WORDS,
        "who_joins": WHO_JOINS,
        "questions": list(CATALOGUE.values()),
    }


def _outcomes(doubt: Doubt) -> dict[str, str]:
    """How it can be settled, each with its words."""
    words = outcome_words(doubt.check)
    return {one: words[one] for one in OUTCOMES_OF.get(doubt.check, OTHER_OUTCOMES)}


def _is_of_kind(doubt: Doubt, kind: str) -> bool:
    """Pairs that are only possible are shown to who asks for pairs."""
    return doubt.check == kind if kind else not is_only_possible(doubt)


def _is_recent(doubt: Doubt, now: datetime) -> bool:
    last = doubt.last
    return (last.at if last else doubt.found_at) > now - RECENT and doubt.state in {DoubtState.SETTLED, DoubtState.GONE}


def _visits(ids: Iterable[str], visits: dict[str, dict[str, Any]], heads: dict[str, str]) -> list[SeenVisit]:
    """The visits in the order in which they were made."""
    made = []
    for body in (visits[one] for one in ids if one in visits):
        started, ended = (datetime.fromisoformat(body[name]) for name in ("started_at", "ended_at"))
        seconds = max(0, round((ended - started).total_seconds()))
        name = heads.get(body["household"], "")
        words = VISIT_WORDS.get(body["outcome"], body["outcome"])
        made.append(SeenVisit(body["household"], name, started, seconds, words, len(body.get("residents") or [])))
    return sorted(made, key=lambda one: one.started_at)
