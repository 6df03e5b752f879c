"""Inviting a person as the wire has it: by a lead for the own villages, by an official for any."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from survey.ids import Id
from survey.records import Name, Record, TeamMember

MOST_MEMBER_CARDS = 50
"""People who are invited at once."""


class InvitationRequest(Record):
    """Whom to invite, as what and for which villages. `member` is somebody who is there already and gets a further
    device: the rest is theirs, whatever is sent. `new_person` says that it is another one of the same name."""

    name: Name
    role: Literal["member", "lead"] = "member"
    villages: Annotated[list[Id], Field(min_length=1, max_length=100)]
    member: Id | None = None
    new_person: bool = False


class MemberCardOrder(Record):
    """Whom to invite as members of a village, each with a sign-in card to print."""

    names: Annotated[list[Name], Field(min_length=1, max_length=MOST_MEMBER_CARDS)]


class InvitationReply(Record):
    """A one-time code, the link that carries it, and whom it is for. `devices` are the phones that they have already;
    `namesakes` are others whom a new person may be mistaken for."""

    code: str
    link: str
    expires_at: AwareDatetime
    member: TeamMember
    is_new_member: bool
    devices: int
    namesakes: list[TeamMember]
