"""Spreads the tables over the machines of a Citus cluster by commune. A plain PostgreSQL is left as it is.

Every table carries its commune in the key, so that all rows of one commune are on one machine, and a request about it
is answered there. What is about the server itself is small and stands on every machine.
"""

from sqlalchemy import Connection, Engine, Table, text

from sync_server.store import audit_rows, card_rows, people_rows, register_rows, report_rows, review_rows  # noqa: F401  all tables
from sync_server.store.migrations import take_turn
from sync_server.store.rows import ServerTable

_HAS_CITUS = text("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
_SPREAD = text("SELECT logicalrelid::text FROM pg_dist_partition")
_BY_COMMUNE = text("SELECT create_distributed_table(:name, :column, colocate_with => :beside)")
_EVERYWHERE = text("SELECT create_reference_table(:name)")
_FIRST = "commune"  # the others stand beside it


class NoCitus(Exception):
    """The tables are to be spread, and the database has not the extension for it."""


def distribute(engine: Engine) -> None:
    """Spread what is not spread yet: all tables of a new database, new ones after a migration. Raises `NoCitus`."""
    with engine.execution_options(writes=True).begin() as connection:
        take_turn(connection)
        if connection.dialect.name != "postgresql" or connection.execute(_HAS_CITUS).first() is None:
            raise NoCitus("Cơ sở dữ liệu chưa có Citus. Chạy “CREATE EXTENSION citus” trên mọi máy rồi khởi động lại.")
        spread = set(connection.execute(_SPREAD).scalars())
        for table in sorted(ServerTable.metadata.sorted_tables, key=lambda one: one.name != _FIRST):
            if table.name not in spread:
                _spread(connection, table)


def _spread(connection: Connection, table: Table) -> None:
    column = "code" if table.name == _FIRST else "commune"
    if column in table.columns:
        beside = "none" if table.name == _FIRST else _FIRST
        connection.execute(_BY_COMMUNE, {"name": table.name, "column": column, "beside": beside})
    else:
        connection.execute(_EVERYWHERE, {"name": table.name})
