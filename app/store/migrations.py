"""Numbered steps that bring a device's file to this version, forward only, keyed by `PRAGMA user_version`.

Alembic does nothing, silently, on a packaged phone build; a list is enough. No step may touch the outbox table.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from app.store.rows import DeviceTable


class DatabaseTooNew(Exception):
    """The file was written by a newer version of the app: nothing is touched, the app must be updated."""


def _create_tables(connection: Connection) -> None:
    DeviceTable.metadata.create_all(connection)


STEPS: list[Callable[[Connection], None]] = [_create_tables]


def migrate(connection: Connection) -> None:
    """Run the steps that the file has not seen, all in the caller's transaction. Raises `DatabaseTooNew`."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > len(STEPS):
        raise DatabaseTooNew(f"file {version}, program {len(STEPS)}")
    for step in STEPS[version:]:
        step(connection)
    if version < len(STEPS):
        connection.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")
