"""The sync status that the screens show: a closed list of phases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """`RESTING` after a success, `WORKING` during a round trip; the others name the last failure."""

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
