"""The commune's own recording of the consent."""

import pytest

from survey.privacy import CONSENT_WORDING
from survey.problems import COMMUNE_NOT_OPEN, RECORDING_UNUSABLE
from sync_server.commune.recordings import MOST_BYTES, forget_recordings, keep_recording
from sync_server.problems import Problem
from tests.silence import SILENCE
from tests.sync_server.wire_client import Server

COMMUNE = "09052"
ADDRESS = f"/api/v1/recordings/{COMMUNE}/{CONSENT_WORDING}"


def test_it_is_fetched_without_a_token_and_once_only(server: Server) -> None:
    assert server.request("GET", ADDRESS).status_code == 404
    with server.database.write() as session:
        keep_recording(session, COMMUNE, b"ID3 an earlier one")
        keep_recording(session, COMMUNE, SILENCE)
    answer = server.request("GET", ADDRESS)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, SILENCE, "audio/mpeg")
    assert answer.headers["cache-control"] == "no-cache"
    known = {"If-None-Match": answer.headers["etag"]}
    again = server.request("GET", ADDRESS, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert server.request("GET", ADDRESS.replace("09052", "09053")).status_code == 404
    with server.database.write() as session:
        forget_recordings(session, COMMUNE)
    assert server.request("GET", ADDRESS, headers=known).status_code == 404


@pytest.mark.parametrize("content", [b"", b"RIFF\x00\x00\x00\x00WAVE", b"\xff\xd8\xff\xe0 a picture", bytes(8)])
def test_what_phones_cannot_play_is_refused(server: Server, content: bytes) -> None:
    with pytest.raises(Problem) as refused, server.database.write() as session:
        keep_recording(session, COMMUNE, content)
    assert refused.value.kind is RECORDING_UNUSABLE


def test_what_is_too_large_and_a_commune_that_is_not_open_are_refused(server: Server) -> None:
    with server.database.write() as session:
        assert keep_recording(session, COMMUNE, b"\x00\x00\x00 ftypM4A ").media_type == "audio/mp4"
        for commune, content, kind in (
            (COMMUNE, SILENCE.ljust(MOST_BYTES + 1), RECORDING_UNUSABLE),
            ("00001", SILENCE, COMMUNE_NOT_OPEN),
        ):
            with pytest.raises(Problem) as refused:
                keep_recording(session, commune, content)
            assert refused.value.kind is kind
