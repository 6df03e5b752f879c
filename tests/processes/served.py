"""The real server as a process of its own: uvicorn on a port, started in a moment, killed without a warning."""

import asyncio
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

_CONTEXT = get_context("forkserver")  # what a server needs is imported once, not at every start
_CONTEXT.set_forkserver_preload(["tests.processes.drill", "sync_server.main", "uvicorn"])
START_SECONDS = 60.0


def _serve(given: dict[str, Any], port: int, ready: Connection) -> None:
    import uvicorn

    from sync_server.http.patience import KEEP_ALIVE_SECONDS
    from sync_server.main import create_app
    from sync_server.settings import ServerSettings

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready.send(self.servers[0].sockets[0].getsockname()[1])

    app = create_app(ServerSettings(**given))
    config = {"host": "127.0.0.1", "port": port, "log_level": "critical", "timeout_keep_alive": KEEP_ALIVE_SECONDS}
    Announcing(uvicorn.Config(app, **config)).run()


class Served:
    """One server after the other, on the same database and port."""

    def __init__(self, **settings: Any) -> None:
        self._settings, self._port, self._process = settings, 0, None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def is_running(self) -> bool:
        """Whether the process that was started last is still there."""
        return self._process is not None and self._process.is_alive()

    async def start(self) -> None:
        """Start a server; it answers when this returns."""
        here, there = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_serve, args=(self._settings, self._port, there), daemon=True)
        self._process.start()
        there.close()
        if not await asyncio.to_thread(here.poll, START_SECONDS):
            raise TimeoutError("the server does not start")
        self._port = here.recv()
        here.close()

    def kill(self) -> None:
        """SIGKILL: the process gets no chance to finish, close or write anything."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
