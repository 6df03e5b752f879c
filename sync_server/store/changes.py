"""Every change that a device sent, with its verdict. So a repeated change does no harm, and no work is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from survey.problem_shapes import ProblemDetails
from survey.times import wire_time
from survey.wire import Change, Verdict
from sync_server.store.bulk import add_rows, as_body, as_integer, as_text, save_rows
from sync_server.store.rows import ChangeRow, SetAsideRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_CHANGE, _ASIDE = table_of(ChangeRow), table_of(SetAsideRow)
_GIVEN = Statement(
    select(_CHANGE.c.id, _CHANGE.c.digest, _CHANGE.c.verdict, _CHANGE.c.seq, _CHANGE.c.problem).where(
        _CHANGE.c.commune == bindparam("commune"), is_one_of(_CHANGE.c.id, "ids")
    )
)


@dataclass(frozen=True)
class JudgedChange:
    """A change with its verdict. `household` is the one it is about; `keep_body` is False if the visit is stored."""

    change: Change
    digest: str
    verdict: Verdict
    seq: int | None = None
    problem: ProblemDetails | None = None
    household: str | None = None
    keep_body: bool = True


@dataclass(frozen=True)
class GivenVerdict:
    """The verdict that a change was given when it first came."""

    digest: str
    verdict: Verdict
    seq: int | None
    problem: ProblemDetails | None


@dataclass(frozen=True)
class Arrival:
    """Which device sent a batch and when it came, by the server's clock.

    `clock_skew` is the device's clock minus the server's, in seconds.
    """

    commune: str
    device: str
    received_at: datetime
    clock_skew: int


@dataclass(frozen=True)
class SentChange:
    """A change in wire form, the device that sent it, and how far its clock was from the server's, in seconds."""

    device: str
    clock_skew: int
    change: dict[str, Any]


def add_changes(session: Session, judged: Iterable[tuple[Arrival, JudgedChange]]) -> None:
    rows = [
        {
            "commune": arrival.commune,
            "id": one.change.id,
            "device_id": arrival.device,
            "device_seq": one.change.device_seq,
            "kind": one.change.kind,
            "subject": one.change.subject,
            "village_id": one.change.village,
            "subject_household": one.household,
            "captured_at": one.change.captured_at,
            "received_at": arrival.received_at,
            "clock_skew": as_integer(arrival.clock_skew),
            "seen": one.change.seen,
            "schema_version": one.change.schema_version,
            "verdict": one.verdict,
            "seq": one.seq,
            "digest": one.digest,
            "problem": one.problem and one.problem.model_dump_json(),
            "body": as_text(one.change.body) if one.keep_body else None,
        }
        for arrival, one in judged
    ]
    add_rows(session, _CHANGE, rows)


def release_held(session: Session, commune: str, ids: list[str]) -> None:
    """Delete held changes that came again. The caller adds them with their new verdict in the same transaction."""
    if ids:
        own = (_CHANGE.c.commune == commune) & _CHANGE.c.id.in_(ids) & (_CHANGE.c.verdict == "held")
        session.execute(_CHANGE.delete().where(own))


def list_verdicts(session: Session, commune: str, ids: Iterable[str]) -> dict[str, GivenVerdict]:
    """The verdicts by change id, for those of the changes that came before."""
    found: dict[str, GivenVerdict] = {}
    for row in _GIVEN.rows(session, commune=commune, ids=ids):
        problem = ProblemDetails.model_validate_json(row.problem) if row.problem else None
        found[row.id] = GivenVerdict(row.digest, row.verdict, row.seq, problem)
    return found


def find_sent(session: Session, commune: str, identity: str) -> SentChange | None:
    """A change as its device sent it; None if it is unknown, or kept as a visit."""
    row = session.execute(select(_CHANGE).where(_CHANGE.c.commune == commune, _CHANGE.c.id == identity)).first()
    if row is None or row.body is None:
        return None
    change = {
        "id": row.id,
        "device_seq": row.device_seq,
        "kind": row.kind,
        "subject": row.subject,
        "village": row.village_id,
        "captured_at": wire_time(row.captured_at),
        "seen": row.seen,
        "schema": row.schema_version,
        "body": as_body(row.body),
    }
    return SentChange(row.device_id, row.clock_skew, change)


def save_aside(session: Session, arrival: Arrival, digest: str, content: Any, problem: ProblemDetails) -> None:
    """Store content that cannot be stored as a change: once for each device and digest, however often it is sent, with
    the time when it came first."""
    own = (_ASIDE.c.commune == arrival.commune, _ASIDE.c.digest == digest, _ASIDE.c.device_id == arrival.device)
    if session.execute(select(_ASIDE.c.digest).where(*own)).first():
        return
    row = {
        "commune": arrival.commune,
        "digest": digest,
        "device_id": arrival.device,
        "received_at": arrival.received_at,
        "problem": problem.model_dump_json(),
        "content": as_text(content),
    }
    save_rows(session, _ASIDE, [row])


def count_changes(session: Session, commune: str) -> dict[str, int]:
    """How many changes of the commune were given each verdict, and how many were set aside unread."""
    query = (
        select(_CHANGE.c.verdict, func.count().label("changes"))
        .where(_CHANGE.c.commune == commune)
        .group_by(_CHANGE.c.verdict)
    )
    counts: dict[str, int] = {row.verdict: row.changes for row in session.execute(query)}
    aside = session.execute(select(func.count()).where(_ASIDE.c.commune == commune)).scalar_one()
    return counts | {"set_aside": aside}
