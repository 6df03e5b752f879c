"""Takes a held change over after all, because an official says so."""

from datetime import datetime

from survey.problem_shapes import ProblemDetails
from survey.problems import CHANGE_UNKNOWN
from survey.wire import VerdictReply
from sync_server.access.caller import recognise_device
from sync_server.problems import Problem
from sync_server.store.changes import Arrival, find_sent
from sync_server.store.database import Database
from sync_server.sync.apply import HandIn
from sync_server.sync.writers import Writers


def release(database: Database, writers: Writers, commune: str, change: str, now: datetime) -> VerdictReply:
    """Judge the held change again, without asking whether its sender may. One that is not held any more keeps its
    verdict. Raises `Problem` change-unknown."""
    with database.read() as session:
        sent = find_sent(session, commune, change)
        sender = recognise_device(session, commune, sent.device) if sent else None
    if sent is None or sender is None:
        raise Problem(CHANGE_UNKNOWN)
    arrival = Arrival(commune, sent.device, now, sent.clock_skew)
    return writers.hand_in(HandIn(sender, arrival, [sent.change], is_released=True))[0]


def why_not(verdict: VerdictReply) -> ProblemDetails | None:
    """Why the change could not be taken over, None if it was."""
    return verdict.problem if verdict.verdict in {"held", "invalid"} or verdict.first == "held" else None
