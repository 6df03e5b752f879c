"""The people who sign in, and the villages they work in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from survey.records import TeamMember
from survey.roles import Role
from sync_server.store.bulk import save_rows
from sync_server.store.people_rows import DeviceRow, MemberRow, MembershipRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement, is_one_of

_MEMBER, _SCOPE, _DEVICE = table_of(MemberRow), table_of(MembershipRow), table_of(DeviceRow)
_ALL_TIMES = Statement(
    select(_SCOPE.c.member_id, _SCOPE.c.village_id, _SCOPE.c.began_at, _SCOPE.c.ended_at)
    .where(_SCOPE.c.commune == bindparam("commune"), is_one_of(_SCOPE.c.member_id, "members"))
    .order_by(_SCOPE.c.village_id, _SCOPE.c.began_at)
)
_WITH_TEAM = Statement(
    select(_SCOPE.c.village_id)
    .join(_DEVICE, (_DEVICE.c.commune == _SCOPE.c.commune) & (_DEVICE.c.member_id == _SCOPE.c.member_id))
    .where(_SCOPE.c.commune == bindparam("commune"), is_one_of(_SCOPE.c.village_id, "villages"))
    .where(_SCOPE.c.ended_at.is_(None))
    .distinct()
)


@dataclass(frozen=True)
class Membership:
    """From when until when a person works in a village; no end while it goes on."""

    village: str
    began_at: datetime
    ended_at: datetime | None = None


def add_member(session: Session, commune: str, member: TeamMember, villages: Iterable[str], now: datetime) -> None:
    """A new person with the villages they work in from now on."""
    values = {"id": member.id, "name": member.name, "role": member.role.value, "scope_version": 1}
    session.execute(_MEMBER.insert().values(commune=commune, **values))
    add_memberships(session, commune, member.id, villages, now)


def add_memberships(session: Session, commune: str, member: str, villages: Iterable[str], now: datetime) -> None:
    """The person works in these villages too, from now on."""
    began = {"commune": commune, "member_id": member, "began_at": now, "ended_at": None}
    # A village that was left and given back in the same instant was never left.
    rows = [began | {"village_id": village} for village in villages]
    save_rows(session, _SCOPE, rows)


def mark_memberships_ended(session: Session, commune: str, member: str, villages: Iterable[str], now: datetime) -> None:
    """End the person's memberships in these villages. The records of them stay."""
    own = (_SCOPE.c.commune == commune) & (_SCOPE.c.member_id == member) & _SCOPE.c.ended_at.is_(None)
    session.execute(_SCOPE.update().where(own, _SCOPE.c.village_id.in_(list(villages))).values(ended_at=now))


def list_members(session: Session, commune: str) -> list[TeamMember]:
    """Everybody of the commune, by name."""
    query = select(_MEMBER.c.id, _MEMBER.c.name, _MEMBER.c.role).where(_MEMBER.c.commune == commune)
    rows = session.execute(query.order_by(_MEMBER.c.name, _MEMBER.c.id))
    return [TeamMember(id=row.id, name=row.name, role=Role(row.role)) for row in rows]


def list_memberships(session: Session, commune: str, member: str) -> list[Membership]:
    """Every time that the person worked in a village, those that ended too."""
    return list_memberships_of(session, commune, [member])[member]


def list_memberships_of(session: Session, commune: str, members: Iterable[str]) -> dict[str, list[Membership]]:
    """For each of the people, every time that they worked in a village."""
    found: dict[str, list[Membership]] = {member: [] for member in members}
    for row in _ALL_TIMES.rows(session, commune=commune, members=found):
        found[row.member_id].append(Membership(row.village_id, row.began_at, row.ended_at))
    return found


def list_member_villages(session: Session, commune: str, member: str) -> list[str]:
    """Where the person works now."""
    return [one.village for one in list_memberships(session, commune, member) if one.ended_at is None]


def list_team(session: Session, commune: str, village: str) -> list[TeamMember]:
    """The members and leads who work in the village now."""
    own = (_MEMBER.c.commune == _SCOPE.c.commune) & (_MEMBER.c.id == _SCOPE.c.member_id)
    here = (_SCOPE.c.commune == commune) & (_SCOPE.c.village_id == village) & _SCOPE.c.ended_at.is_(None)
    query = select(_MEMBER.c.id, _MEMBER.c.name, _MEMBER.c.role).join(_SCOPE, own).where(here).distinct()
    rows = session.execute(query.order_by(_MEMBER.c.id))
    return [TeamMember(id=row.id, name=row.name, role=Role(row.role)) for row in rows]


def list_villages_with_team(session: Session, commune: str, villages: Iterable[str]) -> set[str]:
    """Those of the villages where at least one member or lead has enrolled a device; an invitation alone is no team."""
    return {row.village_id for row in _WITH_TEAM.rows(session, commune=commune, villages=villages)}


def count_team_members(session: Session, commune: str) -> int:
    """How many people work in a village of the commune now."""
    query = select(func.count(_SCOPE.c.member_id.distinct())).where(_SCOPE.c.commune == commune)
    return int(session.execute(query.where(_SCOPE.c.ended_at.is_(None))).scalar_one())


def mark_scope_changed(session: Session, commune: str, role: Role) -> None:
    """The villages of everybody in this role changed; their devices learn it with the next sync."""
    everybody = (_MEMBER.c.commune == commune) & (_MEMBER.c.role == role.value)
    session.execute(_MEMBER.update().where(everybody).values(scope_version=_MEMBER.c.scope_version + 1))


def mark_member_scope_changed(session: Session, commune: str, member: str) -> None:
    """This person's villages changed; their devices learn it with the next sync."""
    own = (_MEMBER.c.commune == commune) & (_MEMBER.c.id == member)
    session.execute(_MEMBER.update().where(own).values(scope_version=_MEMBER.c.scope_version + 1))
