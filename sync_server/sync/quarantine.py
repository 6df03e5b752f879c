"""Quarantine, for the command line: take a row off a village's stream, and put it back.

For a row that was sent out although some phones cannot read it. Its content is set aside, not deleted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.problem_shapes import describe
from survey.problems import CHANGE_UNKNOWN, NOT_QUARANTINED, QUARANTINED, ROW_NEEDED
from sync_server.coverage import refresh_coverage
from sync_server.logs import log
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.aside import delete_aside, find_set_aside, list_on_streams
from sync_server.store.bulk import as_body
from sync_server.store.changes import Arrival, save_aside
from sync_server.store.database import Session
from sync_server.store.households import KeptHousehold, mark_quarantined, save_households
from sync_server.store.villages import list_successors
from sync_server.sync.apply import digest_of

MAY_GO = frozenset({"card", "household", "attestation", "difference", "doubt"})
"""Kinds whose rows may be taken off. Every phone needs the others: the village, its rounds, criteria and reports."""
_BY_COMMAND = "command-line"


@dataclass(frozen=True)
class OffTheStream:
    """A row that was taken off the stream of a village, or put back onto it."""

    village: str
    kind: str
    subject: str


def quarantine(session: Session, commune: str, subject: str, by: str, why: str, now: datetime) -> list[OffTheStream]:
    """Take the subject off all streams it is on, in the caller's transaction. A household is no longer counted.

    Raises `Problem` change-unknown where nothing of that id is on a stream, row-needed where phones need it.
    """
    rows = list_on_streams(session, commune, subject)
    if not rows:
        raise Problem(CHANGE_UNKNOWN)
    done = []
    for village, kind, _seq, body in rows:
        if kind not in MAY_GO:
            raise Problem(ROW_NEEDED)
        content = {"village": village, "kind": kind, "subject": subject, "body": as_body(body), "by": by, "why": why}
        save_aside(session, Arrival(commune, _BY_COMMAND, now, 0), _name_of(subject), content, describe(QUARANTINED))
        publish(session, commune, {village: [Subject(kind, subject, None)]})
        if kind == "household":
            mark_quarantined(session, commune, subject, now)
        refresh_coverage(session, commune, [village], now)
        log.warning("%s %s was taken off the stream of village %s by %s: %s", kind, subject, village, by, why)
        done.append(OffTheStream(village, kind, subject))
    return done


def put_back(session: Session, commune: str, subject: str, by: str, now: datetime) -> OffTheStream:
    """Put a quarantined subject back onto its village's stream as it was. Raises `Problem` not-quarantined."""
    found = find_set_aside(session, commune, _name_of(subject))
    if found is None:
        raise Problem(NOT_QUARANTINED)
    content: dict[str, Any] = found[1]
    kind, body = content["kind"], content["body"]
    village = list_successors(session, commune).get(content["village"], content["village"])
    publish(session, commune, {village: [Subject(kind, subject, body)]})
    if kind == "household":
        kept = KeptHousehold(subject, village, body)
        mark_quarantined(session, commune, subject, None)
        save_households(session, commune, [kept])
    delete_aside(session, commune, _name_of(subject))
    refresh_coverage(session, commune, [village], now)
    log.warning("%s %s was put back onto the stream of village %s by %s", kind, subject, village, by)
    return OffTheStream(village, kind, subject)


def _name_of(subject: str) -> str:
    return digest_of(["quarantine", subject])
