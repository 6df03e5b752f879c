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
        self._engine = _engine(path)
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
