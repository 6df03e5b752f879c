"""Differences between two people's edits, and how they were answered. Nothing is deleted: an answer is added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from sync_server.store.bulk import any_of, as_body, as_text, chunks, save_rows
from sync_server.store.rows import DifferenceRow, table_of

_DIFFERENCE = table_of(DifferenceRow)
_EVERY = select(_DIFFERENCE).where(_DIFFERENCE.c.commune == bindparam("commune")).order_by(_DIFFERENCE.c.id)
_BY_ID = _EVERY.where(_DIFFERENCE.c.id.in_(any_of("ids")))
_BY_HOUSEHOLD = _EVERY.where(_DIFFERENCE.c.household_id.in_(any_of("ids")))
_SHOWN = select(_DIFFERENCE.c.settled_by, _DIFFERENCE.c.shown).where(
    _DIFFERENCE.c.commune == bindparam("commune"),
    _DIFFERENCE.c.settled_by.in_(any_of("ids")),
    _DIFFERENCE.c.shown.is_not(None),
)
Body = dict[str, Any]


@dataclass
class Difference:
    """A stored difference. `id` is that of the later change, `village` where its household is now, `body` what the
    stream shows. `settled_by` is the change that answered it, `shown` the household's answers that this made."""

    id: str
    village: str
    household: str | None
    found_at: datetime
    body: Body
    settled_by: str | None = None
    shown: Body | None = None


def save_differences(session: Session, commune: str, differences: Iterable[Difference]) -> None:
    """Store new differences, and the new state of earlier ones."""
    rows = [
        {
            "commune": commune,
            "id": one.id,
            "village_id": one.village,
            "household_id": one.household,
            "state": one.body["state"],
            "found_at": one.found_at,
            "settled_by": one.settled_by,
            "body": as_text(one.body),
            "shown": one.shown and as_text(one.shown),
        }
        for one in differences
    ]
    save_rows(session, _DIFFERENCE, rows)


def list_differences(session: Session, commune: str, ids: Iterable[str]) -> list[Difference]:
    """The differences of these ids; an id without one is left out."""
    return _list(session, _BY_ID, commune, ids)


def list_differences_of(session: Session, commune: str, households: Iterable[str]) -> list[Difference]:
    """Every difference about the households, open or settled."""
    return _list(session, _BY_HOUSEHOLD, commune, households)


def _list(session: Session, query: Select[Any], commune: str, ids: Iterable[str]) -> list[Difference]:
    return [
        Difference(
            row.id,
            row.village_id,
            row.household_id,
            row.found_at,
            as_body(row.body),
            row.settled_by,
            as_body(row.shown) if row.shown else None,
        )
        for some in chunks(ids)
        for row in session.execute(query, {"commune": commune, "ids": some})
    ]


def list_shown_after_answers(session: Session, commune: str, answers: Iterable[str]) -> dict[str, Body]:
    """The answers that a household showed after each of these lead's answers, by the id of the `resolution` change."""
    found: dict[str, Body] = {}
    for some in chunks(answers):
        rows = session.execute(_SHOWN, {"commune": commune, "ids": some})
        found |= {row.settled_by: as_body(row.shown) for row in rows}
    return found
