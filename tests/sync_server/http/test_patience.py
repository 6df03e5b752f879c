"""A connection that does not say what it wants is closed; one that is slow with its body is not."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from sync_server.http import patience

pytestmark = pytest.mark.anyio
SECONDS = 0.2


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse((await request.body()).decode())


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(patience, "HEADERS_SECONDS", SECONDS)
    app = Starlette(routes=[Route("/", _echo, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, http=patience.Patience, log_level="critical", lifespan="off"))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[listening])
    yield listening.getsockname()[1]
    await server.shutdown(sockets=[listening])


async def wait_for_end(reader: asyncio.StreamReader) -> bytes:
    return await asyncio.wait_for(reader.read(), 20)


@pytest.mark.parametrize("begun", [b"", b"GET /office/ HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_half_a_request_is_not_waited_for(port: int, begun: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begun)
    assert await wait_for_end(reader) == b""
    writer.close()


async def test_half_a_request_after_a_whole_one_is_not_waited_for(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi" + b"POST / HT")
    answered = await wait_for_end(reader)
    assert answered.endswith(b"hi")
    assert answered.count(b"HTTP/1.1") == 1
    writer.close()


async def test_a_body_may_take_its_time(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nsl")
    idle, other = await asyncio.open_connection("127.0.0.1", port)
    assert await wait_for_end(idle) == b""  # as long as the other one is quiet
    writer.write(b"ow")
    assert (await wait_for_end(reader)).endswith(b"slow")
    for one in (writer, other):
        one.close()
