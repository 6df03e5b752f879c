"""A village's team: taking somebody out of it. Inviting is in `setup`, their devices are in `devices`."""

from datetime import datetime

from survey.acts import Act
from survey.devices import DeviceState
from survey.problems import MEMBER_UNKNOWN, NOT_ALLOWED
from survey.roles import Role
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.commune.devices import revoke
from sync_server.commune.members import find_member, set_villages
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices_of_member
from sync_server.store.members import list_member_villages


def end_membership(session: Session, caller: Caller, village: str, member: str, now: datetime) -> None:
    """Take a person out of the village's team, for whoever runs it: a lead takes out members, an official leads too.

    What the person recorded stays. Their phones hand in what they still hold for the village and then delete it; with
    no village left they are revoked, so that they may only hand in.
    Raises `Problem` not-allowed (also for oneself), village-unknown, or member-unknown for somebody not in this team.
    """
    caller.check_works_in(village)
    commune = caller.commune.code
    person = find_member(session, commune, identity=member)
    villages = list_member_villages(session, commune, person.id)
    if village not in villages:
        raise Problem(MEMBER_UNKNOWN)
    runs_it = person.role is Role.MEMBER or caller.member.role is Role.OFFICIAL
    if person.id == caller.member.id or not runs_it:
        raise Problem(NOT_ALLOWED)
    others = [one for one in villages if one != village]
    set_villages(session, commune, person, others, now)
    note(session, caller, now, Act.ENDED_MEMBERSHIP, subject_kind="member", subject=person.id, village=village)
    if not others:
        for device in list_devices_of_member(session, commune, person.id):
            if device.state is DeviceState.ACTIVE:
                revoke(session, commune, device.id, caller.member.name, now)
