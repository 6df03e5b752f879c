"""Limits the size of a request's body and decompresses it, before anything else reads it."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from survey.problems import BODY_NOT_JSON, BODY_TOO_LARGE
from sync_server.http.errors import problem_response
from sync_server.packed import unpack
from sync_server.problems import Problem

_DIGITS = 20  # of Content-Length that are read: enough to exceed any limit, and few enough for int()


class BoundedBody:
    """Middleware: read the whole body, at most `limit` bytes, and decompress gzip to at most `unpacked_limit` bytes.
    `larger` has the paths that take more, uncompressed.

    A body that is too large, or compressed in a way that cannot be read, is answered here with its problem.
    """

    def __init__(self, app: ASGIApp, limit: int, unpacked_limit: int, larger: Mapping[str, int] | None = None) -> None:
        self._app, self._limit, self._unpacked_limit = app, limit, unpacked_limit
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            body = await self._read(headers, receive, max(self._limit, self._larger.get(scope["path"], 0)))
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

    async def _read(self, headers: Headers, receive: Receive, limit: int) -> bytes | None:
        """The whole body, None if the client disconnected. Raises `Problem` body-too-large or body-not-json."""
        said = headers.get("content-length", "")
        if said.isdecimal() and int(said[:_DIGITS]) > limit:
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
            if len(packed) > limit:
                raise Problem(BODY_TOO_LARGE)
            more = message.get("more_body", False)
        return unpack(bytes(packed), self._unpacked_limit) if encoding == "gzip" else bytes(packed)
