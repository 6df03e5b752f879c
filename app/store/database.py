"""Opens the device's file. One writer: `write()` is one transaction, begun at once, committed whole or not at all.

The journal is DELETE, so that the file is complete in itself whenever no transaction is open: in the browser it is
written back to the browser's storage after each commit (see `app/device`).
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, create_engine

from app.store.migrations import DatabaseTooNew, migrate

__all__ = ["Database", "DatabaseDamaged", "DatabaseTooNew", "Session"]


class DatabaseDamaged(Exception):
    """The file is not an SQLite file, or pages of it cannot be read. It was not changed."""


class Database:
    """The device's SQLite file, checked and migrated to this version when it is opened.

    Raises `DatabaseDamaged`, and `DatabaseTooNew` for a file of a newer program.
    """

    def __init__(self, path: Path) -> None:
        _keep_private(path)
        self.path = path
        self._open(_engine(path))

    @classmethod
    def rehearse(cls, ask: Callable[["Database"], object]) -> None:
        """Let `ask` work on an empty file in memory; the database that is opened next has compiled what was asked."""
        made = _Engine(":memory:")
        database = cls.__new__(cls)
        database._open(made.engine)
        ask(database)
        database.close()
        _rehearsed.append(made)

    def _open(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        try:
            with self._lock, self._engine.begin() as connection:
                if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                    raise DatabaseDamaged
                migrate(connection)
        except OperationalError:
            self.close()
            raise
        except DatabaseError as error:
            self.close()
            raise DatabaseDamaged from error
        except (DatabaseDamaged, DatabaseTooNew):
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading; anything written in it is rolled back at the end."""
        with self._lock, Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session whose changes are committed together at the end, or rolled back after an error."""
        with self._lock, Session(self._engine) as session:
            yield session
            session.commit()

    def close(self) -> None:
        self._engine.dispose()


def _keep_private(path: Path) -> None:
    """Create the file, and its folder if missing, for their owner only, whatever the umask: the file holds names,
    answers and a credential. SQLite gives its journal the permissions of the file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)


class _Engine:
    """SQLAlchemy's engine. What it has compiled stays with it when it turns from one file to another."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.engine = create_engine("sqlite://", creator=self._connect, poolclass=StaticPool)

        @event.listens_for(self.engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _connect(self) -> sqlite3.Connection:
        # The driver must not begin transactions by itself.
        connection = sqlite3.connect(self.file, check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode = DELETE", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


_rehearsed: list[_Engine] = []


def _engine(path: Path) -> Engine:
    """An engine for this file: the one that was rehearsed, if there is one."""
    made = _rehearsed.pop() if _rehearsed else _Engine(str(path))
    made.file = str(path)
    return made.engine
