"""People of a province sign in, and it has a plan for each year."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
_BEFORE = "role = 'member' OR role = 'lead' OR role = 'official'"
_AFTER = f"{_BEFORE} OR role = 'province'"


def upgrade() -> None:
    op.create_table(
        "province_plan",
        sa.Column("commune", sa.String(), sa.ForeignKey("commune.code"), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=True),
        sa.Column("communes", sa.Integer(), nullable=True),
    )
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        op.drop_constraint("role_is_known", "member", type_="check")
        op.create_check_constraint("role_is_known", "member", _AFTER)
        return
    # The rows stay as they are, so only the text of the schema is changed: see 0004.
    version: int = bind.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    change = sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE name = 'member'")
    bind.execute(change, {"before": _BEFORE, "after": _AFTER})
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
