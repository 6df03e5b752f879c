"""On SQLite, CHECKs of known values are written as `a = 'x' OR a = 'y'` instead of `a IN ('x', 'y')`.

SQLite puts an IN list of three or more into a temporary index each time that it checks one: writing a household took
five times as long as without its CHECKs. PostgreSQL does not mind. The rows stay as they are, so only the text of the
schema is changed, in the way that SQLite describes for it (https://sqlite.org/lang_altertable.html, section 7).
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
_LIST = re.compile(r"(\w+) IN \(('\w+'(?:, '\w+')+)\)")


def _written_out(found: re.Match[str]) -> str:
    column, values = found.groups()
    return " OR ".join(f"{column} = {value}" for value in values.split(", "))


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return
    version: int = bind.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    change = sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name")
    for name, sql in bind.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all():
        if sql and _LIST.search(sql):
            bind.execute(change, {"name": name, "sql": _LIST.sub(_written_out, sql)})
    op.execute(f"PRAGMA schema_version = {version + 1}")  # whoever has the file open reads the schema again
    op.execute("PRAGMA writable_schema = RESET")
