"""The outbox: every change made on this device, in order, with its verdict. A change stays after its verdict."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Integer, bindparam, func, or_
from sqlmodel import Session, col, select

from app.store.rows import DraftRow, OutboxRow
from survey.problem_shapes import ProblemDetails
from survey.problems import NOT_THERE_YET
from survey.records import ResponseBody
from survey.wire import MOST_BYTES, SCHEMA, VerdictReply

ERASED = "erased"
"""The state of a change about a household that was erased: its body is gone, and it is never sent."""
# Made once: to build a statement takes longer than to run it.
_WAITING = (
    select(OutboxRow)
    .where(OutboxRow.state == "waiting")
    .order_by(col(OutboxRow.device_seq))
    .limit(bindparam("most", type_=Integer))
)
_HELD_SINCE = select(OutboxRow).where(
    OutboxRow.state == "held", col(OutboxRow.settled_at) < bindparam("settled_before")
)
_HELD_FOR = select(OutboxRow).where(
    OutboxRow.state == "held", col(OutboxRow.household_id).in_(bindparam("households", expanding=True))
)
_BY_ID = select(OutboxRow).where(OutboxRow.id == bindparam("change"))
_COUNTS = select(OutboxRow.state, func.count()).group_by(col(OutboxRow.state))
_CONFIRMED = {"applied", "merged", "difference"}
_STATE_OF_VERDICT = dict.fromkeys(_CONFIRMED, "confirmed") | {"held": "held", "invalid": "invalid"}


@dataclass(frozen=True)
class OutboxCounts:
    """How many of this device's changes are in each state. A change without a verdict is `waiting`."""

    waiting: int = 0
    confirmed: int = 0
    held: int = 0
    invalid: int = 0


@dataclass(frozen=True)
class ReturnedChange:
    """A change that a person must look at: held or invalid, with the server's reason."""

    id: str
    household_id: str | None
    state: str
    problem: ProblemDetails | None


def add_to_outbox(
    session: Session,
    *,
    identity: str,
    kind: str,
    subject: str,
    household: str | None,
    village: str,
    captured_at: datetime,
    seen: int,
    body: dict[str, Any],
) -> None:
    """Queue a change; call it in the transaction that changes the row."""
    session.add(
        OutboxRow(
            id=identity,
            kind=kind,
            subject=subject,
            household_id=household,
            village_id=village,
            captured_at=captured_at.isoformat(),
            seen=seen,
            schema_version=SCHEMA,
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        )
    )


def list_next_batch(session: Session, most: int) -> list[dict[str, Any]]:
    """The oldest waiting changes in wire form: at most `most`, and not more bytes than one request should hold."""
    batch: list[dict[str, Any]] = []
    size = 0
    for row in session.exec(_WAITING, params={"most": most}).all():
        size += len(row.body.encode())
        if batch and size > MOST_BYTES:
            break
        batch.append(_on_the_wire(row))
    return batch


def list_waiting(session: Session, most: int) -> list[dict[str, Any]]:
    """The oldest changes that wait for a verdict, at most `most`, in wire form."""
    return [_on_the_wire(row) for row in session.exec(_WAITING, params={"most": most}).all()]


def _on_the_wire(row: OutboxRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "device_seq": row.device_seq,
        "kind": row.kind,
        "subject": row.subject,
        "village": row.village_id,
        "captured_at": row.captured_at,
        "seen": row.seen,
        "schema": row.schema_version,
        "body": json.loads(row.body),
    }


def mark_settled(session: Session, verdicts: list[VerdictReply], at: datetime) -> list[str]:
    """Save the verdicts on this device's changes, as given at `at`; returns the ids of the households concerned.

    No change is deleted: the work stays on the device.
    """
    households = []
    for verdict in verdicts:
        row = session.exec(_BY_ID, params={"change": verdict.id}).first()
        if row is None:
            continue
        row.state = _STATE_OF_VERDICT.get(verdict.first or verdict.verdict, "confirmed")
        row.seq, row.settled_at = verdict.seq, at.isoformat()
        row.problem = verdict.problem.model_dump_json() if verdict.problem else None
        session.add(row)
        if row.household_id:
            households.append(row.household_id)
    return households


def find_last_settled(session: Session) -> datetime | None:
    """When the server last gave a verdict on a change of this device, by the server's clock; None if never."""
    latest = session.exec(select(func.max(OutboxRow.settled_at))).one()
    return datetime.fromisoformat(latest) if latest else None


def mark_offered_again(session: Session, settled_since: datetime, captured_since: datetime) -> list[str]:
    """Queue again every change settled since `settled_since` (server's clock) or captured since `captured_since`
    (device's clock): a server restored from an older backup may have lost them. Returns what they are about.

    Sending a change twice is harmless, because the server knows it by its id.
    """
    settled = col(OutboxRow.state).in_(["confirmed", "held", "invalid"])
    recent = or_(
        col(OutboxRow.settled_at) >= settled_since.isoformat(), col(OutboxRow.captured_at) >= captured_since.isoformat()
    )
    return _wait_again(session, session.exec(select(OutboxRow).where(settled, recent)).all())


def _wait_again(session: Session, rows: Iterable[OutboxRow]) -> list[str]:
    about = []
    for row in rows:
        row.state = "waiting"
        session.add(row)
        about.append(row.household_id or row.subject)
    return about


def mark_held_offered(session: Session, settled_before: datetime) -> list[str]:
    """Queue again what the server said before this time (by its clock) that it holds: somebody may have taken it over
    since, and only the server knows. Returns what it is about."""
    return _wait_again(session, session.exec(_HELD_SINCE, params={"settled_before": settled_before.isoformat()}).all())


def mark_offered_for(session: Session, households: list[str]) -> bool:
    """Queue again the changes to these households that the server held because it did not have their subject yet.
    Returns whether there were any.

    After a restore the server may get a visit before another phone sends the household.
    """
    if not households:
        return False
    found = False
    for row in session.exec(_HELD_FOR, params={"households": households}).all():
        if row.problem and ProblemDetails.model_validate_json(row.problem).slug in NOT_THERE_YET:
            row.state, found = "waiting", True
            session.add(row)
    return found


def list_tied_households(session: Session) -> set[str]:
    """Households with unsent, returned or unfinished work on this device: their rows must not be deleted."""
    open_work = select(OutboxRow.household_id).where(col(OutboxRow.state).not_in(["confirmed", "replaced", ERASED]))
    drafts = session.exec(select(DraftRow.household_id)).all()
    return {household for household in session.exec(open_work).all() if household} | set(drafts)


def count_outbox(session: Session) -> OutboxCounts:
    known = dict(session.exec(_COUNTS).all())
    return OutboxCounts(*(known.get(state, 0) for state in ("waiting", "confirmed", "held", "invalid")))


def find_oldest_waiting(session: Session) -> datetime | None:
    """When the oldest change that still waits to be sent was made; None if nothing waits."""
    waiting = select(func.min(col(OutboxRow.captured_at))).where(col(OutboxRow.state) == "waiting")
    oldest = session.exec(waiting).first()
    return datetime.fromisoformat(oldest) if oldest else None


def list_returned(session: Session, household: str) -> list[ReturnedChange]:
    """The household's held and invalid changes, the latest first."""
    query = select(OutboxRow).where(OutboxRow.household_id == household, col(OutboxRow.state).in_(["held", "invalid"]))
    return [
        ReturnedChange(
            row.id,
            row.household_id,
            row.state,
            ProblemDetails.model_validate_json(row.problem) if row.problem else None,
        )
        for row in session.exec(query.order_by(col(OutboxRow.device_seq).desc())).all()
    ]


def find_returned_visit(session: Session, change: str) -> tuple[str, int, ResponseBody] | None:
    """The village, sequence seen and visit of an invalid change; None if there is none, or no readable visit."""
    row = session.exec(select(OutboxRow).where(OutboxRow.id == change, OutboxRow.state == "invalid")).first()
    if row is None or row.kind != "response":
        return None
    try:
        return row.village_id, row.seen, ResponseBody.model_validate_json(row.body)
    except ValidationError:
        return None


def mark_replaced(session: Session, household: str) -> None:
    """Mark a household's invalid visits as replaced by a corrected one. They stay, but need no more attention."""
    invalid = select(OutboxRow).where(
        OutboxRow.household_id == household, OutboxRow.kind == "response", OutboxRow.state == "invalid"
    )
    for row in session.exec(invalid).all():
        row.state = "replaced"
        session.add(row)
