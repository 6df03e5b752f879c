"""What is kept but not in force: held and invalid changes, unreadable content, and quarantined rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, select

from survey.problem_shapes import ProblemDetails
from sync_server.store.bulk import as_body
from sync_server.store.people_rows import DeviceRow, MemberRow, VillageRow
from sync_server.store.rows import ChangeRow, ResponseRow, SetAsideRow, StreamRow, table_of
from sync_server.store.statements import Session

_CHANGE, _ASIDE, _STREAM = table_of(ChangeRow), table_of(SetAsideRow), table_of(StreamRow)
_DEVICE, _MEMBER, _VILLAGE, _RESPONSE = (table_of(row) for row in (DeviceRow, MemberRow, VillageRow, ResponseRow))
_WHO = (_DEVICE.c.name.label("device"), _MEMBER.c.name.label("member"))


@dataclass(frozen=True)
class KeptAside:
    """One thing that is kept but not in force: a change, or content that was set aside.

    `id` is the change's id or the content's digest. `verdict`, `kind`, `subject` and `village` are empty for content
    that was set aside. `village`, `member` and `device` are names.
    """

    id: str
    verdict: str
    kind: str
    subject: str
    village: str
    member: str
    device: str
    received_at: datetime
    problem: ProblemDetails | None


@dataclass(frozen=True)
class HeldChange:
    """A change that waits for a person: `problem` is the slug of why, `household` the one it is about, if known."""

    id: str
    kind: str
    village: str
    household: str | None
    received_at: datetime
    problem: str
    member: str | None
    member_name: str


@dataclass(frozen=True)
class SetAside:
    """Content that was set aside, with who it came from: `problem` is the slug of why; `content` is empty where it is
    no object that can be read."""

    device: str
    received_at: datetime
    problem: str
    member: str | None
    member_name: str
    content: dict[str, Any]


def list_aside(session: Session, commune: str, limit: int) -> list[KeptAside]:
    """The latest `limit` things that are kept but not in force, the newest first."""
    waiting = _CHANGE.c.verdict.in_(["held", "invalid"])
    changes = session.execute(_changes(commune).where(waiting).order_by(_CHANGE.c.received_at.desc()).limit(limit))
    rest = session.execute(_set_aside(commune).order_by(_ASIDE.c.received_at.desc()).limit(limit))
    found = [_kept(row) for row in (*changes, *rest)]
    return sorted(found, key=lambda one: one.received_at, reverse=True)[:limit]


def find_change(session: Session, commune: str, identity: str) -> tuple[KeptAside, dict[str, Any]] | None:
    """A change of any verdict, with the body that was sent (also if it is stored as a visit); None if unknown."""
    row = session.execute(_changes(commune).where(_CHANGE.c.id == identity)).first()
    if row is None:
        return None
    body = session.execute(
        select(_CHANGE.c.body).where(_CHANGE.c.commune == commune, _CHANGE.c.id == identity)
    ).scalar_one()
    body = (
        body
        or session.execute(
            select(_RESPONSE.c.body).where(_RESPONSE.c.commune == commune, _RESPONSE.c.change_id == identity)
        ).scalar_one_or_none()
    )
    return _kept(row), as_body(body or "{}")


def list_held(session: Session, commune: str) -> list[HeldChange]:
    """The changes that are held, with who sent them, the oldest first."""
    columns = (_CHANGE.c.id, _CHANGE.c.kind, _CHANGE.c.village_id, _CHANGE.c.subject_household, _CHANGE.c.received_at)
    query = select(*columns, _CHANGE.c.problem, _MEMBER.c.id.label("member"), _MEMBER.c.name.label("member_name"))
    held = (_CHANGE.c.commune == commune, _CHANGE.c.verdict == "held")
    rows = session.execute(_joined(query, _CHANGE).where(*held).order_by(_CHANGE.c.received_at, _CHANGE.c.id))
    return [
        HeldChange(
            row.id,
            row.kind,
            row.village_id,
            row.subject_household,
            row.received_at,
            ProblemDetails.model_validate_json(row.problem).slug if row.problem else "",
            row.member,
            row.member_name or "",
        )
        for row in rows
    ]


def find_set_aside(session: Session, commune: str, digest: str) -> tuple[KeptAside, dict[str, Any]] | None:
    """What was set aside under this digest, with its content; None if nothing was."""
    row = session.execute(_set_aside(commune).where(_ASIDE.c.digest == digest)).first()
    if row is None:
        return None
    content = session.execute(
        select(_ASIDE.c.content).where(_ASIDE.c.commune == commune, _ASIDE.c.digest == digest).limit(1)
    ).scalar_one()
    return _kept(row), as_body(content)


def list_set_aside(session: Session, commune: str) -> list[SetAside]:
    """Everything that was set aside, the oldest first."""
    columns = (_ASIDE.c.device_id, _ASIDE.c.received_at, _ASIDE.c.problem, _ASIDE.c.content)
    query = select(*columns, _MEMBER.c.id.label("member"), _MEMBER.c.name.label("member_name"))
    rows = session.execute(
        _joined(query, _ASIDE).where(_ASIDE.c.commune == commune).order_by(_ASIDE.c.received_at, _ASIDE.c.digest)
    )
    return [
        SetAside(
            row.device_id,
            row.received_at,
            ProblemDetails.model_validate_json(row.problem).slug or "",
            row.member,
            row.member_name or "",
            _loose(row.content),
        )
        for row in rows
    ]


def _loose(text: str) -> dict[str, Any]:
    """The content as an object; nothing where it is none, so that one line does not hide the others."""
    try:
        content = as_body(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def count_waiting(session: Session, commune: str) -> int:
    """How much is held or set aside: a number that changes when more comes, which no village's sequence tells."""
    held = select(func.count()).where(_CHANGE.c.commune == commune, _CHANGE.c.verdict == "held")
    aside = select(func.count()).where(_ASIDE.c.commune == commune)
    return int(session.execute(held).scalar_one()) + int(session.execute(aside).scalar_one())


def list_on_streams(session: Session, commune: str, subject: str) -> list[tuple[str, str, int, str]]:
    """Where a subject is on the streams now: village, kind, sequence and body as JSON text."""
    query = select(_STREAM.c.village_id, _STREAM.c.kind, _STREAM.c.seq, _STREAM.c.body).where(
        _STREAM.c.commune == commune, _STREAM.c.subject == subject, _STREAM.c.body.is_not(None)
    )
    return [tuple(row) for row in session.execute(query)]


def delete_aside(session: Session, commune: str, digest: str) -> None:
    """Delete what was set aside under this digest, because it is in force again."""
    session.execute(_ASIDE.delete().where(_ASIDE.c.commune == commune, _ASIDE.c.digest == digest))


def _changes(commune: str) -> Select[Any]:
    columns = (_CHANGE.c.id, _CHANGE.c.verdict, _CHANGE.c.kind, _CHANGE.c.subject, _CHANGE.c.received_at)
    village = and_(_VILLAGE.c.commune == _CHANGE.c.commune, _VILLAGE.c.id == _CHANGE.c.village_id)
    query = select(*columns, _CHANGE.c.problem, *_WHO, _VILLAGE.c.name.label("village"))
    return _joined(query, _CHANGE).outerjoin(_VILLAGE, village).where(_CHANGE.c.commune == commune)


def _set_aside(commune: str) -> Select[Any]:
    nothing: Iterable[Any] = (literal("").label(name) for name in ("verdict", "kind", "subject", "village"))
    columns = (_ASIDE.c.digest.label("id"), _ASIDE.c.received_at, _ASIDE.c.problem)
    return _joined(select(*columns, *nothing, *_WHO), _ASIDE).where(_ASIDE.c.commune == commune)


def _joined(query: Select[Any], table: Any) -> Select[Any]:
    device = and_(_DEVICE.c.commune == table.c.commune, _DEVICE.c.id == table.c.device_id)
    member = and_(_MEMBER.c.commune == _DEVICE.c.commune, _MEMBER.c.id == _DEVICE.c.member_id)
    return query.select_from(table).outerjoin(_DEVICE, device).outerjoin(_MEMBER, member)


def _kept(row: Any) -> KeptAside:
    problem = ProblemDetails.model_validate_json(row.problem) if row.problem else None
    names = ("id", "verdict", "kind", "subject", "village", "member", "device")
    return KeptAside(**{name: getattr(row, name) or "" for name in names}, received_at=row.received_at, problem=problem)
