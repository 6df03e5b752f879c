"""Doing something about a doubt: one tap, one transaction, one change."""

from collections.abc import Iterable
from datetime import datetime

from app.actions.ids import new_id
from app.actions.responses import NotReady
from app.store.database import Database
from app.store.doubts import find_doubt
from app.store.outbox import add_to_outbox
from survey.doubts import DoubtStep, Outcome, Reason, Step
from survey.vietnamese import clean


def take_step(
    database: Database,
    now: datetime,
    doubt: str,
    step: Step,
    *,
    outcome: Outcome | None = None,
    reason: Reason | None = None,
    households: Iterable[str] = (),
    keys: Iterable[str] = (),
    note: str = "",
) -> None:
    """Queue a step about the doubt for the server. Raises `NotReady` if this device does not have the doubt."""
    made = DoubtStep(
        step=step, outcome=outcome, reason=reason, households=list(households), keys=list(keys), note=clean(note)
    )
    with database.write() as session:
        found = find_doubt(session, doubt)
        if found is None:
            raise NotReady
        add_to_outbox(
            session,
            identity=new_id(now),
            kind="doubt",
            subject=doubt,
            household=None,
            village=found.village,
            captured_at=now,
            seen=found.seq,
            body=made.model_dump(mode="json", exclude_defaults=True),
        )
