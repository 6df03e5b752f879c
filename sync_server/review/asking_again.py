"""What is done with the visits that were drawn: somebody asks the family, whose answer is kept and then compared."""

from collections.abc import Iterable
from datetime import datetime

from survey.acts import Act
from survey.agreement import CheckedAgain
from survey.back_checks import Again, check_again, compare
from survey.free_text import check_texts
from survey.problems import DOUBT_ABOUT_YOU, DOUBT_MOVED_ON, FIELDS_INVALID, NOT_FOUND
from survey.records import LONGEST_TEXT, TeamMember
from survey.roles import Role
from survey.vietnamese import clean
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.problems import Problem
from sync_server.store.back_checks import (
    BackCheck,
    find_back_check,
    list_back_checks,
    save_again,
    save_given,
    save_left_out,
)
from sync_server.store.communes import list_rounds
from sync_server.store.database import Session
from sync_server.store.members import list_member_villages, list_members
from sync_server.store.responses import list_bodies


def may_ask(caller: Caller, one: BackCheck) -> bool:
    """Whether this person asks the family: an official, or who was given it; never about their own visit, and no lead
    in a village of their own, who gains from a "pass"."""
    if one.member == caller.member.id:
        return False
    if caller.member.role is Role.OFFICIAL:
        return True
    return one.given_to == caller.member.id and one.village not in caller.villages


def find_to_ask(session: Session, caller: Caller, visit: str) -> BackCheck:
    """The back-check that this person does or has done. Raises `Problem` not-found or doubt-about-you."""
    found = find_back_check(session, caller.commune.code, visit)
    if found is not None and found.member == caller.member.id and caller.member.role is Role.OFFICIAL:
        raise Problem(DOUBT_ABOUT_YOU)
    if found is None or not may_ask(caller, found):
        raise Problem(NOT_FOUND)
    return found


def find_to_see(session: Session, caller: Caller, visit: str) -> BackCheck:
    """The back-check that this person does; or one that was done, of their villages: an official's are all. Raises
    `Problem` not-found or doubt-about-you."""
    found = find_back_check(session, caller.commune.code, visit)
    if found is not None and found.again is not None and found.village in caller.villages:
        return found
    return find_to_ask(session, caller, visit)


def give(session: Session, caller: Caller, village: str, to: str | None, now: datetime) -> int:
    """Let this lead of another village ask the families of the village that wait; None: the commune does. How many they
    are. Raises `Problem` fields-invalid for somebody who may not."""
    commune = caller.commune.code
    if to is not None and to not in {one.id for one in list_askers(session, commune, village)}:
        raise Problem(FIELDS_INVALID, detail="Chọn tổ trưởng của một thôn khác.")
    waiting = [one.id for one in list_waiting(session, commune) if one.village == village and one.member != to]
    if waiting:
        save_given(session, commune, waiting, to)
        kind = "member" if to else ""
        note(
            session, caller, now, Act.GAVE_BACK_CHECKS,
            subject_kind=kind, subject=to or "", village=village, households=len(waiting),
        )  # fmt: skip
    return len(waiting)


def list_askers(session: Session, commune: str, village: str) -> list[TeamMember]:
    """The leads who do not work in this village."""
    leads = [one for one in list_members(session, commune) if one.role is Role.LEAD]
    at_work = {one.id: list_member_villages(session, commune, one.id) for one in leads}
    return [one for one in leads if at_work[one.id] and village not in at_work[one.id]]


def list_waiting(session: Session, commune: str) -> list[BackCheck]:
    """What is to be asked in the latest round, as it was drawn."""
    return [one for one in _of_round(session, commune) if one.again is None and one.is_listed and not one.left_out_why]


def answer(session: Session, caller: Caller, visit: str, again: Again, now: datetime) -> None:
    """Keep what the family said: once, since what was written the first time is shown then. Raises `Problem`
    not-found, fields-invalid, or doubt-moved-on where somebody has done it already."""
    found = find_to_ask(session, caller, visit)
    if problems := check_again(found.asks, again) + check_texts(again):
        raise Problem(FIELDS_INVALID, errors=problems)
    if not save_again(session, caller.commune.code, visit, again, caller.member.name, now):
        raise Problem(DOUBT_MOVED_ON)
    _note(session, caller, now, Act.CHECKED_AGAIN, found)


def leave_out(session: Session, caller: Caller, visit: str, why: str | None, now: datetime) -> None:
    """Nobody could be asked; or, by an official, what was said does not count. `why`: the family is away, it was
    another house … None takes that back. Raises `Problem` not-found, doubt-about-you or fields-invalid."""
    found = find_to_ask(session, caller, visit)
    if found.again is not None and caller.member.role is not Role.OFFICIAL:
        raise Problem(NOT_FOUND)
    if why is not None and not clean(why):
        raise Problem(FIELDS_INVALID, detail="Ghi vài chữ vì sao.")
    save_left_out(session, caller.commune.code, visit, why and clean(why)[:LONGEST_TEXT], caller.member.name)
    _note(session, caller, now, Act.LEFT_OUT_BACK_CHECK, found, purpose=why or "")


def list_checked(session: Session, commune: str) -> list[CheckedAgain]:
    """What was asked again in the latest round and counts."""
    done = [one for one in _of_round(session, commune) if one.again is not None and not one.left_out_why]
    return read_checked(session, commune, done)


def read_checked(session: Session, commune: str, done: Iterable[BackCheck]) -> list[CheckedAgain]:
    """Each of these that was done, beside what its visit says."""
    every = [one for one in done if one.again is not None]
    bodies = list_bodies(session, commune, [one.id for one in every])
    years = {one.id: one.reference_year for one in list_rounds(session, commune)}
    return [
        CheckedAgain(
            one.id,
            one.household,
            one.village,
            one.member,
            one.why,
            tuple(compare(bodies[one.id], years[one.round], one.asks, one.again)),
        )
        for one in every
        if one.again is not None and one.id in bodies
    ]


def _note(session: Session, caller: Caller, now: datetime, act: Act, one: BackCheck, *, purpose: str = "") -> None:
    about = one.household
    note(session, caller, now, act, subject_kind="household", subject=about, village=one.village, purpose=purpose)


def _of_round(session: Session, commune: str) -> list[BackCheck]:
    latest = next(iter(list_rounds(session, commune)), None)
    return list_back_checks(session, commune, latest.id) if latest else []
