"""Households in plain columns, and the history of a household's own fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from survey.questions import CATALOGUE, About
from sync_server.store.bulk import add_rows, as_body, as_text, save_rows
from sync_server.store.rows import DifferenceRow, HouseholdHistoryRow, HouseholdRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_HOUSEHOLD, _HISTORY = table_of(HouseholdRow), table_of(HouseholdHistoryRow)
_DIFFERENCE = table_of(DifferenceRow)
OWN_FIELDS = ("head_name", "address", "phone", "status", "assigned_to", "card", "number")
_HOUSEHOLD_ANSWERS = [key for key, question in CATALOGUE.items() if question.about is About.HOUSEHOLD]
Body = dict[str, Any]
_IN_COMMUNE: BindParameter[str] = bindparam("commune")
_MOVES = [
    Statement(
        table.update()
        .where(table.c.commune == bindparam("of_commune"), table.c.village_id == bindparam("source"))
        .where(is_one_of(identity, "ids"))
        .values(village_id=bindparam("target"))
    )
    for table, identity in (
        (_HOUSEHOLD, _HOUSEHOLD.c.id),
        (_DIFFERENCE, _DIFFERENCE.c.household_id),
    )
]
_HOMES = Statement(
    select(_HOUSEHOLD.c.id, _HOUSEHOLD.c.village_id).where(
        _HOUSEHOLD.c.commune == _IN_COMMUNE, is_one_of(_HOUSEHOLD.c.id, "ids")
    )
)
_CHANGES = Statement(
    select(_HISTORY)
    .where(_HISTORY.c.commune == _IN_COMMUNE, is_one_of(_HISTORY.c.household_id, "ids"))
    .order_by(_HISTORY.c.household_id, _HISTORY.c.seq)
)


@dataclass
class KeptHousehold:
    """A household with its village; `body` is the record in wire form."""

    id: str
    village: str
    body: Body


@dataclass(frozen=True)
class HouseholdChange:
    """One change of a household's own fields: what was sent, by whom, on which device and when, and the state after."""

    household: str
    seq: int
    device: str | None
    sent: Body
    state: Body
    written_by: str | None = None
    written_at: datetime | None = None


def save_households(session: Session, commune: str, households: Iterable[KeptHousehold]) -> None:
    """Write the columns of new and changed households from their bodies."""
    save_rows(session, _HOUSEHOLD, [_columns(commune, household) for household in households])


def add_listed(
    session: Session, commune: str, households: Iterable[tuple[KeptHousehold, str, str, str | None]]
) -> None:
    """Add new households of a list: each with the village that the list named, its line and its number there."""
    rows = [
        _columns(commune, one) | {"listed_in": named, "listed_as": line, "list_number": number}
        for one, named, line, number in households
    ]
    add_rows(session, _HOUSEHOLD, rows)


def _columns(commune: str, household: KeptHousehold) -> Body:
    body = household.body
    current: Body = body.get("current") or {}
    answers: Body = current.get("answers") or {}
    visited_at, left_at = body.get("visited_at"), body.get("left_at")
    own = {name: body.get(name) for name in OWN_FIELDS}
    return {
        "commune": commune,
        "id": household.id,
        "village_id": household.village,
        **own,
        "address": own["address"] or "",
        "response_id": current.get("id"),
        "outcome": current.get("outcome"),
        "visited_at": datetime.fromisoformat(visited_at) if visited_at else None,
        "visited_by": body.get("visited_by"),
        "left_at": datetime.fromisoformat(left_at) if left_at else None,
        **{key: answers.get(key) for key in _HOUSEHOLD_ANSWERS},
    }


def move_households(session: Session, commune: str, source: str, target: str, households: Iterable[str]) -> None:
    """Move the households to another village, with the differences about them."""
    for move in _MOVES:
        move.run(session, of_commune=commune, source=source, target=target, ids=households)


def mark_quarantined(session: Session, commune: str, household: str, at: datetime | None) -> None:
    """Mark the household as quarantined at `at`, so that it is not counted. With None it is counted again."""
    own = (_HOUSEHOLD.c.commune == commune) & (_HOUSEHOLD.c.id == household)
    session.execute(_HOUSEHOLD.update().where(own).values(quarantined_at=at))


def list_homes(session: Session, commune: str, ids: Iterable[str]) -> dict[str, str]:
    """The village of each household that exists, by its id."""
    return {row.id: row.village_id for row in _HOMES.rows(session, commune=commune, ids=ids)}


def add_history(session: Session, commune: str, changes: Iterable[HouseholdChange]) -> None:
    rows = [
        {
            "commune": commune,
            "household_id": change.household,
            "seq": change.seq,
            "device_id": change.device,
            "written_by": change.written_by,
            "written_at": change.written_at,
            "sent": as_text(change.sent),
            "state": as_text(change.state),
        }
        for change in changes
    ]
    add_rows(session, _HISTORY, rows)


def list_history(session: Session, commune: str, households: Iterable[str]) -> dict[str, list[HouseholdChange]]:
    """Every change of the households' own fields, the oldest first."""
    found: dict[str, list[HouseholdChange]] = {}
    for row in _CHANGES.rows(session, commune=commune, ids=households):
        sent, state = as_body(row.sent), as_body(row.state)
        by, at = row.written_by, row.written_at
        change = HouseholdChange(row.household_id, row.seq, row.device_id, sent, state, by, at)
        found.setdefault(row.household_id, []).append(change)
    return found
