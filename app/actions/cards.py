"""What a lead does with a card: making it void, so that a lost one leads nowhere."""

from datetime import datetime

from app.actions.ids import new_id
from app.actions.responses import NotReady
from app.store.cards import find_card
from app.store.database import Database
from app.store.outbox import add_to_outbox


def revoke_card(database: Database, now: datetime, code: str) -> None:
    """Queue that the card is void. It leads to its household here until the server has answered.

    Raises `NotReady` if this device does not have the card.
    """
    with database.write() as session:
        read = find_card(session, code)
        if not read.card:
            raise NotReady
        add_to_outbox(
            session,
            identity=new_id(now),
            kind="card",
            subject=read.card,
            household=read.household or None,
            village=read.village,
            captured_at=now,
            seen=0,
            body={"state": "revoked"},
        )
