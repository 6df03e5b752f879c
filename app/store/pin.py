"""The PIN of this device as a salted slow hash, and the tries at it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from app.store.rows import OutboxRow, SettingRow
from app.store.stream import list_subjects
from app.store.sync_state import PIN, PIN_TRIES, find_setting, find_sign_in, list_villages, save_setting
from survey.pin import Tries
from survey.records import PinRule
from survey.roles import Role

_IN_A_TEAM = {Role.MEMBER, Role.LEAD}


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


def find_pin_rule(session: Session, village: str) -> PinRule | None:
    """Whether this village's team must have PINs: what this device asked and has not sent yet, else what the server
    says; None if nobody ever asked."""
    waiting = select(OutboxRow.body).where(
        OutboxRow.kind == "pin_rule", OutboxRow.village_id == village, OutboxRow.state == "waiting"
    )
    bodies = session.exec(waiting.order_by(col(OutboxRow.device_seq).desc()).limit(1)).all()
    bodies = bodies or [json.dumps(body) for _, _, _, body in list_subjects(session, "pin_rule", [village])]
    return PinRule.model_validate_json(bodies[0]) if bodies else None


def find_required_pin(session: Session) -> PinRule | None:
    """The rule by which this device must have a PIN, None if it need not. Who belongs to no team is asked for none."""
    signed_in = find_sign_in(session)
    if signed_in is None or signed_in.role not in _IN_A_TEAM:
        return None
    rules = [find_pin_rule(session, village.id) for village in list_villages(session)]
    return next((rule for rule in rules if rule is not None and rule.required), None)


def find_pin_due(session: Session) -> bool:
    """Whether who opens the app is asked for something first: for the PIN, or to choose the one that is required."""
    return find_pin(session) is not None or find_required_pin(session) is not None
