"""A lead's or official's look at a visit: sent back with the questions to ask again, or found good."""

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.free_text import check_texts
from survey.problem_shapes import describe
from survey.problems import FIELDS_INVALID, HOUSEHOLD_UNKNOWN
from survey.records import Review
from survey.roles import Action
from survey.times import wire_time
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.database import Session
from sync_server.store.responses import list_bodies
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.finding import Wanted
from sync_server.sync.kinds.kind import Kind


def judge_review(batch: Batch, change: Change) -> Judgement:
    """Have the household visited again, or end such a request. A visit that shows no more needs neither: `merged`."""
    try:
        review = Review.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    if problems := check_texts(review) + check_unknown(review):
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    visit = batch.earlier_visits.get(review.response)
    present = batch.find_household(change.village, visit["household"]) if visit else None
    if present is None:
        return Judgement("held", problem=describe(HOUSEHOLD_UNKNOWN))
    body = present.kept.body
    household = present.kept.id
    shows = body.get("visit") or (body.get("current") or {}).get("id")
    asks = review.verdict == "needs_fix"
    if shows != review.response or (not asks and "ask_again" not in body):
        return Judgement("merged", household=household)
    if asks:
        at = wire_time(min(change.captured_at, batch.now))
        body["ask_again"] = {
            "by": batch.caller.member.name, "at": at, "keys": review.fields, "note": review.note or ""
        }  # fmt: skip
    else:
        del body["ask_again"]
    return Judgement("applied", batch.mark_changed(present), household=household)


def _find_households(session: Session, batch: Batch, changes: list[Change]) -> Wanted:
    """Load the visits; return the households that they were made to."""
    named = {change.id: str(change.body.get("response")).lower() for change in changes}
    visits = list_bodies(session, batch.commune, named.values())
    batch.earlier_visits |= visits
    wanted: Wanted = {}
    for change in changes:
        if visit := visits.get(named[change.id]):
            wanted.setdefault(change.village, set()).add(visit["household"])
    return wanted


REVIEW = Kind(Action.REVIEW_VISIT, judge_review, _find_households)
