"""Requests of the offline web app: there are no sockets in a browser, so httpx goes through the browser's own fetch."""

import asyncio
from typing import Any

import httpx
import js  # type: ignore[import-not-found]
from pyodide.ffi import JsException, to_js  # type: ignore[import-not-found]

# fetch sets these itself and refuses or ignores ours.
_SET_BY_BROWSER = {"host", "content-length", "connection", "accept-encoding", "user-agent"}
# fetch hands over the body already unpacked, under headers that still speak of the packed one.
_NO_LONGER_TRUE = {"content-encoding", "content-length"}
ENROLLMENTS = "/api/v1/enrollments"


class FetchTransport(httpx.AsyncBaseTransport):
    """One request after the other, as `httpx` asks for them."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        stop = js.AbortController.new()
        options = {
            "method": request.method,
            "headers": {name: value for name, value in request.headers.items() if name not in _SET_BY_BROWSER},
            "signal": stop.signal,
            "cache": "no-store",
            "credentials": "same-origin" if request.url.path == ENROLLMENTS else "omit",  # see `was_emptied`
        }
        if body:
            options["body"] = to_js(body)
        fetching = self._fetch(request, to_js(options, dict_converter=js.Object.fromEntries))
        try:
            return await asyncio.wait_for(fetching, _seconds_allowed(request))
        except TimeoutError as error:
            raise httpx.ReadTimeout("no answer in time", request=request) from error
        finally:
            stop.abort()  # ends a fetch that was given up; does nothing to one that has finished

    async def _fetch(self, request: httpx.Request, options: Any) -> httpx.Response:
        try:
            reply = await js.fetch(str(request.url), options)
        except (JsException, OSError) as error:
            raise httpx.ConnectError(str(error), request=request) from error
        try:
            content = (await reply.arrayBuffer()).to_bytes()
        except (JsException, OSError) as error:
            raise httpx.ReadError(str(error), request=request) from error
        headers = {name: value for name, value in reply.headers.entries() if name not in _NO_LONGER_TRUE}
        return httpx.Response(reply.status, headers=headers, content=content, request=request)


def _seconds_allowed(request: httpx.Request) -> float | None:
    """httpx counts connecting, sending and reading apart; fetch knows only the whole, so they are added up."""
    limits = request.extensions.get("timeout", {})
    given = [limits.get(part) for part in ("connect", "write", "read")]
    return None if any(part is None for part in given) else sum(given)
