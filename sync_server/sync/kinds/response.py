"""A visit is kept for ever as it was sent. The household shows the merge of its visits."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from survey.bounds import check_bounds, check_unknown
from survey.differences import residents_of
from survey.households import own_fields, seen_answers, take_visit
from survey.merge import FieldDifference
from survey.problem_shapes import describe
from survey.problems import CHANGE_ID_REUSED, HOUSEHOLD_UNKNOWN, VISIT_INVALID, VISITS_DIFFER
from survey.questions import check_response
from survey.records import ResponseBody
from survey.roles import Action
from survey.times import vietnam_year, wire_time
from survey.wire import Change, Verdict
from sync_server.problems import field_problems
from sync_server.store.database import Session
from sync_server.store.differences import list_shown_after_answers
from sync_server.store.responses import Visit, list_bodies, list_shown
from sync_server.sync.batch import Batch, Judgement, LoadedHousehold
from sync_server.sync.differences import NewDifference, note_difference
from sync_server.sync.finding import Wanted
from sync_server.sync.kinds.kind import Kind

Body = dict[str, Any]
_AHEAD = timedelta(days=1)


def judge_response(batch: Batch, change: Change) -> Judgement:
    """Store the visit and merge it into the answers that the household shows."""
    try:
        visit = ResponseBody.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(VISIT_INVALID, field_problems(error.errors())))
    problems = check_response(visit, _latest_birth_year(visit, batch)) + check_unknown(visit)
    if problems:
        return Judgement("invalid", problem=describe(VISIT_INVALID, problems), household=visit.household)
    present = batch.find_household(change.village, visit.household)
    if present is None:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN), household=visit.household)
    body = visit.model_dump(mode="json", exclude_unset=True)
    if change.subject in batch.earlier_visits:
        return _again(batch, change, present, body)
    return _merge(batch, change, present, body)


def _latest_birth_year(visit: ResponseBody, batch: Batch) -> int:
    """The latest birth year that a visit may name: Vietnam's year by the server's clock, or by the phone's if that is
    ahead, but by no more than a day."""
    return vietnam_year(max(batch.latest, min(visit.ended_at, batch.latest + _AHEAD)))


def _again(batch: Batch, change: Change, present: LoadedHousehold, body: Body) -> Judgement:
    """Judge a visit whose id is stored already: applied if the content is the same, else invalid (change-id-reused)."""
    if batch.earlier_visits[change.subject] == body:
        return Judgement("applied", present.seq, household=present.kept.id)
    return Judgement("invalid", problem=describe(CHANGE_ID_REUSED), household=present.kept.id)


def _merge(batch: Batch, change: Change, present: LoadedHousehold, body: Body) -> Judgement:
    mine = body | {"id": change.subject}
    before = present.kept.body
    theirs: Body | None = before.get("current")
    base = seen_answers(body.get("based_on"), theirs, batch.shown)
    # A phone's clock may be ahead; a visit is never shown in the future.
    ended = min(datetime.fromisoformat(body["ended_at"]), batch.now)
    visited = take_visit(before, base, mine, by=batch.caller.member.name, at=wire_time(ended))
    merged, shown = visited.merged, visited.merged.body
    if shown is not mine and (problems := check_bounds(shown) + check_unknown(ResponseBody.model_validate(shown))):
        return Judgement("invalid", problem=describe(VISIT_INVALID, problems), household=present.kept.id)
    present.kept.body = visited.body
    batch.mark_changed(present)
    if visited.changed:
        batch.note_history(present, visited.changed, own_fields(visited.body), change.captured_at)
    batch.earlier_visits[change.subject] = body
    batch.shown[change.subject] = shown
    batch.new_visits.append(
        Visit(
            change.subject,
            change.village,
            present.kept.id,
            batch.caller.member.id,
            change.id,
            batch.now,
            body,
            None if shown is mine else shown,
        )
    )
    verdict: Verdict = "applied" if theirs is None or base == theirs else "merged"
    problem = None
    if merged.differences:
        verdict, problem = "difference", describe(VISITS_DIFFER)
        more = {"theirs_visit": (theirs or {}).get("id"), "mine_visit": change.subject}
        found = _new_difference(present, before, merged.differences, shown is theirs)
        note_difference(batch, change, found, residents_of(theirs, shown, mine), more)
    return Judgement(verdict, present.seq, problem, household=present.kept.id, keep_body=False)


def _new_difference(
    present: LoadedHousehold, before: Body, fields: tuple[FieldDifference, ...], theirs_shows: bool
) -> NewDifference:
    by, at = before.get("visited_by"), before.get("visited_at")
    return NewDifference(present.kept.village, present.kept.id, fields, by, at, "theirs" if theirs_shows else "mine")


def _find_households(_session: Session, _batch: Batch, changes: list[Change]) -> Wanted:
    wanted: Wanted = {}
    for change in changes:
        household = change.body.get("household")
        if isinstance(household, str):
            wanted.setdefault(change.village, set()).add(household)
    return wanted


def _load(session: Session, batch: Batch, changes: list[Change]) -> None:
    """Load the stored visits of these ids, and the earlier answers that the visits were filled in from."""
    commune = batch.commune
    batch.earlier_visits |= list_bodies(session, commune, [change.subject for change in changes])
    shown_now = {(one.kept.body.get("current") or {}).get("id") for one in batch.households.values()}
    bases = {base for change in changes if isinstance(base := change.body.get("based_on"), str)} - shown_now
    if bases:
        batch.shown |= list_shown(session, commune, bases)
    if answers := bases - batch.shown.keys():
        batch.shown |= list_shown_after_answers(session, commune, answers)


RESPONSE = Kind(Action.RECORD_VISIT, judge_response, _find_households, _load, follows_merges=False)
