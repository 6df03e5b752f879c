"""Databases for tests: SQLite files, or with `TUNGNHA_TEST_POSTGRES=postgresql://…` databases on that server."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

POSTGRES = os.environ.get("TUNGNHA_TEST_POSTGRES")
IS_SPREAD = POSTGRES is not None and os.environ.get("TUNGNHA_DISTRIBUTE") == "citus"
"""Whether that server has Citus, in every new database too (`CREATE EXTENSION citus` in template1)."""
_numbers = count(1)


@contextmanager
def one_more(folder: Path, copy_of: str | None = None) -> Iterator[str]:
    """The address of a new database, empty or a copy of another; a PostgreSQL one is gone again at the end."""
    if POSTGRES is None:
        address = f"sqlite:///{folder / 'server.db'}"
        if copy_of:
            shutil.copy(copy_of.removeprefix("sqlite:///"), folder / "server.db")
        yield address
        return
    name = f"tungnha_test_{os.getpid()}_{next(_numbers)}"
    template = f" TEMPLATE {make_url(copy_of).database}" if copy_of else ""
    if copy_of and IS_SPREAD:
        _leave(make_url(copy_of).database)
    _run(POSTGRES, f"CREATE DATABASE {name}{template}")
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    _run(POSTGRES, f"DROP DATABASE {name} WITH (FORCE)")


def _leave(database: str | None) -> None:
    """Citus looks after a database by processes of its own, which must be gone before it can be copied."""
    assert POSTGRES is not None
    _run(POSTGRES, f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
    _run(POSTGRES, f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'")


def _run(server: str, statement: str) -> None:
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
