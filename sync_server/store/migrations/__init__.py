"""Brings a database to this program's version at start: forward only, in one transaction.

Servers that start at once wait for each other here: the first one migrates, the others find it done.
Alembic is loaded only if a migration is missing: a server that is up to date starts without it.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

HEAD = "0026"
"""The newest version; a test holds it equal to what Alembic finds in `versions/`."""


_TURN = 0x7475_6E67_6E68_61  # the name of the lock on PostgreSQL, alike for all servers of one database


class DatabaseTooNew(Exception):
    """The database was written by a newer program; this one must not touch it."""


def upgrade(engine: Engine) -> None:
    """Apply the missing migrations. Raises `DatabaseTooNew` before anything is changed."""
    with engine.execution_options(writes=True).begin() as connection:
        take_turn(connection)
        present = _present_version(connection)
        if present != HEAD:
            _run_alembic(connection, present)


def take_turn(connection: Connection) -> None:
    """Wait until no other server changes the tables; the turn ends with the transaction."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def _present_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run_alembic(connection: Connection, present: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise DatabaseTooNew(
            f"Cơ sở dữ liệu thuộc phiên bản mới hơn ({present}). Anh/chị cập nhật Từng Nhà rồi chạy lại."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
