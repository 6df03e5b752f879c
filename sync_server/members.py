"""The people of a commune and where they work: giving somebody another set of villages.

Everything runs in the caller's transaction; what cannot be done is raised as a `Problem` before anything is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from survey.devices import DeviceLine, DeviceState
from survey.problems import MEMBER_NAMED_TWICE, MEMBER_UNKNOWN, OFFICIAL_HAS_ALL, VILLAGES_NEEDED
from survey.records import TeamMember, Village
from survey.roles import Role
from survey.vietnamese import fold
from sync_server.aggregate import refresh_coverage
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices_of_member
from sync_server.store.members import (
    add_memberships,
    list_member_villages,
    list_members,
    mark_member_scope_changed,
    mark_memberships_ended,
)
from sync_server.store.villages import list_villages


@dataclass(frozen=True)
class Placed:
    """A person and the villages they work in, none for an official. `waiting` are their devices with unsent work."""

    member: TeamMember
    villages: list[Village]
    waiting: list[DeviceLine]


def list_placed(session: Session, commune: str) -> list[Placed]:
    """Everybody of the commune with their villages, by name."""
    return [_place(session, commune, member) for member in list_members(session, commune)]


def find_member(session: Session, commune: str, *, name: str | None = None, identity: str | None = None) -> TeamMember:
    """The person of this id, or of this name however its marks are typed.

    Raises `Problem` member-unknown, or member-named-twice where only the id tells who is meant.
    """
    found = [
        member
        for member in list_members(session, commune)
        if (member.id == identity if identity else fold(member.name) == fold(name or ""))
    ]
    exactly = [member for member in found if member.name == name]
    if not found:
        raise Problem(MEMBER_UNKNOWN)
    if len(found) > 1 and len(exactly) != 1:
        ids = "; ".join(f"{member.name}: {member.id}" for member in found)
        raise Problem(MEMBER_NAMED_TWICE, detail=f"{MEMBER_NAMED_TWICE.advice} {ids}.")
    return exactly[0] if len(found) > 1 else found[0]


def move_member(session: Session, commune: str, member: TeamMember, villages: Iterable[str], now: datetime) -> Placed:
    """Give a member or lead exactly these villages (ids) from now on; what they had is kept with its times.

    Their devices learn it with the next sync: a new village from its beginning, a lost one leaves once it has no work.
    Raises `Problem` official-has-all or villages-needed.
    """
    wanted = list(dict.fromkeys(villages))
    if member.role is Role.OFFICIAL:
        raise Problem(OFFICIAL_HAS_ALL)
    if not wanted:
        raise Problem(VILLAGES_NEEDED)
    before = list_member_villages(session, commune, member.id)
    given = [village for village in wanted if village not in before]
    taken = [village for village in before if village not in wanted]
    if not given and not taken:
        return _place(session, commune, member)
    body = {"name": member.name, "role": member.role.value}
    news = {village: [Subject("member", member.id, body)] for village in given}
    publish(session, commune, news | {village: [Subject("member", member.id, None)] for village in taken})
    mark_memberships_ended(session, commune, member.id, taken, now)
    add_memberships(session, commune, member.id, given, now)
    mark_member_scope_changed(session, commune, member.id)
    refresh_coverage(session, commune, [*given, *taken], now)  # a village without anybody has no team
    return _place(session, commune, member)


def _place(session: Session, commune: str, member: TeamMember) -> Placed:
    ids = list_member_villages(session, commune, member.id)
    devices = list_devices_of_member(session, commune, member.id)
    waiting = [device for device in devices if device.unsent and device.state is not DeviceState.LOST]
    return Placed(member, list_villages(session, commune, ids), waiting)
