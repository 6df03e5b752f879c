"""POST /api/v1/invitations: a one-time code for a person, made by a lead or an official."""

from typing import Any

from fastapi import APIRouter

from survey.invitations import InvitationReply, InvitationRequest
from survey.problems import NOT_ALLOWED, VILLAGE_UNKNOWN
from survey.roles import Role
from survey.villages import full_name
from sync_server.commune.members import check_answers_for, find_member
from sync_server.commune.setup import Invitation, invite, invite_again
from sync_server.http.deps import DatabaseDep, InvitingCaller, NowDep, SettingsDep
from sync_server.problems import Problem
from sync_server.store.villages import list_villages

router = APIRouter()


@router.post("/api/v1/invitations", status_code=201)
def invite_somebody(
    caller: InvitingCaller, database: DatabaseDep, settings: SettingsDep, now: NowDep, asked: InvitationRequest
) -> InvitationReply:
    """Make a code. A lead invites members for the own villages, an official members and leads for any.

    Somebody who is there already (`member`) gets a code for one more phone, whatever their villages are.
    """
    commune = caller.commune.code
    how: dict[str, Any] = {"public_url": settings.public_url, "code_days": settings.code_days}
    with database.write() as session:
        if asked.member:
            person = find_member(session, commune, identity=asked.member)
            check_answers_for(session, caller, person.id, person.role)
            return _reply(invite_again(session, commune, person, now, **how))
        role = Role(asked.role)
        own_team = role is Role.MEMBER and set(asked.villages) <= set(caller.villages)
        if caller.member.role is not Role.OFFICIAL and not own_team:
            raise Problem(NOT_ALLOWED)
        villages = list_villages(session, commune, asked.villages)
        if len(villages) < len(set(asked.villages)):
            raise Problem(VILLAGE_UNKNOWN)
        names = [full_name(one) for one in villages]
        made = invite(session, commune, role, asked.name, names, now, new_person=asked.new_person, **how)
    return _reply(made)


def _reply(made: Invitation) -> InvitationReply:
    return InvitationReply(
        code=made.code,
        link=made.link,
        expires_at=made.expires_at,
        member=made.member,
        is_new_member=made.is_new_member,
        devices=made.devices,
        namesakes=[one.member for one in made.namesakes],
    )
