"""A village's stream: every subject at its latest state, read by sequence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from survey.wire import BUCKETS, check_of, row_digest
from sync_server.store.bulk import as_body, save_rows
from sync_server.store.people_rows import VillageRow
from sync_server.store.rows import StreamRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of
from sync_server.store.villages import KeptVillage, save_villages

_STREAM, _VILLAGE = table_of(StreamRow), table_of(VillageRow)
_DIGESTS = 1 << 48  # a digest has 48 bits, and so has their sum
_BUCKET = 1 << 40  # `survey.wire.bucket_of` in SQL: the first byte of a digest
_HALF = 1 << 24  # digests are added up in two halves of 24 bits: a plain SUM could leave 64 bits
_HALVES = {"high": _STREAM.c.digest // _HALF, "low": _STREAM.c.digest % _HALF}
_IN_COMMUNE = _STREAM.c.commune == bindparam("commune")
_OF_VILLAGE = (_IN_COMMUNE, _STREAM.c.village_id == bindparam("village"))
_SUBJECTS = Statement(
    select(_STREAM.c.subject, _STREAM.c.seq, _STREAM.c.body).where(
        *_OF_VILLAGE, _STREAM.c.kind == bindparam("kind"), is_one_of(_STREAM.c.subject, "subjects")
    )
)
_KIND = Statement(
    select(_STREAM.c.village_id, _STREAM.c.subject, _STREAM.c.seq, _STREAM.c.body).where(
        _IN_COMMUNE,
        _STREAM.c.kind == bindparam("kind"),
        is_one_of(_STREAM.c.village_id, "villages"),
        _STREAM.c.body.is_not(None),
    )
)
_SHOWN_IN = Statement(
    select(_STREAM.c.village_id, _STREAM.c.subject, _STREAM.c.seq, _STREAM.c.body).where(
        _IN_COMMUNE,
        _STREAM.c.kind == bindparam("kind"),
        is_one_of(_STREAM.c.village_id, "villages"),
        is_one_of(_STREAM.c.subject, "subjects"),
        _STREAM.c.body.is_not(None),
    )
)
_AFTER = Statement(
    select(_STREAM.c.seq, _STREAM.c.kind, _STREAM.c.subject, _STREAM.c.body)
    .where(*_OF_VILLAGE, _STREAM.c.seq > bindparam("after"))
    .order_by(_STREAM.c.seq)
    .limit(bindparam("most"))
)
_LAST = (  # a village may have given later sequences that no row has, after a restore
    select(func.coalesce(func.max(_STREAM.c.seq), 0))
    .where(_STREAM.c.commune == _VILLAGE.c.commune, _STREAM.c.village_id == _VILLAGE.c.id)
    .scalar_subquery()
)
_ENDS = Statement(
    select(_VILLAGE.c.id, _LAST.label("seq"), _VILLAGE.c.present, _VILLAGE.c.digest).where(
        _VILLAGE.c.commune == bindparam("commune"), is_one_of(_VILLAGE.c.id, "villages")
    )
)
_REPLACED = Statement(
    select(_STREAM.c.village_id, _STREAM.c.kind, _STREAM.c.subject, _STREAM.c.digest).where(
        _IN_COMMUNE,
        is_one_of(_STREAM.c.village_id, "villages"),
        is_one_of(_STREAM.c.kind, "kinds"),
        is_one_of(_STREAM.c.subject, "subjects"),
        _STREAM.c.digest != 0,
    )
)


StreamKey = tuple[str, str, str]
"""Village, kind and subject of a row."""


class StreamState(NamedTuple):
    """One subject as the stream holds it; `body` is JSON text, None for a removed one."""

    village: str
    kind: str
    subject: str
    seq: int
    body: str | None

    @property
    def key(self) -> StreamKey:
        return self.village, self.kind, self.subject

    @property
    def digest(self) -> int:
        """The digest of the row, 0 of a removed subject."""
        return 0 if self.body is None else row_digest(self.kind, self.subject, self.seq)

    def to_body(self) -> dict[str, Any]:
        """The body as JSON holds it; empty for a removed subject."""
        return as_body(self.body or "{}")


@dataclass(frozen=True)
class StreamEnd:
    """Where a village's stream ends, and what a device that has read all of it must hold."""

    seq: int
    count: int
    check: str


@dataclass(frozen=True)
class Bucket:
    """One of 256 parts of a village's stream: how many subjects it has, the size of their bodies in characters, and the
    check of those that a device has read."""

    count: int
    size: int
    check: str


def save_states(
    session: Session,
    commune: str,
    villages: dict[str, KeptVillage],
    states: Iterable[StreamState],
    stood: Mapping[StreamKey, int] | None = None,
) -> None:
    """Replace the subjects' states by later ones, and keep where the villages' streams end now.

    `villages` are those of the states, by id, as they were read to be written, with the last sequences given. `stood`
    has the digests of what stood there as far as they are known (0: nothing); the others are looked up.
    """
    every, rows = list(states), []
    for key, digest in _stood_before(session, commune, every, stood or {}).items():
        villages[key[0]].present -= digest != 0
        villages[key[0]].digest -= digest
    for state in every:
        named = {"village_id": state.village, "kind": state.kind, "subject": state.subject}
        digest = state.digest
        rows.append({"commune": commune, **named, "seq": state.seq, "digest": digest, "body": state.body})
        villages[state.village].present += state.body is not None
        villages[state.village].digest += digest
    for one in villages.values():
        one.digest %= _DIGESTS
    save_rows(session, _STREAM, rows)
    save_villages(session, commune, villages.values())


def _stood_before(
    session: Session, commune: str, states: list[StreamState], stood: Mapping[StreamKey, int]
) -> dict[StreamKey, int]:
    """The digest of what each of these states replaces; of those that are looked up, only what is shown."""
    new = {one.key for one in states}
    found = {key: stood[key] for key in new if key in stood}
    if more := new - found.keys():
        villages, kinds, subjects = (set(names) for names in zip(*more, strict=True))
        named = {"villages": villages, "kinds": kinds, "subjects": subjects}
        for row in _REPLACED.rows(session, commune=commune, **named):
            if (key := (row.village_id, row.kind, row.subject)) in more:
                found[key] = row.digest
    return found


def list_states(
    session: Session, commune: str, village: str, kind: str, subjects: Iterable[str]
) -> dict[str, StreamState]:
    """The present states of some subjects of one kind, by subject."""
    found: dict[str, StreamState] = {}
    for row in _SUBJECTS.rows(session, commune=commune, village=village, kind=kind, subjects=subjects):
        found[row.subject] = StreamState(village, kind, row.subject, row.seq, row.body)
    return found


def list_shown_in(
    session: Session, commune: str, kind: str, villages: Iterable[str], subjects: Iterable[str]
) -> dict[str, StreamState]:
    """Those of the subjects of one kind that show in one of the villages, by subject."""
    rows = _SHOWN_IN.rows(session, commune=commune, kind=kind, villages=villages, subjects=subjects)
    return {row.subject: StreamState(row.village_id, kind, row.subject, row.seq, row.body) for row in rows}


def list_kind(session: Session, commune: str, kind: str, villages: Iterable[str]) -> list[StreamState]:
    """All present states of one kind in some villages."""
    rows = _KIND.rows(session, commune=commune, kind=kind, villages=villages)
    return [StreamState(row.village_id, kind, row.subject, row.seq, row.body) for row in rows]


def list_after(session: Session, commune: str, village: str, seq: int, limit: int) -> list[StreamState]:
    """The next states after a sequence, in its order, at most `limit`. Removed subjects are among them."""
    rows = _AFTER.rows(session, commune=commune, village=village, after=seq, most=limit)
    return [StreamState(village, row.kind, row.subject, row.seq, row.body) for row in rows]


def list_after_each(
    session: Session, commune: str, cursors: Iterable[tuple[str, int]], limit: int
) -> dict[tuple[str, int], list[StreamState]]:
    """As `list_after` for each pair of village and sequence."""
    every = list(cursors)
    asked = [{"commune": commune, "village": village, "after": seq, "most": limit} for village, seq in every]
    return {
        pair: [StreamState(pair[0], row.kind, row.subject, row.seq, row.body) for row in rows]
        for pair, rows in zip(every, _AFTER.rows_of_each(session, asked), strict=True)
    }


def list_ends(session: Session, commune: str, villages: Iterable[str]) -> dict[str, StreamEnd]:
    """The end of each village's stream with its count and check."""
    rows = _ENDS.rows(session, commune=commune, villages=villages)
    return {row.id: StreamEnd(row.seq, row.present, check_of(row.digest)) for row in rows}


def list_buckets(session: Session, commune: str, village: str, read: int) -> list[Bucket]:
    """The 256 buckets of a village, for a device that has read its stream up to the sequence `read`."""
    was_read = _STREAM.c.seq <= read
    query = select(
        (_STREAM.c.digest // _BUCKET).label("bucket"),
        func.count().label("present"),
        func.sum(func.length(_STREAM.c.body)).label("size"),
        *(func.coalesce(func.sum(half).filter(was_read), 0).label(name) for name, half in _HALVES.items()),
    ).where(_STREAM.c.commune == commune, _STREAM.c.village_id == village, _STREAM.c.digest != 0)
    buckets = [Bucket(0, 0, check_of(0))] * BUCKETS
    for row in session.execute(query.group_by("bucket")):
        buckets[int(row.bucket)] = Bucket(row.present, int(row.size), check_of(int(row.high) * _HALF + int(row.low)))
    return buckets


def list_of_buckets(session: Session, commune: str, village: str, buckets: Iterable[int]) -> list[StreamState]:
    """All present states of some buckets, in their order."""
    query = select(_STREAM.c.seq, _STREAM.c.kind, _STREAM.c.subject, _STREAM.c.body).where(
        _STREAM.c.commune == commune,
        _STREAM.c.village_id == village,
        _STREAM.c.digest != 0,
        (_STREAM.c.digest // _BUCKET).in_(list(buckets)),
    )
    rows = session.execute(query.order_by(_STREAM.c.seq))
    return [StreamState(village, row.kind, row.subject, row.seq, row.body) for row in rows]
