"""What two people wrote differently, and how it was answered. Nothing here is deleted: an answer is added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from sync_server.store.bulk import as_body, as_text, chunks, save_rows
from sync_server.store.rows import DifferenceRow, table_of

_DIFFERENCE = table_of(DifferenceRow)
Body = dict[str, Any]


@dataclass
class Difference:
    """A difference; its id is that of the later change, `village` where its household is now, `body` what the stream
    shows. `settled_by` is the change that answered it, `shown` the household's present answers that this made."""

    id: str
    village: str
    household: str | None
    found_at: datetime
    body: Body
    settled_by: str | None = None
    shown: Body | None = None


def save_differences(session: Session, commune: str, differences: Iterable[Difference]) -> None:
    """Keep new differences and what became of earlier ones."""
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
    """The differences of these ids, as far as there are any."""
    return [one for some in chunks(ids) for one in _select(session, commune, _DIFFERENCE.c.id.in_(some))]


def list_differences_of(session: Session, commune: str, households: Iterable[str]) -> list[Difference]:
    """Every difference about the households, open or settled."""
    wanted = chunks(households)
    return [one for some in wanted for one in _select(session, commune, _DIFFERENCE.c.household_id.in_(some))]


def _select(session: Session, commune: str, condition: ColumnElement[bool]) -> list[Difference]:
    query = select(_DIFFERENCE).where(_DIFFERENCE.c.commune == commune, condition)
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
        for row in session.execute(query.order_by(_DIFFERENCE.c.id))
    ]


def list_shown_after_answers(session: Session, commune: str, answers: Iterable[str]) -> dict[str, Body]:
    """The households' present answers as these answers (changes of kind `resolution`) left them."""
    found: dict[str, Body] = {}
    for some in chunks(answers):
        query = select(_DIFFERENCE.c.settled_by, _DIFFERENCE.c.shown).where(
            _DIFFERENCE.c.commune == commune,
            _DIFFERENCE.c.settled_by.in_(some),
            _DIFFERENCE.c.shown.is_not(None),
        )
        found |= {row.settled_by: as_body(row.shown) for row in session.execute(query)}
    return found
