"""Writing a rescue file: the changes that wait here, encrypted so that only the server can open them."""

import gzip
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from app.store.database import Database
from app.store.outbox import list_waiting
from app.store.sync_state import find_rescue_key, find_sign_in
from survey.rescue import MOST_IN_A_FILE, RescueContent

FILE_EXTENSION = "tungnha"
Seal = Callable[[dict[str, Any], bytes], Awaitable[bytes]]


class CannotRescue(Exception):
    """The server never sent this device its key, or nobody is signed in."""


async def write_rescue_file(database: Database, seal: Seal, now: datetime) -> bytes:
    """Encrypt the oldest `MOST_IN_A_FILE` changes without a verdict into a rescue file. They also stay in the outbox.

    Raises `CannotRescue`, and what `seal` raises.
    """
    with database.read() as session:
        signed_in, key = find_sign_in(session), find_rescue_key(session)
        changes = list_waiting(session, MOST_IN_A_FILE)
    if signed_in is None or key is None:
        raise CannotRescue
    content = RescueContent(device_id=signed_in.device_id, token=signed_in.token, made_at=now, changes=changes)
    return await seal(key, gzip.compress(content.model_dump_json().encode(), 9))
