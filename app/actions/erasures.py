"""Erasing a household because its family asks for it."""

from datetime import datetime

from app.actions.ids import new_id
from app.actions.responses import NotReady
from app.store.database import Database
from app.store.erasures import delete_household
from app.store.households import find_household
from app.store.outbox import add_to_outbox
from survey.records import Erasure
from survey.times import wire_time

FAMILY_ASKED = "family_request"


def erase_household(database: Database, now: datetime, household: str) -> None:
    """Delete all that this device holds of the household, and queue that everybody else does. What others sent of it
    meanwhile is erased as well. Raises `NotReady` if this device does not have the household."""
    with database.write() as session:
        found = find_household(session, household)
        if found is None:
            raise NotReady
        seq, village, _record = found
        asked = Erasure(household=household, requested_at=now, basis=FAMILY_ASKED)
        delete_household(session, household)
        add_to_outbox(
            session,
            identity=new_id(now),
            kind="erasure",
            subject=household,
            household=household,
            village=village,
            captured_at=now,
            seen=seq,
            body=asked.model_dump(mode="json") | {"requested_at": wire_time(now)},
        )
