"""New ids of a device."""

from datetime import datetime
from secrets import token_bytes

from survey.ids import RANDOM_BYTES, uuid7


def new_id(now: datetime) -> str:
    """A new UUIDv7 that begins with this instant."""
    return uuid7(now, token_bytes(RANDOM_BYTES))
