"""Serving a port: by one process, or by several that share it.

Whoever of several accepts a connection answers what comes over it. No process keeps anything that another would need:
what is counted, signed in or waiting is in the database. One that dies is started again; if the first one, which starts
the others and answers nothing itself, is gone, the others end as well.
"""

import ctypes
import gc
import os
import platform
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from socket import socket
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors.multiprocess import Multiprocess

from sync_server.http.patience import KEEP_ALIVE_SECONDS, Patience, allow_many_connections
from sync_server.settings import ServerSettings

MakeSite = Callable[[], ASGIApp]
GARBAGE = 20_000
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1  # mallopt's names for them, of glibc's malloc.h
_HEAPS, _LARGE, _FREE = 2, 512 * 1024, 1024**2
_TRIM_SECONDS = 10
HANGING_SECONDS = 60
"""A process that says nothing for so long is taken for dead: to load the program on a busy machine takes seconds."""


def serve(make_site: MakeSite, settings: ServerSettings, announce: Callable[[], None]) -> None:
    """Serve the site in this process until it is interrupted; `announce` is called once it answers."""
    allow_many_connections()
    _give_back_memory()
    site = make_site()
    _spare_what_stays()
    _Announcing(_config(site, settings), announce).run()


def serve_together(make_site: MakeSite, settings: ServerSettings, announce: Callable[[], None]) -> None:
    """Serve it in `settings.workers` processes until this one is interrupted; `announce` is called once all answer.

    Each of them calls `make_site`, which must be a function of a module, or a `partial` of one.
    """
    allow_many_connections()  # the processes that are started may what this one may
    config = _config(_Worker(make_site), settings, factory=True, workers=settings.workers)
    _Workers(config, [config.bind_socket()], announce).run()


def _config(
    site: ASGIApp | MakeSite, settings: ServerSettings, *, factory: bool = False, workers: int = 1
) -> uvicorn.Config:
    return uvicorn.Config(
        site,
        factory=factory,
        workers=workers,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_worker_healthcheck=HANGING_SECONDS,
        http=Patience,
    )


def _give_back_memory() -> None:
    """Let the C library of Linux keep little of what is freed. By itself it gives many threads a heap each, which stays
    as large as its largest batch was, and keeps large blocks once it has seen one freed. What is free between others is
    given back every few seconds, which takes 3 to 7 ms. Has to be called before there are threads."""
    if platform.libc_ver()[0] != "glibc":
        return
    library = ctypes.CDLL(None)
    for name, value in ((_ARENA_MAX, _HEAPS), (_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _FREE)):
        library.mallopt(name, value)

    def trim() -> None:
        while not Event().wait(_TRIM_SECONDS):
            library.malloc_trim(0)

    Thread(target=trim, name="memory", daemon=True).start()


def _spare_what_stays() -> None:
    """Spare the collector of cycles what stays as long as the process, and let it come less often: a batch of visits
    makes many thousands of objects, which all go by themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 50)


class _Announcing(uvicorn.Server):
    """A uvicorn server that calls `announce` once it answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()


class _Workers(Multiprocess):
    """The processes that share a port; calls `announce` once all of them answer."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket], announce: Callable[[], None]) -> None:
        super().__init__(config, sockets)
        self._announce: Callable[[], None] | None = announce

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        if self._announce and not self.should_exit.is_set() and all(one.is_ready() for one in self.processes):
            self._announce()
            self._announce = None


@dataclass(frozen=True)
class _Worker:
    """Makes the site in a process of its own, which ends in order when the one that started it is gone."""

    make_site: MakeSite

    def __call__(self) -> ASGIApp:
        if starter := parent_process():
            Thread(target=_end_with, args=(starter,), daemon=True).start()
        _give_back_memory()
        site = self.make_site()
        _spare_what_stays()
        return site


def _end_with(starter: BaseProcess) -> None:
    starter.join()
    os.kill(os.getpid(), signal.SIGTERM)
