"""POST /api/v1/invitations: a one-time code for a person, made by a lead or an official."""

from fastapi import APIRouter

from survey.invitations import InvitationReply, InvitationRequest
from survey.problems import NOT_ALLOWED, VILLAGE_UNKNOWN
from survey.roles import Role
from survey.villages import full_name
from sync_server.commune.setup import invite
from sync_server.http.deps import DatabaseDep, InvitingCaller, NowDep, SettingsDep
from sync_server.problems import Problem
from sync_server.store.villages import list_villages

router = APIRouter()


@router.post("/api/v1/invitations", status_code=201)
def invite_somebody(
    caller: InvitingCaller, database: DatabaseDep, settings: SettingsDep, now: NowDep, asked: InvitationRequest
) -> InvitationReply:
    """Make a code. A lead invites members for the own villages, an official members and leads for any."""
    is_official = caller.member.role is Role.OFFICIAL
    role = Role(asked.role)
    if not is_official and (role is not Role.MEMBER or not set(asked.villages) <= set(caller.villages)):
        raise Problem(NOT_ALLOWED)
    commune = caller.commune.code
    with database.write() as session:
        villages = list_villages(session, commune, asked.villages)
        if len(villages) < len(set(asked.villages)):
            raise Problem(VILLAGE_UNKNOWN)
        made = invite(
            session,
            commune,
            role,
            asked.name,
            [full_name(one) for one in villages],
            now,
            public_url=settings.public_url,
            code_days=settings.code_days,
            identity=asked.member,
            new_person=asked.new_person,
        )
    return InvitationReply(
        code=made.code,
        link=made.link,
        expires_at=made.expires_at,
        member=made.member,
        is_new_member=made.is_new_member,
        devices=made.devices,
        namesakes=[one.member for one in made.namesakes],
    )
