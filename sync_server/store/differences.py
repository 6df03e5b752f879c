"""Differences between two people's edits, and how they were answered. Nothing is deleted: an answer is added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from sync_server.store.bulk import as_body, as_text, save_rows
from sync_server.store.rows import DifferenceRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_DIFFERENCE = table_of(DifferenceRow)
_EVERY = select(_DIFFERENCE).where(_DIFFERENCE.c.commune == bindparam("commune")).order_by(_DIFFERENCE.c.id)
_BY_ID = Statement(_EVERY.where(is_one_of(_DIFFERENCE.c.id, "ids")))
_BY_HOUSEHOLD = Statement(_EVERY.where(is_one_of(_DIFFERENCE.c.household_id, "ids")))
_SHOWN = Statement(
    select(_DIFFERENCE.c.settled_by, _DIFFERENCE.c.shown).where(
        _DIFFERENCE.c.commune == bindparam("commune"),
        is_one_of(_DIFFERENCE.c.settled_by, "ids"),
        _DIFFERENCE.c.shown.is_not(None),
    )
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


def _list(session: Session, query: Statement, commune: str, ids: Iterable[str]) -> list[Difference]:
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
        for row in query.rows(session, commune=commune, ids=ids)
    ]


def list_shown_after_answers(session: Session, commune: str, answers: Iterable[str]) -> dict[str, Body]:
    """The answers that a household showed after each of these lead's answers, by the id of the `resolution` change."""
    rows = _SHOWN.rows(session, commune=commune, ids=answers)
    return {row.settled_by: as_body(row.shown) for row in rows}
