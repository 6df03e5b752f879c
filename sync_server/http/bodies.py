"""What surrounds every request: a bounded body, unpacked where it came compressed, and an answer whatever happens.

Logs say which request failed and where in the program, never what was in it: no values, no error texts.
"""

import logging
import zlib
from secrets import token_hex
from traceback import extract_tb
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from survey.problems import BODY_NOT_JSON, BODY_TOO_LARGE, SERVER_BUSY, UNEXPECTED, describe
from sync_server.problems import Problem, problem_response
from sync_server.store.database import DatabaseBusy

log = logging.getLogger("tungnha.server")
_GZIP = 16 + zlib.MAX_WBITS
NOT_MODIFIED = 304
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
_DIGITS = 20  # of a length that are read: enough to be too large, and never too many to be a number


class UnexpectedErrors:
    """Answers 500 with a request id for any error that nothing else answered, and logs where it arose."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            request_id = token_hex(8)
            log.error("request %s: %s", request_id, where_it_failed(error))
            if started:  # too late for another answer: break off, so that nobody takes half of one for a whole
                raise ConnectionAbortedError(f"request {request_id} failed while it was being answered") from None
            kind = SERVER_BUSY if isinstance(error, DatabaseBusy) else UNEXPECTED
            headers = {"X-Request-ID": request_id} | ({"Retry-After": "30"} if kind is SERVER_BUSY else {})
            answer = problem_response(describe(kind, request_id=request_id), headers)
            await answer(scope, receive, send)


def where_it_failed(error: BaseException) -> str:
    """The kinds of an error and its causes, and the innermost lines of ours; never the texts, which may hold names."""
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None and len(parts) < 4:
        frames = [frame for frame in extract_tb(link.__traceback__) if "site-packages" not in frame.filename]
        places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
        parts.append(f"{type(link).__name__} at {places}")
        link = link.__cause__
    return "; ".join(parts)


class NeverKept:
    """Tells browsers and proxies to keep no answer of the API: it may hold names, answers or a credential."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        is_api = scope["type"] == "http" and scope["path"].startswith("/api/v1/")
        await self._app(scope, receive, mark if is_api else send)


class SafeHeaders:
    """What a browser may do with an answer, on every one of them: nothing, unless a page has a policy of its own.

    "Not modified" stands for the page that the browser keeps and replaces its headers: such an answer stays as it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != NOT_MODIFIED:
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, mark)


class BoundedBody:
    """Reads the request's body before anything else does: no more than the limits, decompressed where it is gzip."""

    def __init__(self, app: ASGIApp, limit: int, unpacked_limit: int) -> None:
        self._app, self._limit, self._unpacked_limit = app, limit, unpacked_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            body = await self._read(headers, receive)
        except Problem as problem:
            # The rest of the body is not read: the connection ends with this answer.
            answer = problem_response(problem.details, {"Connection": "close"})
            await answer(scope, receive, send)
            return
        if body is None:
            return
        kept = [
            (name, value) for name, value in scope["headers"] if name not in {b"content-encoding", b"content-length"}
        ]
        scope = {**scope, "headers": [*kept, (b"content-length", str(len(body)).encode())]}
        waiting = [body]

        async def give() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(), "more_body": False}
            return await receive()

        await self._app(scope, give, send)

    async def _read(self, headers: Headers, receive: Receive) -> bytes | None:
        """The whole body, None where the client went away. Raises `Problem`."""
        said = headers.get("content-length", "")
        if said.isdecimal() and int(said[:_DIGITS]) > self._limit:
            raise Problem(BODY_TOO_LARGE)
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"identity", "gzip"}:
            detail = f"Máy chủ không đọc được kiểu nén “{encoding[:20]}”; chỉ nhận gzip hoặc không nén."
            raise Problem(BODY_NOT_JSON, detail=detail)
        packed = bytearray()
        more = True
        while more:
            message: dict[str, Any] = dict(await receive())
            if message["type"] == "http.disconnect":
                return None
            packed += message.get("body", b"")
            if len(packed) > self._limit:
                raise Problem(BODY_TOO_LARGE)
            more = message.get("more_body", False)
        return unpack(bytes(packed), self._unpacked_limit) if encoding == "gzip" else bytes(packed)


def unpack(packed: bytes, limit: int) -> bytes:
    """Decompress gzip, never making more than `limit` bytes. Raises `Problem`."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise Problem(BODY_NOT_JSON) from error
    if len(body) > limit:
        raise Problem(BODY_TOO_LARGE)
    if not unpacker.eof or unpacker.unused_data:  # cut off on the way, or followed by something else
        raise Problem(BODY_NOT_JSON)
    return body
