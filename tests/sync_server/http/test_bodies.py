"""Bodies: compressed, too large, cut off; and compressed answers."""

import gzip
import json
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256

import httpx
import pytest

from sync_server.packed import unpack
from sync_server.problems import Problem
from tests.sync_server.wire_client import Device, Server

MEGABYTE = 1024**2


def send(server: Server, device: Device, content: bytes, encoding: str | None = "gzip") -> httpx.Response:
    headers = {**device.headers, "Content-Type": "application/json"}
    headers |= {"Content-Encoding": encoding} if encoding else {}
    return server.request("POST", "/api/v1/sync", content=content, headers=headers)


def a_body(device: Device, **more: object) -> bytes:
    return json.dumps({"device_time": "2026-11-22T03:00:00Z", "changes": [], **more}).encode()


def test_a_compressed_request_is_read(server: Server, lan_member: Device) -> None:
    assert send(server, lan_member, gzip.compress(a_body(lan_member))).status_code == 200


@pytest.mark.slow
def test_a_bomb_is_refused_without_being_unpacked(server: Server, lan_member: Device) -> None:
    bomb = gzip.compress(b"0" * (200 * MEGABYTE), 9)
    assert len(bomb) < MEGABYTE
    answer = send(server, lan_member, bomb)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


@pytest.mark.parametrize("name", ["announced", "streamed"])
def test_a_plain_body_over_the_limit_is_refused(server: Server, lan_member: Device, name: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * MEGABYTE

    content = b" " * (3 * MEGABYTE) if name == "announced" else parts()
    answer = server.request("POST", "/api/v1/sync", content=content, headers=lan_member.headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


def test_what_is_cut_off_or_not_gzip_is_refused_as_unreadable(server: Server, lan_member: Device) -> None:
    packed = gzip.compress(a_body(lan_member))
    for broken in (packed[:-4], packed[:10], packed + b"more", zlib.compress(b"{}"), b"{}", b""):
        answer = send(server, lan_member, broken)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/body-not-json")


def test_an_encoding_that_is_not_spoken_is_named(server: Server, lan_member: Device) -> None:
    answer = send(server, lan_member, a_body(lan_member), encoding="zstd")
    assert answer.status_code == 400
    assert "zstd" in answer.json()["detail"]


def test_answers_are_compressed_for_who_accepts_it(server: Server, lan_member: Device) -> None:
    for accepted, encoding in (
        ("gzip", "gzip"),
        ("identity", None),
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip, br;q=0", "gzip"),
    ):
        headers = {**lan_member.headers, "Accept-Encoding": accepted}
        answer = server.request("POST", "/api/v1/sync", json=json.loads(a_body(lan_member)), headers=headers)
        assert answer.headers.get("content-encoding") == encoding
        assert answer.json()["streams"]


def test_unpacking_stops_at_the_limit() -> None:
    assert unpack(gzip.compress(b"a" * 100), 100) == b"a" * 100
    with pytest.raises(Problem, match="body-too-large"):
        unpack(gzip.compress(b"a" * 101), 100)


def test_no_answer_of_the_api_may_be_kept(server: Server, lan_member: Device) -> None:
    for path, headers in (("/api/v1/coverage", lan_member.headers), ("/api/v1/coverage", {}), ("/api/v1/nothing", {})):
        assert server.request("GET", path, headers=headers).headers["cache-control"] == "no-store"
    assert "cache-control" not in server.request("GET", "/healthz").headers


def test_every_answer_tells_the_browser_to_do_nothing_with_it(server: Server, lan_member: Device) -> None:
    asked = [
        ("GET", "/healthz"), ("GET", "/nothing"), ("GET", "/problems/not-found"), ("GET", "/problems/nothing"),
        ("GET", "/api/v1/coverage"), ("GET", "/api/openapi.json"), ("PUT", "/healthz"), ("POST", "/api/v1/enrollments"),
    ]  # fmt: skip
    answers = [server.request(method, path) for method, path in asked]
    answers.append(send(server, lan_member, gzip.compress(b"0" * (9 * MEGABYTE))))
    answers.append(lan_member.post())
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff", answer.url
        assert answer.headers["referrer-policy"] == "no-referrer", answer.url
        assert "default-src 'none'" in answer.headers["content-security-policy"], answer.url
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], answer.url
    assert {answer.status_code for answer in answers} >= {200, 400, 401, 404, 405, 413}


def test_an_unexpected_error_is_answered_with_the_same_headers(
    server: Server, lan_member: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Nguyễn Văn Đức")

    monkeypatch.setattr("sync_server.sync.asks.write_replies", fail)
    answer = lan_member.post()
    assert (answer.status_code, answer.headers["x-content-type-options"]) == (500, "nosniff")


def test_the_style_of_a_problems_page_is_the_one_that_its_policy_names(server: Server) -> None:
    answer = server.request("GET", "/problems/code-used")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
