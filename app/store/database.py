"""Opens the device's file. One writer: `write()` is one transaction, begun at once, committed whole or not at all.

The journal is DELETE, so that the file is complete in itself whenever no transaction is open: in the browser it is
written back to the browser's storage after each commit (see `app/device`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

from app.store.migrations import migrate

__all__ = ["Database", "Session"]


class Database:
    """The device's SQLite file, migrated to this version when it is opened."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._engine = _engine(path)
        self._lock = Lock()
        with self._lock, self._engine.begin() as connection:
            migrate(connection)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to read with; what it would write is thrown away."""
        with self._lock, Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed together at the end, or not at all after an error."""
        with self._lock, Session(self._engine) as session:
            yield session
            session.commit()

    def close(self) -> None:
        self._engine.dispose()


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in ("journal_mode = DELETE", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
