"""Judges the changes of a device, one verdict for each. No change is lost, and a faulty one does not stop the others.

What several devices hand in is first judged as one batch, in a few bulk statements. Only if that fails is each device's
taken by itself, and then each change, in a savepoint of its own, so that the faulty one is found and held.
"""

import json
from dataclasses import dataclass, replace
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
from survey.wire import Change, VerdictReply
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


@dataclass(frozen=True)
class HandIn:
    """Changes in wire form, not yet validated, of one device: from a sync, a rescue file or a page of the office.

    `is_released`: they are held, and an official takes them over all the same: neither the sender's villages and role
    nor the state of their device keeps them out.
    """

    caller: Caller
    arrival: Arrival
    changes: list[dict[str, Any]]
    is_released: bool = False


@dataclass(frozen=True)
class _Part:
    """What is new in one hand-in, in the order in which it was recorded."""

    sent: HandIn
    fresh: list[NewChange]


def judge_together(session: Session, every: list[HandIn], *, careful: bool = True) -> list[list[VerdictReply]]:
    """Judge what several devices of one commune hand in, in this order: a verdict for each change. None is applied
    twice, whichever device sends it.

    If it is not `careful`, a failure is not looked into: it is raised, and the caller tries again with care.
    """
    commune = every[0].arrival.commune
    read = [[_read(raw) for raw in one.changes] for one in every]
    given = list_verdicts(
        session, commune, [one.change.id for some in read for one in some if isinstance(one, NewChange)]
    )
    taken: set[str] = set()
    parts = []
    for sent, some in zip(every, read, strict=True):
        fresh: dict[str, NewChange] = {}
        for one in some:
            if (
                isinstance(one, NewChange)
                and one.change.id not in taken
                and _is_open(one, given.get(one.change.id), sent)
            ):
                fresh.setdefault(one.change.id, replace(one, was_held=one.change.id in given))
        taken |= fresh.keys()
        parts.append(_Part(sent, sorted(fresh.values(), key=lambda one: one.change.device_seq)))
    parts_with_news = [one for one in parts if one.fresh]
    take = _take_over if careful else _take_together
    judged = take(session, parts_with_news) if parts_with_news else {}
    return [_replies(session, part, some, judged, given) for part, some in zip(parts, read, strict=True)]


def _replies(
    session: Session,
    part: _Part,
    read: "list[NewChange | ProblemDetails]",
    judged: dict[str, GivenVerdict],
    given: dict[str, GivenVerdict],
) -> list[VerdictReply]:
    first_of = {one.change.id for one in part.fresh}
    arrival, replies = part.sent.arrival, []
    for raw, reading in zip(part.sent.changes, read, strict=True):
        if isinstance(reading, ProblemDetails):
            save_aside(session, arrival, digest_of(raw), raw, reading)
            replies.append(VerdictReply(id=str(raw.get("id", "")), verdict="invalid", problem=reading))
        elif reading.change.id in first_of:
            first_of.discard(reading.change.id)
            replies.append(_first_reply(reading.change.id, judged[reading.change.id]))
        else:
            first = judged.get(reading.change.id) or given[reading.change.id]
            replies.append(_repeated_reply(session, arrival, raw, reading, first))
    return replies


def _is_open(one: NewChange, before: GivenVerdict | None, sent: HandIn) -> bool:
    """Whether to judge the change: it is new, or was held and is released, or because its household or difference was
    not there yet."""
    if before is None:
        return True
    waits = before.verdict == "held" and before.problem is not None and before.problem.slug in NOT_THERE_YET
    return (waits or (sent.is_released and before.verdict == "held")) and before.digest == one.digest


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


def _take_over(session: Session, parts: list[_Part]) -> dict[str, GivenVerdict]:
    """Judge new changes together; if that fails, each device's by themselves, and if that fails, one by one: the
    verdicts by change id."""
    try:
        with savepoint(session):
            return _take_together(session, parts)
    except DatabaseBusy:
        raise  # the disk is full or the database is gone: no change is at fault, the device tries again
    except Exception as error:
        log.warning("a batch of %d is taken apart: %s", sum(len(one.fresh) for one in parts), where_it_failed(error))
    judged: dict[str, GivenVerdict] = {}
    for one in parts:
        if len(parts) > 1:
            judged |= _take_over(session, [one])
        else:
            for change in one.fresh:
                judged |= _take_alone(session, one.sent, change)
    return judged


def _take_together(session: Session, parts: list[_Part]) -> dict[str, GivenVerdict]:
    commune = parts[0].sent.arrival.commune
    refusals = {
        new.change.id: None
        if part.sent.is_released
        else part.sent.caller.refusal(new.change, part.sent.arrival.clock_skew, part.sent.arrival.received_at)
        for part in parts
        for new in part.fresh
    }
    every = [new for part in parts for new in part.fresh]
    in_scope = [one.change for one in every if refusals[one.change.id] is None]
    batch = load_batch(session, commune, [part.sent.caller for part in parts], in_scope)
    named = {one.change.id: _named(one.change) for one in every}
    batch.erased = list_erased(session, commune, set().union(*named.values()))
    judged: list[tuple[Arrival, JudgedChange]] = []
    for part in parts:
        batch.turn_to(part.sent.caller, part.sent.arrival.received_at, part.sent.arrival.clock_skew)
        for one in part.fresh:
            judgement = _judge(batch, one.change, refusals[one.change.id], is_released=part.sent.is_released)
            judged.append((part.sent.arrival, JudgedChange(one.change, one.digest, **vars(judgement))))
    # What came together with the erasure, before or after it, is not kept either.
    gone = [one.change.id for _, one in judged if named[one.change.id] & batch.erased and one.change.kind != "erasure"]
    if gone:
        judged = [(arrival, replace(one, keep_body=False) if one.change.id in gone else one) for arrival, one in judged]
    release_held(session, commune, [one.change.id for one in every if one.was_held])
    write_batch(session, batch, judged)
    return {one.change.id: GivenVerdict(one.digest, one.verdict, one.seq, one.problem) for _, one in judged}


def _judge(batch: Batch, change: Change, refusal: ProblemType | None, *, is_released: bool) -> Judgement:
    if batch.caller.state is DeviceState.LOST and not is_released:
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
    if not (is_released or batch.caller.may(kind.action)):
        return Judgement("held", problem=describe(NOT_ALLOWED))
    return kind.judge(batch, change)


def _named(change: Change) -> set[str]:
    """The ids under which a change can mean a household."""
    return {change.subject, str(change.body.get("household")).lower()}


def _take_alone(session: Session, sent: HandIn, one: NewChange) -> dict[str, GivenVerdict]:
    """Judge one change in its own savepoint. If that fails, it is held with its whole content, for a person."""
    try:
        with savepoint(session):
            return _take_together(session, [_Part(sent, [one])])
    except DatabaseBusy:
        raise
    except Exception as error:
        log.error("change %s was held: %s", one.change.id, where_it_failed(error))
    problem = describe(NOT_TAKEN_OVER)
    held = JudgedChange(one.change, one.digest, "held", problem=problem)
    try:
        with savepoint(session):
            add_changes(session, [(sent.arrival, held)])
    except DatabaseBusy:
        raise
    except Exception:
        raw = one.change.model_dump(mode="json", by_alias=True)
        save_aside(session, sent.arrival, digest_of(raw), raw, problem)
    return {one.change.id: GivenVerdict(one.digest, "held", None, problem)}
