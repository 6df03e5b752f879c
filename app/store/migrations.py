"""Numbered steps that bring a device's file to this version, forward only, keyed by `PRAGMA user_version`.

Alembic does nothing, silently, on a packaged phone build; a list is enough. No step may touch the outbox table.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from app.store.rows import DeviceTable
from survey.alleys import alley_key, alley_order
from survey.searching import search_text


class DatabaseTooNew(Exception):
    """The file was written by a newer version of the app: it is not changed, and the app must be updated."""


def _create_tables(connection: Connection) -> None:
    DeviceTable.metadata.create_all(connection)


def _add_asking_again_and_ended_villages(connection: Connection) -> None:
    _add_column(connection, "household", "ask_again BOOLEAN NOT NULL DEFAULT 0")
    _add_column(connection, "village", "into_id VARCHAR")


def _give_drafts_to_their_person(connection: Connection) -> None:
    """Give each draft an owner: the person signed in. Before, drafts belonged to the phone."""
    if not _has_column(connection, "draft", "member_id"):
        connection.exec_driver_sql("ALTER TABLE draft RENAME TO draft_before")
        DeviceTable.metadata.tables["draft"].create(connection)
        columns = "household_id, saved_at, body"
        connection.exec_driver_sql(f"INSERT INTO draft ({columns}) SELECT {columns} FROM draft_before")  # noqa: S608
        connection.exec_driver_sql("DROP TABLE draft_before")
        save_owner_of_drafts(connection)


def save_owner_of_drafts(connection: Connection) -> None:
    """Give drafts without a recorded owner to the person who is signed in."""
    for column, key in (("member_name", "name"), ("member_id", "id")):
        connection.exec_driver_sql(
            f"UPDATE draft SET {column} = coalesce((SELECT json_extract(value, '$.member.{key}') FROM setting"  # noqa: S608
            " WHERE key = 'sign_in'), '') WHERE member_id = ''"
        )


def _add_alleys(connection: Connection) -> None:
    """Give each listed household its alley, and the person whom the server says it is assigned to."""
    _add_column(connection, "household", "alley VARCHAR NOT NULL DEFAULT ''")
    _add_column(connection, "household", "assigned_to VARCHAR")
    for address in [row[0] for row in connection.exec_driver_sql("SELECT DISTINCT address FROM household")]:
        statement = "UPDATE household SET alley = ? WHERE address = ?"
        connection.exec_driver_sql(statement, (alley_key(address), address))
    connection.exec_driver_sql(
        "UPDATE household SET assigned_to = (SELECT json_extract(body, '$.assigned_to') FROM stream_row"
        " WHERE kind = 'household' AND subject = household.id ORDER BY seq DESC LIMIT 1)"
    )


def _rank_and_sort_by_alley(connection: Connection) -> None:
    """Write what is searched of each household in the form that ranks, and its place in the list by alley. Before, the
    one was lines, the fifth the card, and the other went by the address alone."""
    known = connection.exec_driver_sql("SELECT id, head_name, address, phone, search FROM household").all()
    for identity, name, address, phone, before in known:
        card = "".join(before.split("\n")[4:5]) or None
        statement = "UPDATE household SET search = ?, address_key = ? WHERE id = ?"
        connection.exec_driver_sql(statement, (search_text(name, address, phone, card), alley_order(address), identity))


def _has_column(connection: Connection, table: str, column: str) -> bool:
    return column in {row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")}


def _add_column(connection: Connection, table: str, column: str) -> None:
    """Add a column unless the table was just made with it."""
    if not _has_column(connection, table, column.split()[0]):
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")


STEPS: list[Callable[[Connection], None]] = [
    _create_tables,
    _add_asking_again_and_ended_villages,
    _give_drafts_to_their_person,
    _add_alleys,
    _rank_and_sort_by_alley,
]


def migrate(connection: Connection) -> None:
    """Run the steps that the file does not have yet, all in the caller's transaction. Raises `DatabaseTooNew`."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > len(STEPS):
        raise DatabaseTooNew(f"file {version}, program {len(STEPS)}")
    for step in STEPS[version:]:
        step(connection)
    if version < len(STEPS):
        connection.exec_driver_sql(f"PRAGMA user_version = {len(STEPS)}")
