"""Whole SQLite files: copy one that is in use, check and count one, lock one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

_HEADER = b"SQLite format 3\0"
_COUNTED = {
    "communes": "commune",
    "villages": "village",
    "households": "household",
    "visits": "response",
    "devices": "device",
}
_OURS = {"alembic_version", "change", "stream_row", *_COUNTED.values()}


class NotOurs(Exception):
    """The file is not a database of this program."""


class Damaged(Exception):
    """The file is a damaged database: cut off, or inconsistent inside."""


class InUse(Exception):
    """Another program has the file open."""


@dataclass(frozen=True)
class Contents:
    """How much a database holds, and the version of its schema."""

    version: str
    communes: int
    villages: int
    households: int
    visits: int
    devices: int


def save_copy(source: Path, target: Path) -> None:
    """Copy a database in one consistent state into one file, also while it is written to. Writers do not wait.

    Raises `NotOurs` or `Damaged` where it cannot be read, `OSError` where it cannot be written.
    """
    target.touch(mode=0o600, exist_ok=False)  # personal data: nobody else may read it
    with _explained(), closing(_open(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")


def find_contents(path: Path) -> Contents:
    """Check every page of a database file, and count what it holds. Raises `NotOurs` or `Damaged`."""
    with _explained(), closing(_open(path)) as reading:
        tables = {name for (name,) in reading.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables >= _OURS:
            raise NotOurs
        torn = [line for (line,) in reading.execute("PRAGMA integrity_check") if line != "ok"]
        if torn or reading.execute("PRAGMA foreign_key_check").fetchone():
            raise Damaged
        version = reading.execute("SELECT version_num FROM alembic_version").fetchone()
        if version is None:
            raise NotOurs
        counts = {name: _count(reading, table) for name, table in _COUNTED.items()}
    return Contents(version[0], **counts)


def save_cut_off(present: Path, coming: Path) -> int:
    """Mark the devices that are revoked or lost in `present` so in `coming` too, and return how many were active there.

    A restored backup would let them in again. If `present` cannot be read, nothing is marked.
    """
    with closing(_open(present)) as reading, closing(sqlite3.connect(coming)) as writing:
        try:
            cut_off = reading.execute(
                "SELECT state, state_at, state_by, commune, id FROM device WHERE state != 'active'"
            ).fetchall()
        except sqlite3.DatabaseError:
            return 0
        with writing:
            known = "UPDATE device SET state = ?, state_at = ?, state_by = ? WHERE commune = ? AND id = ?"
            return writing.executemany(f"{known} AND state = 'active'", cut_off).rowcount
    return 0


@contextmanager
def lock_file(path: Path) -> Iterator[None]:
    """Lock the database, so that nobody else can use it inside the block. Its log is merged into the file first.

    Raises `InUse` if somebody uses it, or `Damaged`. A file without SQLite's header is not even opened, because SQLite
    would then delete the log that lies beside it.
    """
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise Damaged
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise InUse from error
        except sqlite3.DatabaseError as error:
            raise Damaged from error
        yield


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _count(connection: sqlite3.Connection, table: str) -> int:
    # A province whose people sign in has a row among the communes, without a criteria set.
    only = " WHERE criteria_set <> ''" if table == "commune" else ""
    count: int = connection.execute(f'SELECT count(*) FROM "{table}"{only}').fetchone()[0]  # noqa: S608  names from above
    return count


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        match error.sqlite_errorcode & 0xFF:
            case sqlite3.SQLITE_NOTADB:
                raise NotOurs from error
            case sqlite3.SQLITE_CORRUPT:
                raise Damaged from error
        raise OSError(str(error)) from error
