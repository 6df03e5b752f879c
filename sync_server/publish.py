"""Puts subjects on a village's stream. Each gets the village's next sequence, in the caller's transaction."""

from typing import Any, NamedTuple

from sync_server.store.bulk import as_text
from sync_server.store.database import Session
from sync_server.store.stream import StreamState, save_states
from sync_server.store.villages import list_villages_to_write


class Subject(NamedTuple):
    """A subject of a stream in its new state; a body of None removes it."""

    kind: str
    subject: str
    body: dict[str, Any] | None


def publish(session: Session, commune: str, subjects: dict[str, list[Subject]]) -> None:
    """Put subjects on the villages' streams. `subjects` is keyed by village."""
    villages = list_villages_to_write(session, commune, subjects)
    states = []
    for village, some in subjects.items():
        for place, (kind, subject, body) in enumerate(some, villages[village].seq + 1):
            states.append(StreamState(village, kind, subject, place, None if body is None else as_text(body)))
        villages[village].seq += len(some)
    save_states(session, commune, villages, states)
