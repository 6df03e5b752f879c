"""Taking over what a device sends: one verdict for each change, none lost, none in the way of another.

All new changes of a request are first taken together, in one savepoint and a few bulk statements. Only where that
fails is each taken alone, in a savepoint of its own, so that the one at fault is found and kept aside.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from survey.bounds import check_bounds
from survey.devices import DeviceState
from survey.problems import (
    CHANGE_ID_REUSED,
    DEVICE_LOST,
    FIELDS_INVALID,
    KIND_NOT_KNOWN,
    NOT_ALLOWED,
    NOT_TAKEN_OVER,
    NOT_THERE_YET,
    ProblemDetails,
    ProblemType,
    describe,
)
from survey.wire import Change, SyncRequest, VerdictReply
from sync_server.access.caller import Caller
from sync_server.logs import log, where_it_failed
from sync_server.problems import field_problems
from sync_server.store.changes import (
    Arrival,
    GivenVerdict,
    JudgedChange,
    add_changes,
    list_verdicts,
    release_held,
    save_aside,
)
from sync_server.store.database import DatabaseBusy, Session, savepoint
from sync_server.store.devices import Seen, mark_seen
from sync_server.sync.batch import Batch, Judgement, write_batch
from sync_server.sync.kinds import KINDS
from sync_server.sync.loading import load_batch


@dataclass(frozen=True)
class NewChange:
    """A change that came for the first time, and the digest that tells it from another under the same id.

    Or one that was held because its household was not there: it is judged again, the household may be there now.
    """

    change: Change
    digest: str
    was_held: bool = False


@dataclass(frozen=True)
class Applied:
    """One verdict for each change, in their order, and the villages that must be counted again before the commit."""

    verdicts: list[VerdictReply]
    touched: set[str]


def apply_changes(session: Session, caller: Caller, request: SyncRequest, now: datetime) -> Applied:
    """Take the request's changes over. Nothing is lost or done twice."""
    skew = round((request.device_time - now).total_seconds())
    arrival = Arrival(caller.commune.code, caller.device, now, skew)
    mark_seen(session, arrival.commune, arrival.device, _what_was_said(caller, request, arrival))
    return judge_changes(session, caller, arrival, request.changes)


def judge_changes(session: Session, caller: Caller, arrival: Arrival, changes: list[dict[str, Any]]) -> Applied:
    """Take over what a device has to say, however it got here."""
    read = [_read(raw) for raw in changes]
    ids = [one.change.id for one in read if isinstance(one, NewChange)]
    given = list_verdicts(session, arrival.commune, ids)
    fresh: dict[str, NewChange] = {}
    for one in read:
        if isinstance(one, NewChange) and _is_open(one, given.get(one.change.id)):
            fresh.setdefault(one.change.id, replace(one, was_held=one.change.id in given))
    judged, touched = _take_over(
        session, caller, arrival, sorted(fresh.values(), key=lambda one: one.change.device_seq)
    )
    replies = []
    for raw, reading in zip(changes, read, strict=True):
        if isinstance(reading, ProblemDetails):
            save_aside(session, arrival, digest_of(raw), raw, reading)
            replies.append(VerdictReply(id=str(raw.get("id", "")), verdict="invalid", problem=reading))
        elif fresh.pop(reading.change.id, None):
            replies.append(_first_reply(reading.change.id, judged[reading.change.id]))
        else:
            first = judged.get(reading.change.id) or given[reading.change.id]
            replies.append(_repeated_reply(session, arrival, raw, reading, first))
    return Applied(replies, touched)


def _is_open(one: NewChange, before: GivenVerdict | None) -> bool:
    """Whether the change is to be judged: it is new, or was held for want of what it is about and comes once more."""
    if before is None:
        return True
    waits = before.verdict == "held" and before.problem is not None and before.problem.slug in NOT_THERE_YET
    return waits and before.digest == one.digest


def unsent_after(request: SyncRequest) -> int:
    """What still waits on the device once the changes of its request are here."""
    return max(0, request.unsent - len(request.changes))


def _what_was_said(caller: Caller, request: SyncRequest, arrival: Arrival) -> Seen:
    version = request.app_version or (caller.seen.app_version if caller.seen else "")
    return Seen(arrival.received_at, arrival.clock_skew, unsent_after(request), version)


def _read(raw: dict[str, Any]) -> NewChange | ProblemDetails:
    try:
        change = Change.model_validate(raw)
    except ValidationError as error:
        return describe(FIELDS_INVALID, field_problems(error.errors()))
    return NewChange(change, digest_of([change.kind, change.subject, change.village, change.body]))


def digest_of(content: Any) -> str:
    """What tells one content from another."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _first_reply(identity: str, judged: GivenVerdict) -> VerdictReply:
    return VerdictReply(id=identity, verdict=judged.verdict, seq=judged.seq, problem=judged.problem)


def _repeated_reply(
    session: Session, arrival: Arrival, raw: dict[str, Any], fresh: NewChange, first: GivenVerdict
) -> VerdictReply:
    """A change that came before: its first verdict again, unless its id now stands for something else."""
    if first.digest != fresh.digest:
        problem = describe(CHANGE_ID_REUSED)
        save_aside(session, arrival, digest_of(raw), raw, problem)
        return VerdictReply(id=fresh.change.id, verdict="invalid", problem=problem)
    return VerdictReply(
        id=fresh.change.id, verdict="duplicate", first=first.verdict, seq=first.seq, problem=first.problem
    )


def _take_over(
    session: Session, caller: Caller, arrival: Arrival, fresh: list[NewChange]
) -> tuple[dict[str, GivenVerdict], set[str]]:
    """The verdicts by change id, and the villages whose figures may have moved."""
    if not fresh:
        return {}, set()
    try:
        with savepoint(session):
            return _take_together(session, caller, arrival, fresh)
    except DatabaseBusy:
        raise  # the disk is full or the database is gone: no change is at fault, the device tries again
    except Exception as error:
        log.warning("a batch of %d is taken one by one: %s", len(fresh), where_it_failed(error))
    judged: dict[str, GivenVerdict] = {}
    touched: set[str] = set()
    for one in fresh:
        verdicts, villages = _take_alone(session, caller, arrival, one)
        judged |= verdicts
        touched |= villages
    return judged, touched


def _take_together(
    session: Session, caller: Caller, arrival: Arrival, fresh: list[NewChange]
) -> tuple[dict[str, GivenVerdict], set[str]]:
    refusals = {one.change.id: caller.refusal(one.change, arrival.clock_skew, arrival.received_at) for one in fresh}
    in_scope = [one.change for one in fresh if refusals[one.change.id] is None]
    batch = load_batch(session, caller, in_scope, arrival.received_at)
    judged = []
    for one in fresh:
        judgement = _judge(batch, one.change, refusals[one.change.id])
        judged.append(JudgedChange(one.change, one.digest, **vars(judgement)))
    write_batch(session, batch)
    release_held(session, arrival.commune, [one.change.id for one in fresh if one.was_held])
    add_changes(session, arrival, judged)
    return {one.change.id: GivenVerdict(one.digest, one.verdict, one.seq, one.problem) for one in judged}, batch.touched


def _judge(batch: Batch, change: Change, refusal: ProblemType | None) -> Judgement:
    if batch.caller.state is DeviceState.LOST:
        return Judgement("held", problem=describe(DEVICE_LOST))
    if refusal:
        return Judgement("held", problem=describe(refusal))
    if change.kind not in KINDS:
        return Judgement("held", problem=describe(KIND_NOT_KNOWN))
    if problems := check_bounds(change.body):
        return Judgement("invalid", problem=describe(FIELDS_INVALID, problems))
    kind = KINDS[change.kind]
    if not batch.caller.may(kind.action):
        return Judgement("held", problem=describe(NOT_ALLOWED))
    return kind.judge(batch, change)


def _take_alone(
    session: Session, caller: Caller, arrival: Arrival, one: NewChange
) -> tuple[dict[str, GivenVerdict], set[str]]:
    """One change in its own savepoint; where even that fails, it is kept for a person, with everything it holds."""
    try:
        with savepoint(session):
            return _take_together(session, caller, arrival, [one])
    except DatabaseBusy:
        raise
    except Exception as error:
        log.error("change %s was held: %s", one.change.id, where_it_failed(error))
    problem = describe(NOT_TAKEN_OVER)
    held = JudgedChange(one.change, one.digest, "held", problem=problem)
    try:
        with savepoint(session):
            add_changes(session, arrival, [held])
    except DatabaseBusy:
        raise
    except Exception:
        raw = one.change.model_dump(mode="json", by_alias=True)
        save_aside(session, arrival, digest_of(raw), raw, problem)
    return {one.change.id: GivenVerdict(one.digest, "held", None, problem)}, set()
