"""What makes a run fast and repeatable: engines that are kept, no worker threads, random ids from the seed, and kills.

A kill copies the file as it is at that moment, the rollback journal with it, and lets nothing more be written: what is
opened afterwards is exactly what a process that is gone had left behind.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

import app.store.database
import sync_server.store.database
from sync_server.store.statements import Statement

COMPANIONS = ("-journal", "-wal")


class Killed(BaseException):
    """The process ended between two statements. Nothing may catch this."""


class Life:
    """One SQLite file and the process that has it open; `kill_at` lets it die before its n-th statement from now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._left: int | None = None
        self.is_dead = False

    def kill_at(self, statement: int | None) -> None:
        self._left = statement

    def step(self) -> None:
        """A statement or a commit is about to happen."""
        if self.is_dead:
            raise Killed
        if self._left is None:
            return
        self._left -= 1
        if self._left < 0:
            self.is_dead, self._left = True, None
            copy_database(self.path, self._left_behind)
            raise Killed

    def rise(self) -> None:
        """Put what the dead process left behind in place; whoever held the file has let go of it."""
        copy_database(self._left_behind, self.path)
        self.is_dead = False

    @property
    def _left_behind(self) -> Path:
        return self.path.with_suffix(".left")


def copy_database(source: Path, target: Path) -> None:
    """The file with its journal; an older journal of the target goes."""
    shutil.copyfile(source, target)
    target.with_name(target.name + "-shm").unlink(missing_ok=True)
    for suffix in COMPANIONS:
        beside, companion = source.with_name(source.name + suffix), target.with_name(target.name + suffix)
        companion.unlink(missing_ok=True)
        if beside.exists():
            shutil.copyfile(beside, companion)


_engines: dict[Path, Engine] = {}
_lives: dict[Path, Life] = {}


def life_of(path: Path) -> Life:
    return _lives.setdefault(path, Life(path))


def _kept_engine(make: Callable[[Any], Engine], path_of: Callable[[Any], Path]) -> Callable[[Any], Engine]:
    """One engine for each file for the whole process, all with one memory: a statement is then compiled once."""
    first: list[Engine] = []

    def kept(address: Any, *rest: Any, **more: Any) -> Engine:
        path = path_of(address)
        if path not in _engines:
            engine = _engines[path] = make(address, *rest, **more)
            first.append(engine)
            engine.dialect = engine.pool._dialect = first[0].dialect
            engine._compiled_cache = first[0]._compiled_cache
            life = life_of(path)
            event.listen(engine, "before_cursor_execute", lambda *_: life.step())
            event.listen(engine, "commit", lambda *_: life.step())
        return _engines[path]

    return kept


class _AtOnce:
    """A pool of threads that has none: what is submitted is done in the caller's."""

    def __init__(self, *_: object) -> None:
        pass

    def submit(self, function: Callable[[], None]) -> None:
        function()


def _stepping(run: Callable[..., Any]) -> Callable[..., Any]:
    """The server's own statements pass by SQLAlchemy, and by its events: they are steps of a life, too."""

    def stepped(statement: Statement, session: Any, values: Any) -> Any:
        life_of(Path(session.engine.url.database)).step()
        return run(statement, session, values)

    return stepped


async def _inline(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
    return function(*arguments)


_random = Random(0)


def seed_ids(*key: object) -> None:
    """From now on the same random bytes for the same key: dropping one event leaves the ids of the others."""
    _random.seed(repr(key))


@contextmanager
def machinery() -> Iterator[None]:
    """Everything below holds inside; entered once around many runs."""
    with ExitStack() as stack:
        for module, name, path_of in (
            (app.store.database, "_engine", lambda path: path),
            (sync_server.store.database, "_sqlite_engine", lambda address: Path(address.database)),
        ):
            stack.enter_context(patch.object(module, name, _kept_engine(getattr(module, name), path_of)))
        stack.enter_context(patch("anyio.to_thread.run_sync", _inline))
        stack.enter_context(patch("sync_server.sync.writers.ThreadPoolExecutor", _AtOnce))
        for name in ("_run", "run_each"):
            stack.enter_context(patch.object(Statement, name, _stepping(getattr(Statement, name))))
        for module in [one for name, one in sys.modules.items() if name.startswith(("app.", "sync_server."))]:
            if hasattr(module, "token_bytes"):
                stack.enter_context(patch.object(module, "token_bytes", _random.randbytes))
        yield
        for engine in _engines.values():
            engine.dispose()
        _engines.clear()
        _lives.clear()
