"""Sending a visit back: the household is visited again, for the questions that are named."""

from collections.abc import Iterable
from datetime import datetime

from app.actions.ids import new_id
from app.actions.responses import NotReady
from app.store.database import Database
from app.store.households import find_household
from app.store.outbox import add_to_outbox
from survey.records import Review


def send_back(database: Database, now: datetime, household: str, keys: Iterable[str], note: str = "") -> None:
    """Queue that the household's last visit needs fixing: these questions are asked again, for the reason in the note.
    Raises `NotReady` if this device has no visit of it."""
    with database.write() as session:
        found = find_household(session, household)
        if found is None or not (found[2].current or {}).get("id"):
            raise NotReady
        seq, village, record = found
        visit = (record.model_extra or {}).get("visit") or (record.current or {})["id"]
        review = Review(response=visit, verdict="needs_fix", fields=list(keys), note=note or None)
        add_to_outbox(
            session,
            identity=new_id(now),
            kind="review",
            subject=new_id(now),
            household=household,
            village=village,
            captured_at=now,
            seen=seq,
            body=review.model_dump(mode="json"),
        )
