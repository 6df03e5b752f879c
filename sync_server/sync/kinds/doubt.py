"""A step about a doubt: somebody looks at it, has households asked again, says what was behind it, or settles it."""

from pydantic import ValidationError

from survey.bounds import check_unknown
from survey.doubts import DoneStep, Doubt, DoubtStep, Step, check_step
from survey.free_text import check_texts
from survey.problem_shapes import describe
from survey.problems import DOUBT_ABOUT_YOU, DOUBT_MOVED_ON, DOUBT_UNKNOWN, FIELDS_INVALID, NOT_ALLOWED
from survey.roles import Action
from survey.times import wire_time
from survey.wire import Change
from sync_server.problems import field_problems
from sync_server.store.database import Session
from sync_server.store.stream import list_shown_in
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.finding import Wanted, lock_villages
from sync_server.sync.kinds.kind import Kind


def judge_doubt(batch: Batch, change: Change) -> Judgement:
    """Do the step, unless somebody else has done one since the sender looked: then they hear of that first."""
    try:
        step = DoubtStep.model_validate(change.body)
    except ValidationError as error:
        return Judgement("invalid", problem=describe(FIELDS_INVALID, field_problems(error.errors())))
    stood = batch.doubts.get(change.subject)
    if stood is None or stood.body is None or stood.village not in {change.village, *batch.caller.villages}:
        return Judgement("held", problem=describe(DOUBT_UNKNOWN))
    doubt, member = Doubt.model_validate(stood.to_body()), batch.caller.member
    is_concerned = doubt.member == member.id
    if step.step is Step.EXPLAIN:
        if not is_concerned:
            return Judgement("held", problem=describe(NOT_ALLOWED))
    elif not batch.caller.may(Action.REVIEW_VISIT):
        return Judgement("held", problem=describe(NOT_ALLOWED))
    elif is_concerned:
        return Judgement("invalid", problem=describe(DOUBT_ABOUT_YOU))
    last = doubt.last
    if last and last.member != member.id and stood.seq > change.seen:
        return Judgement("invalid", problem=describe(DOUBT_MOVED_ON))
    if problems := check_step(doubt, step) + check_texts(step) + check_unknown(step):
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    signed = {"by": member.name, "member": member.id, "at": wire_time(min(change.captured_at, batch.now))}
    done = DoneStep.model_validate(step.model_dump() | signed)
    if step.step is Step.ASK:
        _ask_again(batch, change, done)
    seq = batch.next_seq(stood.village)
    body = doubt.after(done).model_dump(mode="json", exclude_defaults=True)
    batch.show(stood.village, "doubt", change.subject, seq, body)
    batch.doubts[change.subject] = batch.states[stood.village, "doubt", change.subject]
    return Judgement("applied", seq)


def _ask_again(batch: Batch, change: Change, done: DoneStep) -> None:
    """The households show that they are to be asked again, as after a `review`."""
    for identity in done.households:
        present = batch.find_household(change.village, identity)
        if present is not None:
            asked = {"by": done.by, "at": wire_time(done.at), "keys": done.keys, "note": done.note}
            present.kept.body = present.kept.body | {"ask_again": asked}
            batch.mark_changed(present)


def _find_households(session: Session, batch: Batch, changes: list[Change]) -> Wanted:
    """Load the doubts; the households are those to be asked again."""
    places = {one.village for one in changes} | batch.reach
    found = list_shown_in(session, batch.commune, "doubt", places, [one.subject for one in changes])
    batch.doubts |= found
    lock_villages(session, batch, {one.village for one in found.values()})
    wanted: Wanted = {}
    for change in changes:
        asked = change.body.get("households")
        some = [one.lower() for one in asked if isinstance(one, str)] if isinstance(asked, list) else []
        wanted.setdefault(change.village, set()).update(some)
    return wanted


DOUBT = Kind(Action.ANSWER_DOUBT, judge_doubt, _find_households)
