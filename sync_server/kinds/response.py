"""A visit: kept for ever as it was sent; the household's present state is the merge of its visits."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from survey.bounds import check_bounds, check_unknown
from survey.households import own_fields
from survey.merge import FieldDifference, merge_visits
from survey.problems import CHANGE_ID_REUSED, HOUSEHOLD_UNKNOWN, VISIT_INVALID, VISITS_DIFFER, describe
from survey.questions import check_response
from survey.records import HouseholdStatus, Outcome, ResponseBody
from survey.wire import Change, Verdict
from sync_server.batch import Batch, Judgement, Present
from sync_server.differing import Found, as_time, note_difference, residents_of
from sync_server.problems import field_problems
from sync_server.store.responses import Visit

Body = dict[str, Any]
_STATUS_AFTER = {
    Outcome.COMPLETED: HouseholdStatus.ACTIVE,
    Outcome.REFUSED: HouseholdStatus.REFUSED,
    Outcome.VACANT: HouseholdStatus.VACANT,
    Outcome.MOVED: HouseholdStatus.MOVED,
}


def judge_response(batch: Batch, change: Change) -> Judgement:
    """Keep the visit and merge it into what the household shows."""
    try:
        visit = ResponseBody.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(VISIT_INVALID, field_problems(error.errors())))
    problems = check_response(visit, batch.year) + check_unknown(visit)
    if problems:
        return Judgement("invalid", problem=describe(VISIT_INVALID, problems), household=visit.household)
    present = batch.find_household(change.village, visit.household)
    if present is None:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN), household=visit.household)
    body = visit.model_dump(mode="json", exclude_unset=True)
    if change.subject in batch.earlier_visits:
        return _again(batch, change, present, body)
    return _merge(batch, change, present, body)


def _again(batch: Batch, change: Change, present: Present, body: Body) -> Judgement:
    """A visit that is kept already came in another change: the same is fine, another content is not taken for it."""
    if batch.earlier_visits[change.subject] == body:
        return Judgement("applied", present.seq, household=present.kept.id)
    return Judgement("invalid", problem=describe(CHANGE_ID_REUSED), household=present.kept.id)


def _merge(batch: Batch, change: Change, present: Present, body: Body) -> Judgement:
    mine = body | {"id": change.subject}
    theirs: Body | None = present.kept.body.get("current")
    base = _base(batch, body.get("based_on"), theirs)
    merged = merge_visits(base, theirs, mine)
    shown = merged.body
    if shown is not mine and (problems := check_bounds(shown) + check_unknown(ResponseBody.model_validate(shown))):
        return Judgement("invalid", problem=describe(VISIT_INVALID, problems), household=present.kept.id)
    found = _found(present, merged.differences, shown is theirs)
    _take_over(batch, change, present, shown)
    batch.earlier_visits[change.subject] = body
    batch.shown[change.subject] = shown
    batch.new_visits.append(
        Visit(
            change.subject,
            change.village,
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
        note_difference(batch, change, found, residents_of(theirs, shown, mine), more)
    return Judgement(verdict, present.seq, problem, household=present.kept.id, keep_body=False)


def _found(present: Present, fields: tuple[FieldDifference, ...], theirs_shows: bool) -> Found:
    body = present.kept.body
    by, at = body.get("visited_by"), body.get("visited_at")
    return Found(present.kept.village, present.kept.id, fields, by, at, "theirs" if theirs_shows else "mine")


def _base(batch: Batch, based_on: str | None, theirs: Body | None) -> Body | None:
    """What the person had on the screen: the present answers as they were after the visit that is named."""
    if based_on is None:
        return None
    return theirs if theirs and theirs.get("id") == based_on else batch.shown.get(based_on)


def _take_over(batch: Batch, change: Change, present: Present, shown: Body) -> None:
    """Show the merged visit; where it is this one, also who came and when, and what it says of the household."""
    kept = present.kept.body
    sent: Body = {}
    kept["current"] = shown
    if shown.get("id") == change.subject:
        # A phone's clock may be ahead; a visit is never shown in the future.
        ended = min(datetime.fromisoformat(shown["ended_at"]), batch.now)
        kept["visited_at"] = as_time(ended)
        kept["visited_by"] = batch.caller.member.name
        kept.pop("visit", None)
        if shown["outcome"] != Outcome.ABSENT:  # who declines is not asked again and again
            kept.pop("ask_again", None)
        sent = follow_outcome(kept, shown)
    batch.mark_changed(present, counted_anew=True)
    if sent:
        batch.note_history(present, sent, own_fields(kept), change.captured_at)


def follow_outcome(kept: Body, shown: Body) -> Body:
    """Set the household's status to what the visit that shows says of it; the field, where that changed something."""
    status = _STATUS_AFTER.get(Outcome(shown["outcome"]))
    if status is None or kept.get("status") == status:
        return {}
    kept["status"] = status.value
    return {"status": status.value}
