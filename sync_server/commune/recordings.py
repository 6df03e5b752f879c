"""The recording of the consent: somebody of the commune reads it, for phones that have no voice of their own.

What is read is the same for everybody and says nothing about anybody, so anyone may fetch it.
"""

from survey.privacy import CONSENT_WORDING
from survey.problems import RECORDING_UNUSABLE
from sync_server.commune.setup import the_commune
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.recordings import Recording, delete_recordings, save_recording

MOST_BYTES = 2_000_000
"""Two minutes at 128 kbit/s. Every phone downloads it once."""


def keep_recording(session: Session, commune: str, content: bytes) -> Recording:
    """Keep the sound file for the present wording, in place of an earlier one. MP3 and M4A play in every browser that
    the app runs in. Raises `Problem` commune-not-open or recording-unusable."""
    the_commune(session, commune)
    media_type = _kind_of(content)
    if media_type is None or len(content) > MOST_BYTES:
        raise Problem(RECORDING_UNUSABLE)
    recording = Recording(media_type, content)
    save_recording(session, commune, CONSENT_WORDING, recording)
    return recording


def forget_recordings(session: Session, commune: str) -> None:
    """Take back every recording of the commune. Raises `Problem` commune-not-open."""
    the_commune(session, commune)
    delete_recordings(session, commune)


def _kind_of(content: bytes) -> str | None:
    """By its first bytes: a tag or the first frame of an MP3, or the brand of an M4A; None for anything else."""
    if content[:3] == b"ID3" or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    return "audio/mp4" if content[4:8] == b"ftyp" else None
