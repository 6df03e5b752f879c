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


def _add_asking_again_and_ended_villages(connection: Connection) -> None:
    _add_column(connection, "household", "ask_again BOOLEAN NOT NULL DEFAULT 0")
    _add_column(connection, "village", "into_id VARCHAR")


def _add_column(connection: Connection, table: str, column: str) -> None:
    """Add a column unless the table was just made with it."""
    there = {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")}
    if column.split()[0] not in there:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")


STEPS: list[Callable[[Connection], None]] = [_create_tables, _add_asking_again_and_ended_villages]


def migrate(connection: Connection) -> None:
    """Run the steps that the file has not seen, all in the caller's transaction. Raises `DatabaseTooNew`."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > len(STEPS):
        raise DatabaseTooNew(f"file {version}, program {len(STEPS)}")
    for step in STEPS[version:]:
        step(connection)
    if version < len(STEPS):
        connection.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")
