"""What the sync line on the screen says: closed phases, never a spinner without an end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """`RESTING` after a success, `WORKING` during a round trip, then what went wrong last."""

    RESTING = "resting"
    WORKING = "working"
    OFFLINE = "offline"
    REFUSED = "refused"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True)
class SyncStatus:
    """`problem` is the slug of the server's refusal; `received` counts rows of the load under way."""

    phase: Phase = Phase.RESTING
    last_success: datetime | None = None
    problem: str | None = None
    received: int = 0
