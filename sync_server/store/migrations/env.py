"""Run by Alembic for each command: always over the connection that the caller opened, inside its transaction."""

from alembic import context

from sync_server.store import audit_rows, people_rows, register_rows, report_rows, review_rows, rows  # noqa: F401  all tables
from sync_server.store.rows import ServerTable

context.configure(connection=context.config.attributes["connection"], target_metadata=ServerTable.metadata)
context.run_migrations()
