"""What this device wrote about households and the server has not judged yet: shown on top of the server's state."""

import json
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from app.store.rows import OutboxRow


def list_waiting_edits(session: Session, households: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The unsent fields of the households, the later over the earlier; `village` is where one is to move."""
    query = select(OutboxRow.subject, OutboxRow.body).where(
        OutboxRow.state == "waiting", OutboxRow.kind == "household", col(OutboxRow.subject).in_(list(households))
    )
    found: dict[str, dict[str, Any]] = {}
    for household, body in session.exec(query.order_by(col(OutboxRow.device_seq))).all():
        found.setdefault(household, {}).update(json.loads(body))
    return found
