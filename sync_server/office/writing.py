"""What a person does on a page is a change, judged by the same code as a phone's."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any

from survey.ids import RANDOM_BYTES, is_id, uuid7
from survey.problem_shapes import FieldProblem
from survey.problems import FIELDS_INVALID
from survey.times import wire_time
from survey.wire import VerdictReply
from sync_server.access.caller import Caller
from sync_server.problems import Problem
from sync_server.store.changes import Arrival
from sync_server.sync.apply import HandIn
from sync_server.sync.writers import Writers


@dataclass(frozen=True)
class Draft:
    """What a form carries unseen: the id of the change that it will be and the sequence that its page showed. A double
    click, a reload or Back then sends the same change, which is recorded once."""

    change: str
    seen: int

    @staticmethod
    def new(now: datetime, seen: int) -> "Draft":
        return Draft(uuid7(now, token_bytes(RANDOM_BYTES)), seen)

    @staticmethod
    def of(form: dict[str, str]) -> "Draft":
        """The draft that a form brought back. Raises `Problem` fields-invalid where somebody has changed it."""
        change, seen = form.get("change", ""), form.get("seen", "")
        if not is_id(change) or not (seen.isascii() and seen.isdigit() and len(seen) < 16):
            detail = "Trang này không đầy đủ. Anh/chị mở lại trang rồi làm lại."
            raise Problem(FIELDS_INVALID, errors=[FieldProblem(pointer="/change", detail=detail)])
        return Draft(change.lower(), int(seen))


def record(
    writers: Writers,
    caller: Caller,
    now: datetime,
    draft: Draft,
    *,
    kind: str,
    subject: str,
    village: str,
    body: dict[str, Any],
) -> VerdictReply:
    """Send one change and return its verdict, once it is on the disk."""
    change = {
        "id": draft.change,
        "device_seq": max(1, int(now.timestamp() * 1000)),
        "kind": kind,
        "subject": subject,
        "village": village,
        "captured_at": wire_time(now),
        "seen": draft.seen,
        "schema": 1,
        "body": body,
    }
    arrival = Arrival(caller.commune.code, caller.device, now, 0)
    return writers.hand_in(HandIn(caller, arrival, [change]))[0]
