"""A person of a team: their devices, a code for a new one, other villages, leaving; and the record of a lost device."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.acts import Act
from survey.ids import Id, is_id
from survey.problem_shapes import ProblemDetails
from survey.problems import FIELDS_INVALID, MEMBER_UNKNOWN, NOT_ALLOWED, VILLAGE_UNKNOWN, VILLAGES_NEEDED
from survey.records import TeamMember
from survey.roles import Role
from survey.vietnamese import collation_key
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.commune.devices import check_may_end, report_lost_as, revoke_as, the_device, the_incident
from sync_server.commune.inviting import invite_one_more
from sync_server.commune.members import check_answers_for, find_member, move_member
from sync_server.commune.team import end_membership
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, SettingsDep
from sync_server.office.invite import marked_villages
from sync_server.office.invited import show_invited
from sync_server.office.pages import draw, see_other
from sync_server.office.teams import alleys_of, list_teams, look_at
from sync_server.office.visitor import CommuneVisitor, DeviceVisitor, FormDep, InvitingVisitor
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices_of_member
from sync_server.store.devices import list_browsers
from sync_server.store.members import list_member_villages, list_memberships
from sync_server.store.villages import list_villages

router = APIRouter()
_NOT_HERE = "Có thể người này không có trong xã. Anh/chị mở lại trang Người và máy rồi chọn lại."


@router.get("/people/{member}")
def person_page(request: Request, caller: DeviceVisitor, session: SessionDep, now: NowDep, member: Id) -> Response:
    """The person, to whoever shares a village with them, and to officials."""
    return _draw(request, session, caller, _the_person(session, caller, member), now)


@router.post("/people/{member}/code")
def one_more_code(
    request: Request,
    caller: InvitingVisitor,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    member: Id,
) -> Response:
    """A code for one more device of this person."""
    with database.write() as session:
        _the_person(session, caller, member)
        made = invite_one_more(session, caller, member, settings, now)
    return show_invited(request, made)


@router.post("/people/{member}/villages")
def move(
    request: Request, caller: CommuneVisitor, database: DatabaseDep, now: NowDep, form: FormDep, member: Id
) -> Response:
    """Give the person exactly the marked villages."""
    commune, wanted = caller.commune.code, marked_villages(form)
    try:
        with database.write() as session:
            person = _the_person(session, caller, member)
            if not wanted:
                raise Problem(
                    VILLAGES_NEEDED, detail="Anh/chị đánh dấu ít nhất một thôn. Muốn người này nghỉ hẳn: rời tổ."
                )
            if len(list_villages(session, commune, wanted)) < len(set(wanted)):
                raise Problem(VILLAGE_UNKNOWN)
            move_member(session, commune, person, wanted, now)
            note(session, caller, now, Act.MOVED_MEMBER, subject_kind="member", subject=member)
    except Problem as problem:
        if problem.details.slug != VILLAGES_NEEDED.slug:
            raise
        with database.read() as session:
            return _draw(request, session, caller, _the_person(session, caller, member), now, problem.details)
    return see_other(f"/people/{member}")


@router.post("/people/{member}/leave")
def leave(caller: InvitingVisitor, database: DatabaseDep, now: NowDep, form: FormDep, member: Id) -> Response:
    """Take the person out of one village's team. Who has left it already stays out."""
    village = form.get("village", "").lower()
    if not is_id(village):
        raise Problem(FIELDS_INVALID)
    with database.write() as session:
        caller.check_works_in(village)
        once = [one for one in list_memberships(session, caller.commune.code, member) if one.village == village]
        if not once:
            raise Problem(MEMBER_UNKNOWN, detail=_NOT_HERE)
        if any(one.ended_at is None for one in once):
            end_membership(session, caller, village, member, now)
    return see_other(f"/people?village={village}&left=1")


@router.post("/devices/{device}/revoke")
def revoke_device(caller: DeviceVisitor, database: DatabaseDep, now: NowDep, device: Id) -> Response:
    """The device may only send its unsent work from now on."""
    with database.write() as session:
        check_may_end(session, caller, device)
        line = revoke_as(session, caller, device, now)
    return see_other(f"/people/{line.member.id}")


@router.post("/devices/{device}/lost")
def lose_device(caller: DeviceVisitor, database: DatabaseDep, now: NowDep, device: Id) -> Response:
    """The device is cut off at once; officials go on to the record of what it may hold."""
    with database.write() as session:
        check_may_end(session, caller, device)
        incident = report_lost_as(session, caller, device, now)
    is_official = caller.member.role is Role.OFFICIAL
    return see_other(f"/devices/{device}/incident" if is_official else f"/people/{incident.member.id}")


@router.get("/devices/{device}/incident")
def incident_page(request: Request, caller: CommuneVisitor, session: SessionDep, device: Id) -> Response:
    """The record that was made when the device was reported lost, to be printed."""
    commune = caller.commune.code
    incident, line = the_incident(session, commune, device), the_device(session, commune, device)
    return draw(request, "incident.html", caller, incident=incident, line=line)


def _the_person(session: Session, caller: Caller, member: str) -> TeamMember:
    """The person, if the caller is an official, themselves, or works with them. Raises `Problem` member-unknown or
    not-allowed."""
    try:
        person = find_member(session, caller.commune.code, identity=member)
    except Problem as problem:
        raise Problem(MEMBER_UNKNOWN, detail=_NOT_HERE) from problem
    villages = set(list_member_villages(session, caller.commune.code, member))
    if caller.member.role is Role.OFFICIAL or person.id == caller.member.id or villages & set(caller.villages):
        return person
    raise Problem(NOT_ALLOWED)


def _answers_for(session: Session, caller: Caller, person: TeamMember) -> bool:
    try:
        check_answers_for(session, caller, person.id, person.role)
    except Problem:
        return False
    return True


def _draw(
    request: Request,
    session: Session,
    caller: Caller,
    person: TeamMember,
    now: datetime,
    problem: ProblemDetails | None = None,
) -> Response:
    return draw(
        request,
        "person.html",
        caller,
        problem.status if problem else 200,
        problem=problem,
        **_read(session, caller, person, now),
    )


def _read(session: Session, caller: Caller, person: TeamMember, now: datetime) -> dict[str, Any]:
    commune, is_official = caller.commune.code, caller.member.role is Role.OFFICIAL
    works_in = set(list_member_villages(session, commune, person.id))
    here = [one for one in caller.villages if one in works_in]
    teams = list_teams(session, caller, here, now)
    browsers = list_browsers(session, commune)
    devices = [look_at(one, browsers, caller, now) for one in list_devices_of_member(session, commune, person.id)]
    answers_for = _answers_for(session, caller, person)
    runs_it = person.role is Role.MEMBER or is_official
    return {
        "person": person,
        "villages": [(team.village, alleys_of(team.alleys, person.id)) for team in teams],
        "devices": [one for one in devices if one.in_use or one.line.unsent],
        "ended": [one for one in devices if not one.in_use and not one.line.unsent],
        "unsent": sum(one.line.unsent for one in devices if one.in_use),
        "answers_for": answers_for,
        "may_leave": runs_it and person.id != caller.member.id,
        "may_move": is_official and person.role is not Role.OFFICIAL,
        "works_in": works_in,
        "all_villages": sorted(
            list_villages(session, commune, caller.villages), key=lambda one: collation_key(one.name)
        ),
    }
