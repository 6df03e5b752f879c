"""The PIN that locks this device's screen: setting it, taking it away, and every try."""

from datetime import datetime
from hmac import compare_digest

from app.actions.ids import new_id
from app.store.database import Database
from app.store.outbox import add_to_outbox
from app.store.pin import KeptPin, delete_pin, delete_tries, find_pin, find_tries, save_pin, save_tries
from survey.pin import Tries, no_tries
from survey.records import PinRule

ROUNDS = 600_000


def set_pin(database: Database, pin: KeptPin) -> None:
    """From now on this PIN is asked."""
    with database.write() as session:
        delete_pin(session)
        save_pin(session, pin)


def remove_pin(database: Database) -> None:
    """From now on none is asked."""
    with database.write() as session:
        delete_pin(session)


def require_pin(database: Database, now: datetime, village: str, required: bool) -> None:
    """Queue whether the phones of this village's team must have a PIN. For leads and officials."""
    with database.write() as session:
        add_to_outbox(
            session,
            identity=new_id(now),
            kind="pin_rule",
            subject=village,
            household=None,
            village=village,
            captured_at=now,
            seen=0,
            body=PinRule(required=required).model_dump(mode="json", exclude_unset=True),
        )


def look_at_tries(database: Database, now: datetime) -> Tries:
    """The tries as they stand now. Kept, so that the clock is next compared with this moment."""
    with database.write() as session:
        tries = (find_tries(session) or no_tries(now)).at(now)
        if tries.wrong:
            save_tries(session, tries)
    return tries


def try_pin(database: Database, now: datetime, typed: bytes) -> Tries | None:
    """One try, by the hash of what was typed: None if it is right, else the tries from now on. While a wait lasts a try
    is not looked at and does not count."""
    with database.write() as session:
        pin = find_pin(session)
        tries = (find_tries(session) or no_tries(now)).at(now)
        if pin is None:
            return None
        if tries.left:
            save_tries(session, tries)
            return tries
        if compare_digest(pin.hash, typed):
            delete_tries(session)
            return None
        tries = tries.after_wrong(now)
        save_tries(session, tries)
    return tries
