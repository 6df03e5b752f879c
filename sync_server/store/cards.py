"""Household cards with what was done to each, and the households that turned out to be one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, func, select

from sync_server.store.bulk import add_rows, save_rows
from sync_server.store.card_rows import CardEventRow, CardRow, HouseholdAliasRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement, is_one_of

_CARD, _EVENT, _ALIAS = table_of(CardRow), table_of(CardEventRow), table_of(HouseholdAliasRow)
CardState = Literal["issued", "bound", "revoked"]
CardDeed = Literal["issued", "bound", "unbound", "revoked", "printed"]
_OF_COMMUNE = select(_CARD).where(_CARD.c.commune == bindparam("commune")).order_by(_CARD.c.issued_for, _CARD.c.serial)
_BY_ID, _BY_CODE, _BY_HOUSEHOLD, _BY_VILLAGE = (
    Statement(_OF_COMMUNE.where(is_one_of(column, "wanted")))
    for column in (_CARD.c.id, _CARD.c.code, _CARD.c.household_id, _CARD.c.village_id)
)
_MOVE = Statement(
    _CARD.update()
    .where(_CARD.c.commune == bindparam("of_commune"), is_one_of(_CARD.c.id, "ids"))
    .values(village_id=bindparam("target"))
)
_ALIASES = Statement(
    select(_ALIAS.c.id, _ALIAS.c.household_id).where(
        _ALIAS.c.commune == bindparam("commune"), is_one_of(_ALIAS.c.id, "ids")
    )
)
_ALIASES_OF = Statement(
    select(_ALIAS.c.id, _ALIAS.c.household_id).where(
        _ALIAS.c.commune == bindparam("commune"), is_one_of(_ALIAS.c.household_id, "ids")
    )
)


@dataclass
class Card:
    """A card as it is now; `serial` is its number among the cards issued for `issued_for`, None if not issued here."""

    id: str
    village: str
    issued_for: str
    serial: int | None
    code: str
    state: CardState = "issued"
    household: str | None = None

    def to_body(self) -> dict[str, Any]:
        """The card as the village's stream shows it."""
        body = {"code": self.code, "state": self.state, "serial": self.serial, "household": self.household}
        return {key: value for key, value in body.items() if value is not None}


@dataclass(frozen=True)
class CardEvent:
    """Something done with a card."""

    id: str
    card: str
    what: CardDeed
    at: datetime
    by: str
    household: str | None = None
    change: str | None = None


def save_cards(session: Session, commune: str, cards: Iterable[Card]) -> None:
    """Insert new cards and bring known ones up to date."""
    rows = [
        {
            "commune": commune,
            "id": one.id,
            "village_id": one.village,
            "issued_for": one.issued_for,
            "serial": one.serial,
            "code": one.code,
            "state": one.state,
            "household_id": one.household,
        }
        for one in cards
    ]
    save_rows(session, _CARD, rows)


def list_cards(session: Session, commune: str, ids: Iterable[str]) -> list[Card]:
    """The cards of these ids, as far as there are any."""
    return _read(_BY_ID.rows(session, commune=commune, wanted=ids))


def list_cards_by_code(session: Session, commune: str, codes: Iterable[str]) -> list[Card]:
    """The cards with these codes, as far as there are any."""
    return _read(_BY_CODE.rows(session, commune=commune, wanted=codes))


def list_cards_of(session: Session, commune: str, households: Iterable[str]) -> list[Card]:
    """The cards that are bound to these households."""
    return _read(_BY_HOUSEHOLD.rows(session, commune=commune, wanted=households))


def list_cards_of_village(session: Session, commune: str, village: str) -> list[Card]:
    """Every card on the village's stream, by where it was issued and its serial number."""
    return _read(_BY_VILLAGE.rows(session, commune=commune, wanted=[village]))


def _read(rows: Iterable[Any]) -> list[Card]:
    return [
        Card(row.id, row.village_id, row.issued_for, row.serial, row.code, row.state, row.household_id) for row in rows
    ]


def find_last_serial(session: Session, commune: str, village: str) -> int:
    """The highest serial number issued for the village so far, 0 if there is none."""
    query = select(func.max(_CARD.c.serial)).where(_CARD.c.commune == commune, _CARD.c.issued_for == village)
    return session.execute(query).scalar() or 0


def move_cards(session: Session, commune: str, target: str, cards: Iterable[str]) -> None:
    """The cards are on the stream of another village now."""
    _MOVE.run(session, of_commune=commune, target=target, ids=cards)


def add_card_events(session: Session, commune: str, events: Iterable[CardEvent]) -> None:
    """Keep what was done with cards."""
    rows = [
        {
            "commune": commune,
            "id": one.id,
            "card_id": one.card,
            "what": one.what,
            "at": one.at,
            "done_by": one.by,
            "household_id": one.household,
            "change_id": one.change,
        }
        for one in events
    ]
    add_rows(session, _EVENT, rows)


def list_card_events(session: Session, commune: str, card: str) -> list[CardEvent]:
    """Everything done with a card, the oldest first."""
    query = select(_EVENT).where(_EVENT.c.commune == commune, _EVENT.c.card_id == card)
    return [
        CardEvent(row.id, row.card_id, row.what, row.at, row.done_by, row.household_id, row.change_id)
        for row in session.execute(query.order_by(_EVENT.c.at, _EVENT.c.id))
    ]


def add_aliases(session: Session, commune: str, aliases: dict[str, str]) -> None:
    """Remember for households that were registered twice which household each is."""
    save_rows(
        session, _ALIAS, [{"commune": commune, "id": one, "household_id": known} for one, known in aliases.items()]
    )


def list_aliases(session: Session, commune: str, households: Iterable[str]) -> dict[str, str]:
    """For those of the households that were registered twice, the household that each is."""
    return {row.id: row.household_id for row in _ALIASES.rows(session, commune=commune, ids=households)}


def list_aliases_of(session: Session, commune: str, households: Iterable[str]) -> dict[str, str]:
    """What turned out to be one of these households, with the household that each is."""
    return {row.id: row.household_id for row in _ALIASES_OF.rows(session, commune=commune, ids=households)}


def delete_aliases(session: Session, commune: str, households: Iterable[str]) -> None:
    """These are households of their own again."""
    ids = list(households)
    if ids:
        session.execute(_ALIAS.delete().where(_ALIAS.c.commune == commune, _ALIAS.c.id.in_(ids)))
