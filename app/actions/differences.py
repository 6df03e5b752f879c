"""Answering a difference: one tap, one transaction, one change."""

from datetime import datetime
from typing import Literal

from app.actions.ids import new_id
from app.actions.responses import NotReady
from app.store.database import Database
from app.store.differences import find_difference
from app.store.outbox import add_to_outbox
from app.store.stream import list_homes
from survey.records import Resolution
from survey.vietnamese import clean

LONGEST_NOTE = 500
Choice = Literal["shown", "other", "new_visit"]


def settle_difference(database: Database, now: datetime, difference: str, choice: Choice, note: str = "") -> str:
    """Queue the answer to a difference for the server; returns the id of the answer. The difference leaves the list of
    open ones at once.

    Raises `NotReady` if this device does not have the difference.
    """
    answer = Resolution(difference=difference, choice=choice, note=clean(note)[:LONGEST_NOTE])
    with database.write() as session:
        found = find_difference(session, difference)
        home = list_homes(session, "difference", [difference]).get(difference)
        if found is None or home is None:
            raise NotReady
        seq, household, _body = found
        identity = new_id(now)
        add_to_outbox(
            session,
            identity=new_id(now),
            kind="resolution",
            subject=identity,
            household=household or None,
            village=home[0],
            captured_at=now,
            seen=seq,
            body=answer.model_dump(mode="json", exclude_defaults=True),
        )
    return identity
