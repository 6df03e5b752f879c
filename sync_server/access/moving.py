"""Moving a sign-in to another place on the same person's account: the home screen, another browser, a new phone.

The old place asks for a code and shows it; the new place uses it like an invitation. Both work until the new one has
synced for the first time: then the old one is revoked, so it hands in what it may still hold and wipes itself.
"""

from datetime import datetime, timedelta
from secrets import choice

from survey.card_code import grouped
from survey.devices import DeviceState
from survey.transfer_code import make_transfer_code
from survey.wire import TransferReply, TransferState
from sync_server.access.caller import Caller, secret_hash
from sync_server.store.database import Session
from sync_server.store.device_lines import mark_state
from sync_server.store.devices import add_code, delete_transfer_codes, find_moved_to

GOOD_FOR = timedelta(minutes=10)


def open_transfer(session: Session, caller: Caller, now: datetime) -> TransferReply:
    """A new code that moves the calling device's sign-in. An earlier one that nobody used is dead from now on."""
    commune, until = caller.commune.code, now + GOOD_FOR
    delete_transfer_codes(session, commune, caller.device)
    code = make_transfer_code(choice)
    add_code(session, commune, caller.member.id, secret_hash(code), now, until, moves=caller.device)
    return TransferReply(code=grouped(code), expires_at=until)


def find_transfer(session: Session, caller: Caller) -> TransferState:
    """Where the calling device's sign-in was moved to, if anywhere."""
    return TransferState(used_by=find_moved_to(session, caller.commune.code, caller.device))


def take_over(session: Session, caller: Caller, now: datetime) -> None:
    """End the place from which this sign-in was moved: the caller is syncing, so the new place works."""
    if caller.takes_over is None or caller.state is not DeviceState.ACTIVE or caller.seen is not None:
        return
    mark_state(session, caller.commune.code, caller.takes_over, DeviceState.REVOKED, caller.member.name, now)
