"""The PIN of this device as a salted slow hash, and the tries at it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from app.store.rows import SettingRow
from app.store.sync_state import PIN, PIN_TRIES, find_setting, save_setting
from survey.pin import Tries


@dataclass(frozen=True)
class KeptPin:
    """What is kept of a PIN: PBKDF2-SHA256 of it, with this salt and so many rounds."""

    salt: bytes
    rounds: int
    hash: bytes


def find_pin(session: Session) -> KeptPin | None:
    """The PIN of this device, None if it has none."""
    text = find_setting(session, PIN)
    if text is None:
        return None
    kept = json.loads(text)
    return KeptPin(bytes.fromhex(kept["salt"]), kept["rounds"], bytes.fromhex(kept["hash"]))


def save_pin(session: Session, pin: KeptPin) -> None:
    save_setting(session, PIN, json.dumps({"salt": pin.salt.hex(), "rounds": pin.rounds, "hash": pin.hash.hex()}))


def delete_pin(session: Session) -> None:
    """Forget the PIN and the tries at it; nothing where there is none."""
    session.exec(delete(SettingRow).where(col(SettingRow.key).in_([PIN, PIN_TRIES])))


def find_tries(session: Session) -> Tries | None:
    """The wrong tries since the last right one, None if there were none."""
    text = find_setting(session, PIN_TRIES)
    if text is None:
        return None
    kept = json.loads(text)
    return Tries(kept["wrong"], timedelta(seconds=kept["left"]), datetime.fromisoformat(kept["seen"]))


def save_tries(session: Session, tries: Tries) -> None:
    kept = {"wrong": tries.wrong, "left": tries.left.total_seconds(), "seen": tries.seen.isoformat()}
    save_setting(session, PIN_TRIES, json.dumps(kept))


def delete_tries(session: Session) -> None:
    session.exec(delete(SettingRow).where(col(SettingRow.key) == PIN_TRIES))
