"""Households that turned out to be one, with what is needed to undo that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from sync_server.store.bulk import as_body, as_text, save_rows
from sync_server.store.card_rows import HouseholdJoinRow
from sync_server.store.rows import HouseholdRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_JOIN, _HOUSEHOLD = table_of(HouseholdJoinRow), table_of(HouseholdRow)
_EVERY = select(_JOIN).where(_JOIN.c.commune == bindparam("commune")).order_by(_JOIN.c.joined_at, _JOIN.c.id)
_BY_KEPT = Statement(_EVERY.where(is_one_of(_JOIN.c.kept_id, "ids")))
_BY_OTHER = Statement(_EVERY.where(is_one_of(_JOIN.c.other_id, "ids")))
Body = dict[str, Any]
_CONTENT = ("before", "after", "other_body", "cards", "aliases")


@dataclass
class KeptJoin:
    """That `other` is the household `kept`, said by `by` at `at`; `undone_at` is set when it is not any more.

    `before` and `after` are what the kept one showed before and by the join, `other_body` what the other one showed;
    `cards` are those that went along, `aliases` what had turned out to be the other one earlier.
    """

    id: str
    kept: str
    other: str
    other_village: str
    by: str
    at: datetime
    before: Body
    after: Body
    other_body: Body
    cards: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None


def save_joins(session: Session, commune: str, joins: Iterable[KeptJoin]) -> None:
    """Store new and undone joins. A joined household is off the stream, as a quarantined one is."""
    every = list(joins)
    for one in every:
        own = (_HOUSEHOLD.c.commune == commune) & (_HOUSEHOLD.c.id == one.other)
        off = None if one.is_undone else one.at
        session.execute(_HOUSEHOLD.update().where(own).values(quarantined_at=off))
    save_rows(session, _JOIN, [_to_row(commune, one) for one in every])


def list_joins(session: Session, commune: str, households: Iterable[str]) -> list[KeptJoin]:
    """Every join of these households, kept or not, undone or not, the oldest first."""
    ids = set(households)
    rows = [*_BY_KEPT.rows(session, commune=commune, ids=ids), *_BY_OTHER.rows(session, commune=commune, ids=ids)]
    found = {row.id: _read(row) for row in rows}
    return sorted(found.values(), key=lambda one: (one.at, one.id))


def find_join(session: Session, commune: str, households: Sequence[str]) -> KeptJoin | None:
    """The last join by which these households became one, whatever any had been known as before; None if they are
    not."""
    ways = [_list_way(session, commune, home) for home in households]
    ends = {way[-1].kept if way else home for way, home in zip(ways, households, strict=True)}
    if len(ends) != 1:
        return None
    shared = set.intersection(*({join.id for join in way} for way in ways))
    met = [apart[-1] for way in ways if (apart := [join for join in way if join.id not in shared])]
    return max(met, key=lambda join: (join.at, join.id), default=None)


def _list_way(session: Session, commune: str, home: str) -> list[KeptJoin]:
    """The joins that hold which lead from a household to the one that is listed."""
    way: list[KeptJoin] = []
    while held := [one for one in list_joins(session, commune, [home]) if one.other == home and not one.is_undone]:
        way.append(held[-1])
        home = held[-1].kept
    return way


def _to_row(commune: str, one: KeptJoin) -> Body:
    return {
        "commune": commune,
        "id": one.id,
        "kept_id": one.kept,
        "other_id": one.other,
        "other_village_id": one.other_village,
        "joined_by": one.by,
        "joined_at": one.at,
        "undone_by": one.undone_by,
        "undone_at": one.undone_at,
        "content": as_text({name: getattr(one, name) for name in _CONTENT}),
    }


def _read(row: Any) -> KeptJoin:
    content = as_body(row.content)
    join = KeptJoin(row.id, row.kept_id, row.other_id, row.other_village_id, row.joined_by, row.joined_at, **content)
    join.undone_by, join.undone_at = row.undone_by, row.undone_at
    return join
