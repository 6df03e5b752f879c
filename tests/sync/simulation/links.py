"""The way from a phone to the server, and what may happen on it."""

import gzip
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI

from app.sync.client import ServerClient

Send = Callable[[httpx.Request], Awaitable[httpx.Response]]
Way = Callable[[httpx.Request, Send], Awaitable[httpx.Response]]
Saw = Callable[[httpx.Response], None]


class Link(httpx.AsyncBaseTransport):
    """`way` may lose, cut or repeat what passes; `saw` is told of every answer that the server gave, also lost ones."""

    def __init__(self, server: FastAPI) -> None:
        self._server = httpx.ASGITransport(server, raise_app_exceptions=True)
        self.way: Way | None = None
        self.saw: Saw | None = None
        self.dialect = "present"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_sync = request.url.path.endswith("/sync")
        said = asked(request) if is_sync else {}
        if is_sync and self.dialect in _SPEAK:
            request = again(request, json.dumps(_SPEAK[self.dialect](said)).encode(), plain=True)
        answer = await self._pass(request)
        if is_sync and self.dialect == "older" and _epoch(answer) not in {None, "", said["server_epoch"]}:
            # It did not say its epoch, so the answer is to cursors of the former one.
            answer = await self._pass(again(request, json.dumps(asked(request) | {"cursors": {}}).encode(), plain=True))
        if is_sync and self.dialect == "newer server" and answer.status_code == 200:
            told = _with_more(answer)
            return httpx.Response(200, headers=answer.headers, content=told)
        return answer

    async def _pass(self, request: httpx.Request) -> httpx.Response:
        return await (self.way(request, self.deliver) if self.way else self.deliver(request))

    async def deliver(self, request: httpx.Request) -> httpx.Response:
        """The request reaches the server; its whole answer is read before anything may happen to it."""
        answer = await self._server.handle_async_request(request)
        await answer.aread()
        answer = httpx.Response(answer.status_code, headers=_plain(answer.headers), content=answer.content)
        if self.saw and request.url.path.endswith("/sync"):
            self.saw(answer)
        return answer


def client_over(link: Link) -> ServerClient:
    return ServerClient(httpx.AsyncClient(transport=link, base_url="http://server"))


def _plain(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in {"content-length", "content-encoding"}}


def asked(request: httpx.Request) -> dict[str, Any]:
    """The request's body as JSON."""
    body = request.content
    if request.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    found: dict[str, Any] = json.loads(body)
    return found


def again(request: httpx.Request, body: bytes | None = None, *, plain: bool = False) -> httpx.Request:
    """The same request once more, or with another body."""
    left_out = {"content-length"} | ({"content-encoding"} if plain else set())
    headers = {name: value for name, value in request.headers.items() if name not in left_out}
    return httpx.Request("POST", request.url, headers=headers, content=request.content if body is None else body)


def _as_older(request: dict[str, Any]) -> dict[str, Any]:
    """As an app wrote it that did not know these fields yet."""
    left_out = {"buckets", "unsent", "app_version", "server_epoch", "scope_version"}
    changes = [
        {key: value for key, value in one.items() if key not in {"seen", "schema"}} for one in request["changes"]
    ]
    return {key: value for key, value in request.items() if key not in left_out} | {"changes": changes}


def _as_newer(request: dict[str, Any]) -> dict[str, Any]:
    """As an app will write it that knows more."""
    changes = [one | {"mood": {"good": True}, "schema": 2} for one in request["changes"]]
    return request | {"changes": changes, "battery": 17, "hints": [1, None]}


_SPEAK = {"older": _as_older, "newer": _as_newer}


def _epoch(answer: httpx.Response) -> Any:
    """The epoch that an answer tells; None where it tells none."""
    try:
        return answer.json().get("server_epoch")
    except (ValueError, AttributeError):
        return None


def _with_more(answer: httpx.Response) -> bytes:
    """The answer as a newer server would give it: fields everywhere that this app does not know."""
    try:
        reply = json.loads(answer.content)
    except ValueError:
        return answer.content
    if "streams" not in reply:
        return answer.content
    for verdict in reply["verdicts"]:
        verdict["why"] = {"deep": [1]}
    for page in reply["streams"].values():
        page["hint"] = 1
        for row in page["rows"]:
            row["weight"] = 2
    return json.dumps(reply | {"news": ["x"]}).encode()
