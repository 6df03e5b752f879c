"""The people of a commune and where they work: finding them, and giving somebody other villages.

Everything runs in the caller's transaction. A `Problem` is raised before anything is written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from survey.devices import DeviceLine, DeviceState
from survey.problems import MEMBER_NAMED_TWICE, MEMBER_UNKNOWN, NOT_ALLOWED, OFFICIAL_HAS_ALL, VILLAGES_NEEDED
from survey.records import TeamMember, Village
from survey.roles import Role
from survey.vietnamese import clean, fold, has_marks, spelling
from sync_server.access.caller import Caller
from sync_server.coverage import refresh_coverage
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
from sync_server.store.villages import list_successors, list_villages


@dataclass(frozen=True)
class MemberWithVillages:
    """A person and the villages they work in, none for an official. `waiting` are their devices with unsent work."""

    member: TeamMember
    villages: list[Village]
    waiting: list[DeviceLine]


def list_members_with_villages(session: Session, commune: str) -> list[MemberWithVillages]:
    """Everybody of the commune with their villages, by name."""
    return [_place(session, commune, member) for member in list_members(session, commune)]


def _called(name: str, members: Iterable[TeamMember]) -> list[TeamMember]:
    """The members of this name: those who match exactly, else those who match but for capitals and the place of tone
    marks, else, for a name written without any mark, those who match without marks. Vũ Thị Lan is never Vũ Thị Lân."""
    there = list(members)
    forms: list[Callable[[str], str]] = [clean, spelling] if has_marks(name) else [clean, spelling, fold]
    for form in forms:
        found = [member for member in there if form(member.name) == form(name)]
        if found:
            return found
    return []


def find_member(session: Session, commune: str, *, name: str | None = None, identity: str | None = None) -> TeamMember:
    """The person of this id, else of this name; `_called` says which names match.

    Raises `Problem` member-unknown, or member-named-twice where only the id tells who is meant.
    """
    everybody = list_members(session, commune)
    found = [one for one in everybody if one.id == identity] if identity else _called(name or "", everybody)
    if not found:
        raise Problem(MEMBER_UNKNOWN)
    if len(found) > 1:
        raise Problem(MEMBER_NAMED_TWICE, detail=f"{MEMBER_NAMED_TWICE.advice} {_with_ids(found)}.")
    return found[0]


def find_invited(
    session: Session, commune: str, name: str, role: Role, villages: Iterable[str], identity: str | None
) -> TeamMember | None:
    """The person of this name and role who works in exactly these villages, and so is invited again; None if there is
    none.

    Raises `Problem` member-named-twice if there are several, member-unknown if none of them has the id `identity`.
    """
    wanted, ended = set(villages), set(list_successors(session, commune))  # a merged village is named by nobody
    there = [
        one
        for one in list_members(session, commune)
        if (one.role, fold(one.name)) == (role, fold(name)) and identity in {None, one.id}
        if set(list_member_villages(session, commune, one.id)) - ended == wanted
    ]
    found = _called(name, there)
    if identity and not found:
        raise Problem(MEMBER_UNKNOWN)
    if len(found) > 1:
        advice = "Anh/chị thêm --id để mời thêm máy cho đúng người, hoặc --new-person để mời một người khác nữa."
        raise Problem(MEMBER_NAMED_TWICE, detail=f"{advice} {_with_ids(found)}.")
    return found[0] if found else None


def check_answers_for(session: Session, caller: Caller, member: str, role: Role) -> None:
    """Check that this person's devices are the caller's to end and to replace: an official answers for everybody of the
    commune, a lead for the members of their villages, everybody for themselves. Raises `Problem` not-allowed."""
    if caller.member.role is Role.OFFICIAL or member == caller.member.id:
        return
    theirs = list_member_villages(session, caller.commune.code, member)
    if role is not Role.MEMBER or not set(theirs) & set(caller.villages):
        raise Problem(NOT_ALLOWED)


def list_namesakes(session: Session, commune: str, name: str) -> list[MemberWithVillages]:
    """The people whose name may be the same one, with their villages: also if one of the two was written unmarked."""
    return [
        _place(session, commune, one)
        for one in list_members(session, commune)
        if _called(name, [one]) or _called(one.name, [TeamMember(id=one.id, name=name, role=one.role)])
    ]


def _with_ids(members: Iterable[TeamMember]) -> str:
    return "; ".join(f"{member.name}: {member.id}" for member in members)


def move_member(
    session: Session, commune: str, member: TeamMember, villages: Iterable[str], now: datetime
) -> MemberWithVillages:
    """Give a member or lead exactly these villages (ids) from now on. Former memberships are kept with their times.

    Their devices learn it with the next sync: they read a new village from its beginning, and delete a lost one once
    they hold no unsent work for it.
    Raises `Problem` official-has-all or villages-needed.
    """
    wanted = list(dict.fromkeys(villages))
    if member.role is Role.OFFICIAL:
        raise Problem(OFFICIAL_HAS_ALL)
    if not wanted:
        raise Problem(VILLAGES_NEEDED)
    set_villages(session, commune, member, wanted, now)
    return _place(session, commune, member)


def set_villages(session: Session, commune: str, member: TeamMember, wanted: list[str], now: datetime) -> None:
    """What `move_member` does once it is allowed; also for no village at all."""
    before = list_member_villages(session, commune, member.id)
    given = [village for village in wanted if village not in before]
    taken = [village for village in before if village not in wanted]
    if not given and not taken:
        return
    body = {"name": member.name, "role": member.role.value}
    news = {village: [Subject("member", member.id, body)] for village in given}
    publish(session, commune, news | {village: [Subject("member", member.id, None)] for village in taken})
    mark_memberships_ended(session, commune, member.id, taken, now)
    add_memberships(session, commune, member.id, given, now)
    mark_member_scope_changed(session, commune, member.id)
    refresh_coverage(session, commune, [*given, *taken], now)  # a village without anybody has no team


def _place(session: Session, commune: str, member: TeamMember) -> MemberWithVillages:
    ids = list_member_villages(session, commune, member.id)
    devices = list_devices_of_member(session, commune, member.id)
    waiting = [device for device in devices if device.unsent and device.state is not DeviceState.LOST]
    return MemberWithVillages(member, list_villages(session, commune, ids), waiting)
