"""Signing a browser in to the office pages: office computers are shared, so it ends by itself."""

from datetime import datetime, timedelta

from survey.devices import DeviceState
from survey.problems import NOT_SIGNED_IN
from sync_server.access.caller import Caller, commune_of_token, known_caller, secret_hash
from sync_server.problems import Problem
from sync_server.store.database import Database
from sync_server.store.device_lines import mark_state
from sync_server.store.devices import find_signed_in, mark_token_alive

IDLE = timedelta(hours=12)
MARK_EVERY = timedelta(minutes=10)


def sign_in_browser(database: Database, token: str, now: datetime) -> Caller:
    """The caller whose browser holds this credential; it goes on for 12 hours from now.

    Raises `Problem` not-signed-in, also for a browser that was idle for longer: its device is then revoked.
    """
    hashed = secret_hash(token)
    with database.read() as session:
        signed_in = find_signed_in(session, hashed, commune_of_token(token))
        if signed_in is None or signed_in.idle_until is None or signed_in.state is not DeviceState.ACTIVE:
            raise Problem(NOT_SIGNED_IN)
        caller = known_caller(session, signed_in)
    if now >= signed_in.idle_until:
        sign_out_browser(database, caller, signed_in.idle_until)
        raise Problem(NOT_SIGNED_IN)
    # Whoever came while the clock was ahead must not stay signed in until that time comes.
    if not IDLE - MARK_EVERY <= signed_in.idle_until - now <= IDLE + MARK_EVERY:
        with database.write() as session:
            mark_token_alive(session, caller.commune.code, hashed, now + IDLE)
    return caller


def sign_out_browser(database: Database, caller: Caller, now: datetime) -> None:
    """End the browser's device, as its person."""
    with database.write() as session:
        mark_state(session, caller.commune.code, caller.device, DeviceState.REVOKED, caller.member.name, now)
