"""Enrolment: a one-time code becomes this device's credential."""

from datetime import datetime
from secrets import token_urlsafe

from app.store.database import Database
from app.store.responses import BegunForm, list_drafts, move_drafts
from app.store.sync_state import find_device_key, find_sign_in, save_device_key, save_sign_in
from app.sync.client import Refused, ServerClient
from survey.problem_shapes import describe
from survey.problems import CODE_UNKNOWN
from survey.transfer_code import read_sign_in_code
from survey.wire import EnrollmentReply


class FormsBegun(Exception):
    """Forms on this device are not finished; the code was not used. `forms` must be finished or dropped first."""

    def __init__(self, forms: list[BegunForm]) -> None:
        super().__init__(f"{len(forms)} forms")
        self.forms = forms


def device_key(database: Database) -> str:
    """The key for the next sign-in, made if there is none. Make it durable before `enroll`: if the answer is lost, or
    the app is killed before it comes, the same code and key get the same credential again."""
    with database.write() as session:
        key = find_device_key(session)
        if key is None:
            key = token_urlsafe(32)
            save_device_key(session, key)
    return key


async def enroll(
    database: Database,
    client: ServerClient,
    code: str,
    device_name: str,
    now: datetime,
    *,
    same_person: bool = False,
) -> EnrollmentReply:
    """Redeem the code and keep the credential. A mistyped code is refused without asking the server.

    `same_person` means that the person holding the phone says the code is theirs too, so they keep the unfinished
    forms. If the server knows them by another id, the forms move to that id and their consent is asked again.
    Raises `FormsBegun`, `Refused`, `Unreachable` or `NotUnderstood`; nothing on the device has changed then.
    """
    with database.read() as session:
        begun = list_drafts(session)
    if begun and not same_person:
        raise FormsBegun(begun)
    plain = read_sign_in_code(code)
    if plain is None:
        raise Refused(describe(CODE_UNKNOWN))
    reply = await client.enroll(plain, device_name, device_key(database))
    with database.write() as session:
        before = find_sign_in(session)
        save_sign_in(session, reply, now)
        if before and before.member_id != reply.member.id:  # a restored server may not know them by their former id
            move_drafts(session, before.member_id, reply.member.id, reply.member.name)
    return reply
