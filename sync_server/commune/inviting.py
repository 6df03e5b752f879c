"""Inviting somebody into a team, for a lead or an official: what each may, and for whom.

Everything runs in the caller's transaction. A `Problem` is raised before anything is written.
"""

from datetime import datetime

from survey.acts import Act
from survey.invitations import InvitationRequest
from survey.problems import NOT_ALLOWED, VILLAGE_UNKNOWN
from survey.roles import Role
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.commune.members import check_answers_for, find_member
from sync_server.commune.setup import Invitation, invite, invite_again
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.database import Session
from sync_server.store.villages import list_villages


def invite_for(
    session: Session,
    caller: Caller,
    asked: InvitationRequest,
    settings: ServerSettings,
    now: datetime,
    new_identity: str | None = None,
) -> Invitation:
    """Make the code that the caller asks for, with its line in the audit log. A lead invites members for the own
    villages, an official members and leads for any. `new_identity` is the id that a new person gets: who asks twice
    with it invites one person.

    Somebody who is there already (`member`) gets a code for one more phone, whatever their villages are.
    Raises `Problem` as `invite`, and not-allowed.
    """
    commune = caller.commune.code
    if asked.member:
        return invite_one_more(session, caller, asked.member, settings, now)
    role = Role(asked.role)
    own_team = role is Role.MEMBER and set(asked.villages) <= set(caller.villages)
    if caller.member.role is not Role.OFFICIAL and not own_team:
        raise Problem(NOT_ALLOWED)
    villages = list_villages(session, commune, asked.villages)
    if len(villages) < len(set(asked.villages)):
        raise Problem(VILLAGE_UNKNOWN)
    names = [full_name(one) for one in villages]
    made = invite(
        session,
        commune,
        role,
        asked.name,
        names,
        now,
        public_url=settings.public_url,
        code_days=settings.code_days,
        new_person=asked.new_person,
        new_identity=new_identity,
    )
    note(session, caller, now, Act.INVITED, subject_kind="member", subject=made.member.id)
    return made


def invite_one_more(
    session: Session, caller: Caller, member: str, settings: ServerSettings, now: datetime
) -> Invitation:
    """A code for one more device of this person, with its line in the audit log.

    Raises `Problem` member-unknown or not-allowed."""
    person = find_member(session, caller.commune.code, identity=member)
    check_answers_for(session, caller, person.id, person.role)
    code_days = settings.code_days
    url, commune = settings.public_url, caller.commune.code
    made = invite_again(session, commune, person, now, public_url=url, code_days=code_days)
    note(session, caller, now, Act.INVITED, subject_kind="member", subject=person.id)
    return made
