"""The people who sign in, and the villages they work in."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.records import TeamMember
from survey.roles import Role
from sync_server.store.bulk import add_rows
from sync_server.store.people_rows import DeviceRow, MemberRow, MemberVillageRow
from sync_server.store.rows import table_of

_MEMBER, _SCOPE, _DEVICE = table_of(MemberRow), table_of(MemberVillageRow), table_of(DeviceRow)


def add_member(session: Session, commune: str, member: TeamMember, villages: Iterable[str]) -> None:
    """A new person with the villages they work in."""
    values = {"id": member.id, "name": member.name, "role": member.role.value, "scope_version": 1}
    session.execute(_MEMBER.insert().values(commune=commune, **values))
    rows = [{"commune": commune, "member_id": member.id, "village_id": village} for village in villages]
    add_rows(session, _SCOPE, rows)


def find_member_named(
    session: Session, commune: str, name: str, role: Role, villages: Iterable[str]
) -> TeamMember | None:
    """The person of this name, role and exactly these villages."""
    query = select(_MEMBER.c.id, _MEMBER.c.name).where(
        _MEMBER.c.commune == commune, _MEMBER.c.name == name, _MEMBER.c.role == role.value
    )
    wanted = set(villages)
    for row in session.execute(query).all():
        if set(list_member_villages(session, commune, row.id)) == wanted:
            return TeamMember(id=row.id, name=row.name, role=role)
    return None


def list_member_villages(session: Session, commune: str, member: str) -> list[str]:
    query = select(_SCOPE.c.village_id).where(_SCOPE.c.commune == commune, _SCOPE.c.member_id == member)
    return list(session.execute(query.order_by(_SCOPE.c.village_id)).scalars())


def list_villages_with_team(session: Session, commune: str, villages: Iterable[str]) -> set[str]:
    """Those of the villages in which at least one member or lead has signed in; an invitation alone is no team."""
    signed_in = (_DEVICE.c.commune == _SCOPE.c.commune) & (_DEVICE.c.member_id == _SCOPE.c.member_id)
    query = select(_SCOPE.c.village_id).join(_DEVICE, signed_in).distinct()
    here = (_SCOPE.c.commune == commune) & _SCOPE.c.village_id.in_(list(villages))
    return set(session.execute(query.where(here)).scalars())


def mark_scope_changed(session: Session, commune: str, role: Role) -> None:
    """The villages of everybody in this role changed; their devices learn it with the next sync."""
    everybody = (_MEMBER.c.commune == commune) & (_MEMBER.c.role == role.value)
    session.execute(_MEMBER.update().where(everybody).values(scope_version=_MEMBER.c.scope_version + 1))
