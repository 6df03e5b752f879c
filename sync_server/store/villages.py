"""Villages and the sequence of each one's stream."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic_core import from_json
from sqlalchemy import bindparam, func, select

from survey.records import FormerVillage, Village
from sync_server.store.bulk import as_text
from sync_server.store.card_rows import CardRow
from sync_server.store.people_rows import MembershipRow, VillageLineageRow, VillageRow
from sync_server.store.rows import (
    AttestationRow,
    ChangeRow,
    DifferenceRow,
    HouseholdRow,
    ResponseRow,
    StreamRow,
    table_of,
)
from sync_server.store.statements import Session, Statement, is_one_of

_VILLAGE, _LINEAGE, _STREAM = table_of(VillageRow), table_of(VillageLineageRow), table_of(StreamRow)
_USES = [
    *((table_of(row), table_of(row).c.village_id) for row in (HouseholdRow, MembershipRow, CardRow, ChangeRow)),
    *((table_of(row), table_of(row).c.village_id) for row in (ResponseRow, DifferenceRow, AttestationRow)),
    *((_LINEAGE, _LINEAGE.c[name]) for name in ("village_id", "from_id")),
    (_VILLAGE, _VILLAGE.c.into_id),
]
_BY_PLACE = (
    select(_VILLAGE.c.id, _VILLAGE.c.name, _VILLAGE.c.kind, _VILLAGE.c.into_id)
    .where(_VILLAGE.c.commune == bindparam("commune"))
    .order_by(_VILLAGE.c.place, _VILLAGE.c.id)
)
_EVERY, _NAMED = Statement(_BY_PLACE), Statement(_BY_PLACE.where(is_one_of(_VILLAGE.c.id, "ids")))
_KEPT = ("seq", "present", "digest", "counted", "counts")
_TO_WRITE = Statement(
    select(*(_VILLAGE.c[name] for name in ("id", "name", "kind", *_KEPT, "into_id")))
    .where(_VILLAGE.c.commune == bindparam("commune"), is_one_of(_VILLAGE.c.id, "ids"))
    .order_by(_VILLAGE.c.id)
    .with_for_update()
)
_SAVE = Statement(
    _VILLAGE.update()
    .where(_VILLAGE.c.commune == bindparam("of_commune"), _VILLAGE.c.id == bindparam("village"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
)


@dataclass
class KeptVillage:
    """A village to be written: the last sequence given in its stream, count and sum of digests of the rows that the
    stream shows, and the sums over its households with the name of what was counted (see `Counter.basis`)."""

    id: str
    name: str
    kind: str
    seq: int = 0
    present: int = 0
    digest: int = 0
    counted: str = ""
    counts: list[int] = field(default_factory=list)
    has_ended: bool = False

    def to_village(self) -> Village:
        return Village(id=self.id, name=self.name, kind=self.kind)


def add_village(session: Session, commune: str, village: Village) -> None:
    """Add a village as the last in the commune's lists."""
    place = session.execute(select(func.count()).where(_VILLAGE.c.commune == commune)).scalar_one()
    row = {"id": village.id, "name": village.name, "kind": village.kind, "place": place, "seq": 0}
    sums = {"present": 0, "digest": 0, "counted": "", "counts": ""}
    session.execute(_VILLAGE.insert().values(commune=commune, **row, **sums))


def list_villages(
    session: Session, commune: str, ids: Iterable[str] | None = None, *, ended: bool = False
) -> list[Village]:
    """The commune's villages, or those of the ids, in the order in which they were added.

    Those that were merged into another are left out, unless `ended` asks for them too.
    """
    rows = _EVERY.rows(session, commune=commune) if ids is None else _NAMED.rows(session, commune=commune, ids=ids)
    return [Village(id=row.id, name=row.name, kind=row.kind) for row in rows if ended or row.into_id is None]


def count_given(session: Session, commune: str) -> int:
    """How many sequences the commune's villages have given: another number as soon as anything was written there."""
    query = select(func.coalesce(func.sum(_VILLAGE.c.seq), 0)).where(_VILLAGE.c.commune == commune)
    return int(session.execute(query).scalar_one())


def list_communes_at_work(session: Session) -> list[str]:
    """The codes of the communes that have villages."""
    return list(session.execute(select(_VILLAGE.c.commune).distinct().order_by(_VILLAGE.c.commune)).scalars())


def save_village_name(session: Session, commune: str, village: Village) -> None:
    """Keep the village's new name and kind."""
    own = (_VILLAGE.c.commune == commune) & (_VILLAGE.c.id == village.id)
    session.execute(_VILLAGE.update().where(own).values(name=village.name, kind=village.kind))


def count_uses(session: Session, commune: str, village: str) -> int:
    """How much there is of the village beside its name: households, people, cards, visits, changes, lineage."""
    return sum(
        session.execute(
            select(func.count()).where(table.c.commune == commune, column == village).select_from(table)
        ).scalar_one()
        for table, column in _USES
    )


def delete_village(session: Session, commune: str, village: str) -> None:
    """Delete a village of which there is nothing (`count_uses`), with its stream."""
    session.execute(_STREAM.delete().where(_STREAM.c.commune == commune, _STREAM.c.village_id == village))
    session.execute(_VILLAGE.delete().where(_VILLAGE.c.commune == commune, _VILLAGE.c.id == village))


def mark_village_ended(session: Session, commune: str, village: str, into: str, at: datetime) -> None:
    """The village was merged into another one; its name, stream and old visits stay."""
    own = (_VILLAGE.c.commune == commune) & (_VILLAGE.c.id == village)
    session.execute(_VILLAGE.update().where(own).values(into_id=into, ended_at=at))


def add_lineage(
    session: Session, commune: str, village: str, came_from: str, how: Literal["merge", "split"], at: datetime
) -> None:
    """Store that the village was made of another one, once, however often households came from there."""
    known = {one.id for one in list_lineage(session, commune).get(village, [])}
    if came_from not in known:
        values = {"village_id": village, "from_id": came_from, "how": how, "at": at}
        session.execute(_LINEAGE.insert().values(commune=commune, **values))


def list_lineage(session: Session, commune: str) -> dict[str, list[FormerVillage]]:
    """For each village that was made of others: which ones, the oldest first."""
    own = (_VILLAGE.c.commune == _LINEAGE.c.commune) & (_VILLAGE.c.id == _LINEAGE.c.from_id)
    query = select(_LINEAGE.c.village_id, _VILLAGE.c.id, _VILLAGE.c.name, _LINEAGE.c.how, _LINEAGE.c.at)
    query = query.join(_VILLAGE, own).where(_LINEAGE.c.commune == commune)
    found: dict[str, list[FormerVillage]] = {}
    for row in session.execute(query.order_by(_LINEAGE.c.at, _VILLAGE.c.place)):
        former = FormerVillage(id=row.id, name=row.name, how=row.how, at=row.at)
        found.setdefault(row.village_id, []).append(former)
    return found


def list_successors(session: Session, commune: str) -> dict[str, str]:
    """For each merged village, the village that stands for it now, also after several mergers."""
    query = select(_VILLAGE.c.id, _VILLAGE.c.into_id).where(
        _VILLAGE.c.commune == commune, _VILLAGE.c.into_id.is_not(None)
    )
    into: dict[str, str] = {row.id: row.into_id for row in session.execute(query)}
    found: dict[str, str] = {}
    for village, present in into.items():
        while present in into:
            present = into[present]
        found[village] = present
    return found


def list_villages_to_write(session: Session, commune: str, ids: Iterable[str]) -> dict[str, KeptVillage]:
    """The villages by id, locked until this transaction ends: no other writer can give the same sequence.

    They are locked in the order of their ids, so that two writers never wait for each other. (SQLite has one writer
    anyway.)
    """
    return {
        row.id: KeptVillage(
            *(row.id, row.name, row.kind, row.seq, row.present, row.digest, row.counted),
            *(from_json(row.counts) if row.counts else [], row.into_id is not None),
        )
        for row in _TO_WRITE.rows(session, commune=commune, ids=ids)
    }


def save_villages(session: Session, commune: str, villages: Iterable[KeptVillage]) -> None:
    """Keep where the villages' streams end, and what was counted."""
    values = [
        {
            "of_commune": commune,
            "village": one.id,
            "new_seq": one.seq,
            "new_present": one.present,
            "new_digest": one.digest,
            "new_counted": one.counted,
            "new_counts": as_text(one.counts) if one.counted else "",
        }
        for one in villages
    ]
    _SAVE.run_each(session, values)
