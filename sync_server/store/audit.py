"""The audit log, and the changes that are listed beside it: both by when they came, the newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, func, or_, select

from sync_server.store.audit_rows import AuditLineRow
from sync_server.store.bulk import add_rows, as_body, as_text
from sync_server.store.people_rows import DeviceRow, MemberRow
from sync_server.store.rows import ChangeRow, table_of
from sync_server.store.statements import Session

_LINE, _CHANGE = table_of(AuditLineRow), table_of(ChangeRow)
_DEVICE, _MEMBER = table_of(DeviceRow), table_of(MemberRow)
Place = tuple[datetime, str]
"""Where a page ends: the time and the id of its last line."""


@dataclass(frozen=True)
class AuditLine:
    """One act. `member` is None for the server's command line; `by` and `device_name` are filled when it is read."""

    id: str
    at: datetime
    member: str | None
    device: str | None
    action: str
    subject_kind: str
    subject: str
    village: str | None
    purpose: str
    told: dict[str, Any]
    state: str = "done"
    by: str = ""
    device_name: str = ""


@dataclass(frozen=True)
class SentChange:
    """A change that somebody sent: `at` is when it came, `captured_at` what the device's clock said."""

    id: str
    at: datetime
    captured_at: datetime
    kind: str
    verdict: str
    household: str | None
    village: str
    by: str | None
    device_name: str | None


@dataclass(frozen=True)
class Sought:
    """Which lines are wanted; what is None or empty asks for nothing. `at_server` leaves the command line's alone,
    `before` is where the page before ended. A value of `actions` or `kinds` that is None leaves out that source."""

    member: str = ""
    at_server: bool = False
    village: str = ""
    since: datetime | None = None
    until: datetime | None = None
    actions: tuple[str, ...] | None = ()
    kinds: tuple[str, ...] | None = ()
    before: Place | None = None


def add_line(session: Session, commune: str, line: AuditLine) -> None:
    """Keep a line for good; nothing changes it any more."""
    row = {name: getattr(line, name) for name in ("id", "at", "action", "subject_kind", "subject", "purpose", "state")}
    row |= {"member_id": line.member, "device_id": line.device, "village_id": line.village}
    add_rows(session, _LINE, [row | {"commune": commune, "told": as_text(line.told)}])


def find_same_line(session: Session, commune: str, line: AuditLine, since: datetime) -> str | None:
    """The id of a line since then of the same person, about the same act and subject; None if there is none. One of a
    later time than this, when the clock was ahead, is another look."""
    same = [_LINE.c.action == line.action, _LINE.c.subject == line.subject, _LINE.c.member_id == line.member]
    query = select(_LINE.c.id).where(_LINE.c.commune == commune, _LINE.c.at.between(since, line.at), *same).limit(1)
    return session.execute(query).scalar()


def list_lines(session: Session, commune: str, sought: Sought, most: int) -> list[AuditLine]:
    """At most so many lines of the log, the newest first."""
    if sought.actions is None:
        return []
    where = _between(_LINE.c.at, _LINE.c.id, sought)
    if sought.actions:
        where.append(_LINE.c.action.in_(sought.actions))
    if sought.at_server:
        where.append(_LINE.c.member_id.is_(None))
    if sought.member:
        where.append(_LINE.c.member_id == sought.member)
    if sought.village:
        where.append(_LINE.c.village_id == sought.village)
    theirs = and_(_MEMBER.c.commune == _LINE.c.commune, _MEMBER.c.id == _LINE.c.member_id)
    used = and_(_DEVICE.c.commune == _LINE.c.commune, _DEVICE.c.id == _LINE.c.device_id)
    query = (
        select(_LINE, _MEMBER.c.name.label("by"), _DEVICE.c.name.label("device_name"))
        .join(_MEMBER, theirs, isouter=True)
        .join(_DEVICE, used, isouter=True)
        .where(_LINE.c.commune == commune, *where)
        .order_by(_LINE.c.at.desc(), _LINE.c.id.desc())
        .limit(most)
    )
    return [_read(row) for row in session.execute(query)]


def list_sent_changes(session: Session, commune: str, sought: Sought, most: int) -> list[SentChange]:
    """At most so many changes, whatever their verdict, the last that came first."""
    if sought.kinds is None or sought.at_server:
        return []
    where = _between(_CHANGE.c.received_at, _CHANGE.c.id, sought)
    if sought.kinds:
        where.append(_CHANGE.c.kind.in_(sought.kinds))
    if sought.member:
        where.append(_DEVICE.c.member_id == sought.member)
    if sought.village:
        where.append(_CHANGE.c.village_id == sought.village)
    used = and_(_DEVICE.c.commune == _CHANGE.c.commune, _DEVICE.c.id == _CHANGE.c.device_id)
    theirs = and_(_MEMBER.c.commune == _DEVICE.c.commune, _MEMBER.c.id == _DEVICE.c.member_id)
    columns = ("id", "received_at", "captured_at", "kind", "verdict", "subject_household", "village_id")
    query = (
        select(*(_CHANGE.c[name] for name in columns), _MEMBER.c.name.label("by"), _DEVICE.c.name.label("device_name"))
        .join(_DEVICE, used, isouter=True)
        .join(_MEMBER, theirs, isouter=True)
        .where(_CHANGE.c.commune == commune, *where)
        .order_by(_CHANGE.c.received_at.desc(), _CHANGE.c.id.desc())
        .limit(most)
    )
    rows: Any = session.execute(query)
    return [SentChange(*row) for row in rows]


def find_newest_time(session: Session) -> datetime | None:
    """When the newest line of any commune was written; None where there is none."""
    found: datetime | None = session.execute(select(func.max(_LINE.c.at))).scalar_one()
    return found


def count_lines_before(session: Session, before: datetime) -> int:
    """1 if any line of any commune is older, else 0: enough to know that there is something to delete."""
    return len(session.execute(select(_LINE.c.id).where(_LINE.c.at < before).limit(1)).all())


def delete_lines(session: Session, before: datetime) -> None:
    """Forget the lines of all communes that are older."""
    session.execute(_LINE.delete().where(_LINE.c.at < before))


def _between(at: Column[Any], identity: Column[Any], sought: Sought) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if sought.since is not None:
        where.append(at >= sought.since)
    if sought.until is not None:
        where.append(at < sought.until)
    if sought.before is not None:
        last_at, last_id = sought.before
        where += [at <= last_at, or_(at < last_at, and_(at == last_at, identity < last_id))]
    return where


def _read(row: Any) -> AuditLine:
    plain = ("id", "at", "action", "subject_kind", "subject", "purpose", "state")
    return AuditLine(
        **{name: getattr(row, name) for name in plain},
        member=row.member_id,
        device=row.device_id,
        village=row.village_id,
        told=as_body(row.told),
        by=row.by or "",
        device_name=row.device_name or "",
    )
