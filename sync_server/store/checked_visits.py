"""The visits whose answers show now, with what a check needs to know of how they were made."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select

from sync_server.store.bulk import as_body
from sync_server.store.rows import ChangeRow, HouseholdRow, ResponseRow, table_of
from sync_server.store.statements import Session, Statement

_HOUSEHOLD, _RESPONSE, _CHANGE = table_of(HouseholdRow), table_of(ResponseRow), table_of(ChangeRow)
SHOWING = _RESPONSE.join(
    _HOUSEHOLD, (_HOUSEHOLD.c.commune == _RESPONSE.c.commune) & (_HOUSEHOLD.c.response_id == _RESPONSE.c.id)
).join(_CHANGE, (_CHANGE.c.commune == _RESPONSE.c.commune) & (_CHANGE.c.id == _RESPONSE.c.change_id))
"""The visits that show, with their households and changes."""
OF_ROUND = and_(
    _RESPONSE.c.commune == bindparam("commune"),
    _RESPONSE.c.round_id == bindparam("round"),
    _HOUSEHOLD.c.quarantined_at.is_(None),
)
_SHOWING = Statement(
    select(
        _RESPONSE.c.id,
        _RESPONSE.c.member_id,
        _HOUSEHOLD.c.village_id,
        _HOUSEHOLD.c.id.label("household_id"),
        _RESPONSE.c.body,
        _CHANGE.c.clock_skew,
    )
    .select_from(SHOWING)
    .where(OF_ROUND)
    .order_by(_RESPONSE.c.id)
)


@dataclass(frozen=True)
class ShowingVisit:
    """A visit whose answers its household shows. `clock_skew` is the phone's clock minus the server's, in seconds;
    `village` is where the household is now."""

    id: str
    member: str
    village: str
    household: str
    body: dict[str, Any]
    clock_skew: int


def list_showing_visits(session: Session, commune: str, survey_round: str) -> list[ShowingVisit]:
    """Those of the round."""
    rows = _SHOWING.rows(session, commune=commune, round=survey_round)
    return [
        ShowingVisit(row.id, row.member_id, row.village_id, row.household_id, as_body(row.body), row.clock_skew)
        for row in rows
    ]
