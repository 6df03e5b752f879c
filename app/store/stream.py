"""The villages' streams as received: a page and its cursor are saved together; unknown kinds wait here untouched."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete, select

from app.store.rows import StreamRowRow
from survey.wire import StreamItem, bucket_of, bucket_sums, check_of, row_digest

# Made once: to build a statement takes longer than to run it.
_NEW = insert(StreamRowRow)
_SAVE = _NEW.on_conflict_do_update(
    index_elements=["village_id", "kind", "subject"],
    set_={name: _NEW.excluded[name] for name in ("seq", "digest", "body")},
)
_HOMES = (
    select(StreamRowRow.subject, StreamRowRow.village_id, StreamRowRow.body)
    .where(StreamRowRow.kind == bindparam("kind"), col(StreamRowRow.subject).in_(bindparam("subjects", expanding=True)))
    .order_by(col(StreamRowRow.seq))
)
_COUNT = select(func.count(), func.coalesce(func.sum(StreamRowRow.digest), 0)).where(
    StreamRowRow.village_id == bindparam("village")
)


def save_stream_rows(session: Session, village: str, rows: list[StreamItem]) -> None:
    """Save a page: later states replace earlier ones, removed subjects are deleted."""
    present = [row for row in rows if row.body is not None]
    gone = [row for row in rows if row.body is None]
    if present:
        session.connection().execute(
            _SAVE,
            [
                {
                    "village_id": village,
                    "kind": row.kind,
                    "subject": row.subject,
                    "seq": row.seq,
                    "digest": row_digest(row.kind, row.subject, row.seq),
                    "body": json.dumps(row.body, ensure_ascii=False, separators=(",", ":")),
                }
                for row in present
            ],
        )
    for row in gone:
        session.exec(
            delete(StreamRowRow).where(
                col(StreamRowRow.village_id) == village,
                col(StreamRowRow.kind) == row.kind,
                col(StreamRowRow.subject) == row.subject,
            )
        )


def find_stream_body(session: Session, kind: str, subject: str) -> tuple[int, dict[str, Any]] | None:
    """A subject's sequence and body, or None. If it is in two villages after a move, the higher sequence counts."""
    query = select(StreamRowRow).where(StreamRowRow.kind == kind, StreamRowRow.subject == subject)
    row = session.exec(query.order_by(col(StreamRowRow.seq).desc())).first()
    return (row.seq, json.loads(row.body)) if row else None


def list_homes(session: Session, kind: str, subjects: Iterable[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """For each subject, the village on whose stream it is and its body there. Subjects on no stream are left out."""
    if not (asked := list(subjects)):
        return {}
    session.flush()
    rows = session.connection().execute(_HOMES, {"kind": kind, "subjects": asked}).all()
    return {subject: (village, json.loads(body)) for subject, village, body in rows}


def list_subjects(session: Session, kind: str, villages: Iterable[str]) -> list[tuple[str, str, int, dict[str, Any]]]:
    """Every subject of one kind as (village, subject, sequence, body), ordered by village and sequence."""
    query = select(StreamRowRow).where(StreamRowRow.kind == kind, col(StreamRowRow.village_id).in_(list(villages)))
    rows = session.exec(query.order_by(StreamRowRow.village_id, col(StreamRowRow.seq))).all()
    return [(row.village_id, row.subject, row.seq, json.loads(row.body)) for row in rows]


def list_stream_bodies(session: Session, kind: str, villages: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """All bodies of one kind, of some villages or of all."""
    query = select(StreamRowRow.body).where(StreamRowRow.kind == kind)
    if villages is not None:
        query = query.where(col(StreamRowRow.village_id).in_(list(villages)))
    return [json.loads(body) for body in session.exec(query).all()]


def list_bucket_sums(session: Session, village: str) -> list[str]:
    """The check of each bucket of the village's rows on this device, for the server to compare."""
    digests = session.exec(select(StreamRowRow.digest).where(StreamRowRow.village_id == village)).all()
    return bucket_sums(digests)


def save_repaired(session: Session, village: str, buckets: list[int], rows: list[StreamItem]) -> list[StreamItem]:
    """Delete the rows in these buckets that are not among the server's `rows`; returns them as removals."""
    sent = {(row.kind, row.subject) for row in rows}
    query = select(StreamRowRow).where(StreamRowRow.village_id == village)
    stale = [
        StreamItem(seq=row.seq, kind=row.kind, subject=row.subject, body=None)
        for row in session.exec(query).all()
        if bucket_of(row.digest) in buckets and (row.kind, row.subject) not in sent
    ]
    save_stream_rows(session, village, stale)
    return stale


def save_digests(session: Session, village: str) -> bool:
    """Recompute the digests of a village's rows; returns whether one was wrong."""
    query = select(StreamRowRow).where(StreamRowRow.village_id == village)
    mended = False
    for row in session.exec(query).all():
        digest = row_digest(row.kind, row.subject, row.seq)
        mended |= row.digest != digest
        row.digest = digest
    return mended


def count_stream(session: Session, village: str) -> tuple[int, str]:
    """How many rows of a village are on this device, and their check, to compare with the server's."""
    session.flush()
    count, total = session.connection().execute(_COUNT, {"village": village}).one()
    return count, check_of(int(total))
