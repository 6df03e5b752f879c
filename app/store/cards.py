"""What a card's code leads to on this device: known from the villages' streams, and from what was registered here."""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.store.rows import HouseholdRow, StreamRowRow
from survey.card_code import read_code
from survey.searching import card_item


class CardOutcome(StrEnum):
    """What a scanned or typed code can be: a closed list, each with its sentence and next step (design §7)."""

    KNOWN = "known"
    UNBOUND = "unbound"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    OTHER_VILLAGE = "other_village"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class ReadCard:
    """A code with what it leads to: `household` if it is known; `card`, `village` and `serial` are those of the card
    itself, if it is on a village's stream."""

    outcome: CardOutcome
    code: str = ""
    household: str = ""
    village: str = ""
    serial: int | None = None
    card: str = ""


def find_card(session: Session, text: str) -> ReadCard:
    """What was scanned or typed, as this device knows it. UNKNOWN only means that this device does not know the card:
    the server may."""
    code = read_code(text)
    if code is None:
        return ReadCard(CardOutcome.MALFORMED)
    found = _find_on_streams(session, code)
    card, village, body = found or ("", "", {})
    here = ReadCard(CardOutcome.KNOWN, code, village=village, serial=body.get("serial"), card=card)
    has_card = func.instr(HouseholdRow.search, card_item(code)) > 0
    shown_here = session.exec(select(HouseholdRow.id).where(has_card)).first()
    if shown_here:
        return replace(here, household=shown_here)
    if found is None:
        return ReadCard(CardOutcome.UNKNOWN, code)
    if body["state"] == "revoked":
        return replace(here, outcome=CardOutcome.REVOKED)
    household = body.get("household") or ""
    if not household:
        return replace(here, outcome=CardOutcome.UNBOUND)
    if session.get(HouseholdRow, household) is None:
        return replace(here, outcome=CardOutcome.OTHER_VILLAGE)
    return replace(here, household=household)


def _find_on_streams(session: Session, code: str) -> tuple[str, str, dict[str, Any]] | None:
    """The id, the village and the body of the card with this code."""
    named = (StreamRowRow.kind == "card", col(StreamRowRow.body).contains(f'"code":"{code}"', autoescape=True))
    row = session.exec(select(StreamRowRow).where(*named).order_by(col(StreamRowRow.seq).desc())).first()
    return (row.subject, row.village_id, json.loads(row.body)) if row else None


def count_free_cards(session: Session, village: str) -> int:
    """How many cards of the village are issued and bound to no household."""
    cards = select(StreamRowRow.body).where(StreamRowRow.kind == "card", StreamRowRow.village_id == village)
    return sum('"state":"issued"' in body for body in session.exec(cards).all())


def count_cards_to_print(session: Session, village: str, serials: set[int] | None) -> int:
    """How many cards of the village can be printed, of these serial numbers where some are given, as far as this device
    knows."""
    cards = select(StreamRowRow.body).where(StreamRowRow.kind == "card", StreamRowRow.village_id == village)
    bodies = [json.loads(body) for body in session.exec(cards).all() if body]
    there = [one["serial"] for one in bodies if one.get("serial") is not None and one["state"] != "revoked"]
    return sum(serials is None or serial in serials for serial in there)
