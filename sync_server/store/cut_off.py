"""Visits on either side of a moment: what a household showed before it, and what came later."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from sync_server.store.bulk import as_body
from sync_server.store.cards import list_aliases, list_aliases_of
from sync_server.store.households import list_homes
from sync_server.store.rows import HouseholdRow, ResponseRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_HOUSEHOLD, _RESPONSE = table_of(HouseholdRow), table_of(ResponseRow)
_VISITS = Statement(
    select(_RESPONSE)
    .where(_RESPONSE.c.commune == bindparam("commune"), is_one_of(_RESPONSE.c.household_id, "ids"))
    .order_by(_RESPONSE.c.received_at, _RESPONSE.c.id)
)


@dataclass(frozen=True)
class VisitThen:
    """A visit: when it ended by the phone's clock (never later than it was received), and what its household showed
    after it."""

    village: str
    household: str
    ended_at: datetime
    received_at: datetime
    shown: dict[str, Any]


def list_visited_since(session: Session, commune: str, villages: Iterable[str], since: datetime) -> dict[str, str]:
    """The households whose present answers are of a visit at `since` or later, with their village."""
    query = select(_HOUSEHOLD.c.id, _HOUSEHOLD.c.village_id).where(
        _HOUSEHOLD.c.commune == commune,
        _HOUSEHOLD.c.village_id.in_(list(villages)),
        _HOUSEHOLD.c.visited_at >= since,
        _HOUSEHOLD.c.quarantined_at.is_(None),
    )
    return {row.id: row.village_id for row in session.execute(query)}


def list_visits_of(session: Session, commune: str, households: Iterable[str]) -> dict[str, list[VisitThen]]:
    """Every visit to these households, and to what turned out to be one of them, in the order in which they were
    received."""
    ids = set(households)
    others = list_aliases_of(session, commune, ids)
    found: dict[str, list[VisitThen]] = {}
    for row in _VISITS.rows(session, commune=commune, ids=ids | others.keys()):
        found.setdefault(others.get(row.household_id, row.household_id), []).append(_read(row))
    return found


def list_received_since(session: Session, commune: str, since: datetime) -> list[VisitThen]:
    """Every visit of the commune that was received after `since`. One to what turned out to be another household is
    listed under that one, and in its village."""
    query = select(_RESPONSE).where(_RESPONSE.c.commune == commune, _RESPONSE.c.received_at > since)
    visits = [_read(row) for row in session.execute(query)]
    kept = list_aliases(session, commune, {one.household for one in visits})
    villages = list_homes(session, commune, kept.values())
    return [_under_kept(one, kept, villages) for one in visits]


def _under_kept(visit: VisitThen, kept: dict[str, str], villages: dict[str, str]) -> VisitThen:
    household = kept.get(visit.household)
    if household is None:
        return visit
    return replace(visit, household=household, village=villages.get(household, visit.village))


def _read(row: Any) -> VisitThen:
    body = as_body(row.body)
    ended = min(datetime.fromisoformat(body["ended_at"]), row.received_at)
    shown = as_body(row.shown) if row.shown else body | {"id": row.id}
    return VisitThen(row.village_id, row.household_id, ended, row.received_at, shown)
