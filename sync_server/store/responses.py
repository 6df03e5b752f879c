"""Visits as they were received. A visit is never changed or deleted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from sync_server.store.bulk import add_rows, any_of, as_body, as_text, chunks
from sync_server.store.rows import ResponseRow, table_of

_RESPONSE = table_of(ResponseRow)
Body = dict[str, Any]
_HERE = (_RESPONSE.c.commune == bindparam("commune"), _RESPONSE.c.id.in_(any_of("ids")))
_BODIES = select(_RESPONSE.c.id, _RESPONSE.c.body).where(*_HERE)
_SHOWN = select(_RESPONSE.c.id, _RESPONSE.c.body, _RESPONSE.c.shown).where(*_HERE)


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
    found: dict[str, Body] = {}
    for some in chunks(ids):
        rows = session.execute(_BODIES, {"commune": commune, "ids": some})
        found |= {row.id: as_body(row.body) for row in rows}
    return found


def list_shown(session: Session, commune: str, ids: Iterable[str]) -> dict[str, Body]:
    """The answers that a household showed after each of these visits, by the visit's id."""
    found: dict[str, Body] = {}
    for some in chunks(ids):
        for row in session.execute(_SHOWN, {"commune": commune, "ids": some}):
            found[row.id] = as_body(row.shown) if row.shown else as_body(row.body) | {"id": row.id}
    return found
