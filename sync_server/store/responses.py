"""Visits as they were received. A visit is never changed or deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from sync_server.store.bulk import add_rows, as_body, as_text
from sync_server.store.rows import ResponseRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_RESPONSE = table_of(ResponseRow)
Body = dict[str, Any]
_HERE = (_RESPONSE.c.commune == bindparam("commune"), is_one_of(_RESPONSE.c.id, "ids"))
_BODIES = Statement(select(_RESPONSE.c.id, _RESPONSE.c.body).where(*_HERE))
_SHOWN = Statement(select(_RESPONSE.c.id, _RESPONSE.c.body, _RESPONSE.c.shown).where(*_HERE))
_COUNTS = Statement(
    select(_RESPONSE.c.household_id, func.count().label("visits"))
    .where(_RESPONSE.c.commune == bindparam("commune"), is_one_of(_RESPONSE.c.household_id, "ids"))
    .group_by(_RESPONSE.c.household_id)
)


@dataclass(frozen=True)
class Visit:
    """A visit to store. `shown` are the answers that the household shows after it, None if they are the visit's own."""

    id: str
    village: str
    household: str
    member: str
    change: str
    received_at: datetime
    body: Body
    shown: Body | None


def add_responses(session: Session, commune: str, visits: Iterable[Visit]) -> None:
    rows = [
        {
            "commune": commune,
            "id": visit.id,
            "village_id": visit.village,
            "household_id": visit.household,
            "round_id": visit.body["round"],
            "outcome": visit.body["outcome"],
            "member_id": visit.member,
            "change_id": visit.change,
            "received_at": visit.received_at,
            "body": as_text(visit.body),
            "shown": visit.shown and as_text(visit.shown),
        }
        for visit in visits
    ]
    add_rows(session, _RESPONSE, rows)


def list_bodies(session: Session, commune: str, ids: Iterable[str]) -> dict[str, Body]:
    """The stored visits of these ids, as they were sent; an id without one is left out."""
    return {row.id: as_body(row.body) for row in _BODIES.rows(session, commune=commune, ids=ids)}


def list_shown(session: Session, commune: str, ids: Iterable[str]) -> dict[str, Body]:
    """The answers that a household showed after each of these visits, by the visit's id."""
    return {
        row.id: as_body(row.shown) if row.shown else as_body(row.body) | {"id": row.id}
        for row in _SHOWN.rows(session, commune=commune, ids=ids)
    }


def count_visits(session: Session, commune: str, households: Iterable[str]) -> dict[str, int]:
    """How many visits are stored of each of these households, by its id; one without any is left out."""
    return {row.household_id: row.visits for row in _COUNTS.rows(session, commune=commune, ids=households)}
