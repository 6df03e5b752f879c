"""Enrolment: a one-time code becomes this device's credential."""

from app.store.database import Database
from app.store.sync_state import save_sign_in
from app.sync.client import Refused, ServerClient
from survey.card_code import read_code
from survey.problems import CODE_UNKNOWN, describe
from survey.wire import EnrollmentReply


async def enroll(database: Database, client: ServerClient, code: str, device_name: str) -> EnrollmentReply:
    """Redeem the code and keep the credential. A mistyped code is refused without asking the server.

    Raises `Refused`, `Unreachable` or `NotUnderstood`; what is on the device stays as it was.
    """
    plain = read_code(code)
    if plain is None:
        raise Refused(describe(CODE_UNKNOWN))
    reply = await client.enroll(plain, device_name)
    with database.write() as session:
        save_sign_in(session, reply)
    return reply
