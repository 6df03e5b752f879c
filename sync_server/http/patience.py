"""How long the server waits for a connection to say what it wants."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_SECONDS = 20.0
"""A slow line sends the headers of a request within seconds; who takes longer holds a connection that others need."""
KEEP_ALIVE_SECONDS = 75
"""How long a connection stays open between two requests: longer than phones (5 s) and proxies (nginx: 60 s) keep one.
If the server were the first to close it, a request that is sent in that moment would be lost."""


class Patience(HttpToolsProtocol):
    """uvicorn's HTTP, which by itself waits for ever for the rest of a request line: a connection is closed if the
    headers of its first request, or of a later one that has begun, are not there in time."""

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def on_message_begin(self) -> None:
        self._wait()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop_waiting()
        self._due = self.loop.call_later(HEADERS_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None


def allow_many_connections() -> None:
    """Let this process open as many files as the system allows: each connection is one, and so are the database's."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
