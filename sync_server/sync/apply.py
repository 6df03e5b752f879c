"""Judges the changes of a device, one verdict for each. No change is lost, and a faulty one does not stop the others.

All new changes of a request are first judged as one batch, in one savepoint and a few bulk statements. Only if that
fails is each judged alone, in a savepoint of its own, so that the faulty one is found and held.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from survey.bounds import check_bounds
from survey.devices import DeviceState
from survey.problem_shapes import ProblemDetails, ProblemType, describe
from survey.problems import (
    CHANGE_ID_REUSED,
    DEVICE_LOST,
    FIELDS_INVALID,
    HOUSEHOLD_ERASED,
    KIND_NOT_KNOWN,
    NOT_ALLOWED,
    NOT_TAKEN_OVER,
    NOT_THERE_YET,
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
from sync_server.store.erasures import list_erased
from sync_server.sync.batch import Batch, Judgement, write_batch
from sync_server.sync.kinds import KINDS
from sync_server.sync.loading import load_batch


@dataclass(frozen=True)
class NewChange:
    """A change as it was read, with the digest of its content: one id with two digests was used twice.

    `was_held`: it came before, was held because its household or difference was not there yet, and is judged again.
    """

    change: Change
    digest: str
    was_held: bool = False


def apply_changes(session: Session, caller: Caller, request: SyncRequest, now: datetime) -> list[VerdictReply]:
    """Judge the changes of a sync request, and store that the device was here. No change is applied twice."""
    skew = round((request.device_time - now).total_seconds())
    arrival = Arrival(caller.commune.code, caller.device, now, skew)
    mark_seen(session, arrival.commune, arrival.device, _what_was_said(caller, request, arrival))
    return judge_changes(session, caller, arrival, request.changes)


def judge_changes(
    session: Session, caller: Caller, arrival: Arrival, changes: list[dict[str, Any]]
) -> list[VerdictReply]:
    """Judge changes in wire form, not yet validated, whether they came by a sync or in a rescue file."""
    read = [_read(raw) for raw in changes]
    ids = [one.change.id for one in read if isinstance(one, NewChange)]
    given = list_verdicts(session, arrival.commune, ids)
    fresh: dict[str, NewChange] = {}
    for one in read:
        if isinstance(one, NewChange) and _is_open(one, given.get(one.change.id)):
            fresh.setdefault(one.change.id, replace(one, was_held=one.change.id in given))
    judged = _take_over(session, caller, arrival, sorted(fresh.values(), key=lambda one: one.change.device_seq))
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
    return replies


def _is_open(one: NewChange, before: GivenVerdict | None) -> bool:
    """Whether to judge the change: it is new, or was held because its household or difference was not there yet."""
    if before is None:
        return True
    waits = before.verdict == "held" and before.problem is not None and before.problem.slug in NOT_THERE_YET
    return waits and before.digest == one.digest


def unsent_after(request: SyncRequest) -> int:
    """How many changes stay unsent on the device after this request."""
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
    """A digest of any JSON content: 32 hexadecimal digits, the same whatever the order of keys."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _first_reply(identity: str, judged: GivenVerdict) -> VerdictReply:
    return VerdictReply(id=identity, verdict=judged.verdict, seq=judged.seq, problem=judged.problem)


def _repeated_reply(
    session: Session, arrival: Arrival, raw: dict[str, Any], fresh: NewChange, first: GivenVerdict
) -> VerdictReply:
    """Answer a change that came before with its first verdict, or with change-id-reused if its content is another."""
    if first.digest != fresh.digest:
        problem = describe(CHANGE_ID_REUSED)
        save_aside(session, arrival, digest_of(raw), raw, problem)
        return VerdictReply(id=fresh.change.id, verdict="invalid", problem=problem)
    return VerdictReply(
        id=fresh.change.id, verdict="duplicate", first=first.verdict, seq=first.seq, problem=first.problem
    )


def _take_over(session: Session, caller: Caller, arrival: Arrival, fresh: list[NewChange]) -> dict[str, GivenVerdict]:
    """Judge new changes together, or one by one if that fails: the verdicts by change id."""
    if not fresh:
        return {}
    try:
        with savepoint(session):
            return _take_together(session, caller, arrival, fresh)
    except DatabaseBusy:
        raise  # the disk is full or the database is gone: no change is at fault, the device tries again
    except Exception as error:
        log.warning("a batch of %d is taken one by one: %s", len(fresh), where_it_failed(error))
    judged: dict[str, GivenVerdict] = {}
    for one in fresh:
        judged |= _take_alone(session, caller, arrival, one)
    return judged


def _take_together(
    session: Session, caller: Caller, arrival: Arrival, fresh: list[NewChange]
) -> dict[str, GivenVerdict]:
    refusals = {one.change.id: caller.refusal(one.change, arrival.clock_skew, arrival.received_at) for one in fresh}
    in_scope = [one.change for one in fresh if refusals[one.change.id] is None]
    batch = load_batch(session, caller, in_scope, arrival.received_at)
    named = {one.change.id: _named(one.change) for one in fresh}
    batch.erased = list_erased(session, arrival.commune, set().union(*named.values()))
    judged = []
    for one in fresh:
        judgement = _judge(batch, one.change, refusals[one.change.id])
        judged.append(JudgedChange(one.change, one.digest, **vars(judgement)))
    # What came in one request with the erasure, before or after it, is not kept either.
    judged = [
        replace(
            one, keep_body=one.keep_body and not (named[one.change.id] & batch.erased and one.change.kind != "erasure")
        )
        for one in judged
    ]
    write_batch(session, batch)
    release_held(session, arrival.commune, [one.change.id for one in fresh if one.was_held])
    add_changes(session, arrival, judged)
    return {one.change.id: GivenVerdict(one.digest, one.verdict, one.seq, one.problem) for one in judged}


def _judge(batch: Batch, change: Change, refusal: ProblemType | None) -> Judgement:
    if batch.caller.state is DeviceState.LOST:
        return Judgement("held", problem=describe(DEVICE_LOST))
    if batch.erased & _named(change):
        if change.kind == "erasure":
            return Judgement("merged")
        return Judgement("invalid", problem=describe(HOUSEHOLD_ERASED), keep_body=False)
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


def _named(change: Change) -> set[str]:
    """The ids under which a change can mean a household."""
    return {change.subject, str(change.body.get("household")).lower()}


def _take_alone(session: Session, caller: Caller, arrival: Arrival, one: NewChange) -> dict[str, GivenVerdict]:
    """Judge one change in its own savepoint. If that fails, it is held with its whole content, for a person."""
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
    return {one.change.id: GivenVerdict(one.digest, "held", None, problem)}
