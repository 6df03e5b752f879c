"""What was written on this device and how far it got: saved here, confirmed, held, to be corrected."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.store.rows import HouseholdRow, OutboxRow
from survey.records import Outcome


@dataclass(frozen=True)
class OwnChange:
    """One change of this device. `settled_at` is when the server gave its verdict, None while it waits."""

    kind: str
    outcome: Outcome | None
    household_id: str | None
    head_name: str
    state: str
    captured_at: datetime
    settled_at: datetime | None


def list_own_changes(session: Session, limit: int = 50) -> list[OwnChange]:
    """The latest changes made here, the newest first."""
    query = (
        select(OutboxRow, HouseholdRow.head_name)
        .join(HouseholdRow, col(HouseholdRow.id) == OutboxRow.household_id, isouter=True)
        .order_by(col(OutboxRow.device_seq).desc())
        .limit(limit)
    )
    return [
        OwnChange(
            kind=row.kind,
            outcome=_outcome(row),
            household_id=row.household_id,
            head_name=head_name or "",
            state=row.state,
            captured_at=datetime.fromisoformat(row.captured_at),
            settled_at=datetime.fromisoformat(row.settled_at) if row.settled_at else None,
        )
        for row, head_name in session.exec(query).all()
    ]


def _outcome(row: OutboxRow) -> Outcome | None:
    """How a visit ended; None for other changes, and for a visit that cannot be read."""
    outcome = json.loads(row.body).get("outcome") if row.kind == "response" else None
    return Outcome(outcome) if outcome in set(Outcome) else None
