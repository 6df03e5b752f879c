"""Opens the server's database: SQLite by default, PostgreSQL by its address; every statement runs on both.

A transaction is a `with` block. `write()` commits when the block is left; answer only after that, so that a failed
commit is never reported as a success. On SQLite there is one writer at a time. On PostgreSQL writers of different
villages work side by side, and those of one village wait for each other at its row (`list_villages_to_write`).
Several processes may use one database: what they agree on is in it. On SQLite its own lock makes writers of other
processes wait.

Errors of the database leave this folder as `StoreFailed`, so that no other room depends on the library.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from sync_server.store.distribution import distribute
from sync_server.store.migrations import upgrade
from sync_server.store.statements import Session, sent_together

__all__ = [
    "Database",
    "DatabaseBusy",
    "Session",
    "StoreFailed",
    "check_address",
    "find_file",
    "savepoint",
    "sent_together",
]

BUSY_SECONDS = 30
CONNECTIONS = 20
THREADS = 40  # as many requests are answered at once
# Parameters hold personal data: they must not appear in an error's text.
_POOL: dict[str, Any] = {"hide_parameters": True, "pool_timeout": BUSY_SECONDS}
WRITING_CACHE, READING_CACHE = 16_384, 2_048
"""KiB of SQLite's file that a connection remembers: with 2 MB a batch of 200 visits takes twice as long, and a read
as long as with 16."""
_FILES = {"md.c", "fd.c", "buffile.c", "slru.c", "xlog.c"}
"""Where PostgreSQL's source writes and reads its files."""
_DAMAGED = {"XX001", "XX002"}
"""What is in the file is wrong: it does not get better by waiting."""
_PRAGMAS = (
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {BUSY_SECONDS * 1000}",
)


class StoreFailed(Exception):
    """The database did not do what was asked; the exception's cause says why."""


class DatabaseBusy(StoreFailed):
    """The database cannot be read or written now (a full disk, a lock, no connection): the same may work later."""


@contextmanager
def _translated(driver: Any) -> Iterator[None]:
    """Errors of SQLAlchemy and of the driver's module become those of this program."""
    try:
        yield
    except (OperationalError, NoFreeConnection, driver.OperationalError) as error:
        raise DatabaseBusy from error
    except (SQLAlchemyError, driver.Error) as error:
        raise (DatabaseBusy if _is_of_a_file(error) else StoreFailed) from error


def _is_of_a_file(error: Exception) -> bool:
    """Whether a file could not be written or read. PostgreSQL has a code of its own for a full disk; a quota, a limit
    or a disk that may only be read it tells as errors within itself, or as missing rights. Its source's name says more.
    """
    said = getattr(getattr(error, "orig", error), "diag", None)
    return said is not None and said.source_file in _FILES and said.sqlstate not in _DAMAGED


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """A part of a transaction: if the block raises, this part alone is rolled back and the rest can go on."""
    driver = session.dialect.loaded_dbapi
    with _translated(driver):
        cursor = session.connection.cursor()
        cursor.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            with suppress(driver.Error):  # the connection may be gone: what the block raised says more
                cursor.execute("ROLLBACK TO SAVEPOINT part")
                cursor.execute("RELEASE SAVEPOINT part")
            raise
        cursor.execute("RELEASE SAVEPOINT part")
        cursor.close()


def check_address(address: str) -> str:
    """Return the address unchanged if it is one of SQLite or PostgreSQL, else raise `ValueError`."""
    try:
        backend = make_url(address).get_backend_name()
    except ArgumentError as error:
        raise ValueError("không phải là địa chỉ cơ sở dữ liệu") from error
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("chỉ dùng được sqlite:// hoặc postgresql://")
    return address


def find_file(address: str) -> Path | None:
    """The file of a SQLite database, None for PostgreSQL."""
    url = make_url(address)
    return Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None


def _keep_private(address: URL) -> None:
    """Make the file, and a folder that is created for it, readable by its owner alone, whatever the umask: it holds
    names and phone numbers. Files that SQLite puts beside it get the same rights."""
    file = find_file(address.render_as_string(hide_password=False))
    if file is not None and address.database not in {None, "", ":memory:"}:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)


class Database:
    """One database, migrated to this program's version when it is opened. Raises `StoreFailed` or `DatabaseTooNew`.

    `is_answering` says whether the last transaction of this process could use the database, so nobody has to wait to
    learn it. On PostgreSQL a process opens `connections` at most; `prepares` is whether PostgreSQL may keep prepared
    statements for a connection, which some of what stands between cannot. With `spreads` the tables are spread over a
    Citus cluster (`distribution`); raises `NoCitus` where there is none.
    """

    def __init__(
        self, address: str | URL, *, connections: int = CONNECTIONS, prepares: bool = True, spreads: bool = False
    ) -> None:
        address = _with_driver(make_url(address))
        _keep_private(address)
        is_file = address.get_backend_name() == "sqlite"
        if is_file:
            self._engine = _sqlite_engine(address, WRITING_CACHE, pool_size=1, max_overflow=THREADS)
            self._reader = _sqlite_engine(address, READING_CACHE, pool_size=8, max_overflow=THREADS - 8)
        else:
            self._engine = _engine(address, connections, prepares)
            # One snapshot for all statements of a read: SQLite has it anyway, PostgreSQL when asked.
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._writer = self._engine.execution_options(writes=True)
        # SQLite lets one write at a time: waiting here is fair and exact, waiting in SQLite for other processes polls.
        self._turn = Lock() if is_file else None
        self.is_answering = True
        try:
            with _translated(self._engine.dialect.loaded_dbapi):
                upgrade(self._engine)
                if spreads:
                    distribute(self._engine)
        except BaseException:
            self.close()
            raise

    @property
    def has_one_writer(self) -> bool:
        """Whether only one transaction can write at a time, as on SQLite."""
        return self._turn is not None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a read-only session on one snapshot. It ends with a commit: psycopg forgets at a rollback which
        statements it has prepared."""
        with self._noticed(), self._reader.begin() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that is committed when the block is left, and rolled back if it raises."""
        turn = self._turn or nullcontext()
        with turn, self._noticed(), self._writer.begin() as session:
            yield session

    @contextmanager
    def _noticed(self) -> Iterator[None]:
        try:
            with _translated(self._engine.dialect.loaded_dbapi):
                yield
        except DatabaseBusy:
            self.is_answering = False
            raise
        self.is_answering = True

    def close(self) -> None:
        self._engine.dispose()
        self._reader.dispose()


def _with_driver(address: URL) -> URL:
    """`postgresql://` means psycopg 3, the driver that this program is tested with."""
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _engine(address: URL, connections: int, prepares: bool) -> Engine:
    asked = {} if prepares else {"prepare_threshold": None}
    pool = _POOL | {"pool_size": connections, "max_overflow": 0, "pool_use_lifo": True}
    return create_engine(address, pool_pre_ping=True, connect_args=asked, **pool)


def _sqlite_engine(address: URL, cache: int, **pool: int) -> Engine:
    # The connection that was used last has the best cache. Those opened in a rush are closed again: each has a cache.
    engine = create_engine(address, pool_use_lifo=True, **_POOL, **pool)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA cache_size = {-cache}")
        _use_log(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_log(connection: Any) -> None:
    """Let readers and the writer work side by side (SQLite's WAL). The file remembers it, so this is done once for all
    processes: for those that open a new file in the same moment SQLite itself does not wait here."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
        connection.execute("BEGIN IMMEDIATE")  # waits until whoever is at it is done
        connection.execute("ROLLBACK")
