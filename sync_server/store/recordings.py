"""Recordings of the words that are read to families, one for each wording."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from sync_server.store.bulk import save_rows
from sync_server.store.people_rows import RecordingRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session

_RECORDING = table_of(RecordingRow)


@dataclass(frozen=True)
class Recording:
    """A sound file, and what kind of one: "audio/mpeg" or "audio/mp4"."""

    media_type: str
    content: bytes


def save_recording(session: Session, commune: str, wording: str, recording: Recording) -> None:
    """Keep it in place of an earlier one of the same wording."""
    row = {"commune": commune, "wording": wording}
    save_rows(session, _RECORDING, [row | {"media_type": recording.media_type, "content": recording.content}])


def find_recording(session: Session, commune: str, wording: str) -> Recording | None:
    query = select(_RECORDING.c.media_type, _RECORDING.c.content)
    row = session.execute(query.where(_RECORDING.c.commune == commune, _RECORDING.c.wording == wording)).first()
    return Recording(row.media_type, row.content) if row else None


def delete_recordings(session: Session, commune: str) -> None:
    """Forget all recordings of the commune."""
    session.execute(delete(_RECORDING).where(_RECORDING.c.commune == commune))
