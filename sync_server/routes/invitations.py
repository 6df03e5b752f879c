"""POST /api/v1/invitations: a one-time code for a person, made by a lead or an official."""

from fastapi import APIRouter

from survey.invitations import InvitationReply, InvitationRequest
from sync_server.commune.inviting import invite_for
from sync_server.http.deps import DatabaseDep, InvitingCaller, NowDep, SettingsDep

router = APIRouter()


@router.post("/api/v1/invitations", status_code=201)
def invite_somebody(
    caller: InvitingCaller, database: DatabaseDep, settings: SettingsDep, now: NowDep, asked: InvitationRequest
) -> InvitationReply:
    """Make a code. A lead invites members for the own villages, an official members and leads for any.

    Somebody who is there already (`member`) gets a code for one more phone, whatever their villages are.
    """
    with database.write() as session:
        made = invite_for(session, caller, asked, settings, now)
    return InvitationReply(
        code=made.code,
        link=made.link,
        expires_at=made.expires_at,
        member=made.member,
        is_new_member=made.is_new_member,
        devices=made.devices,
        namesakes=[one.member for one in made.namesakes],
    )
