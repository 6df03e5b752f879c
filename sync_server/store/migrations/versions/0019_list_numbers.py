"""Lists number households: a household is found again by that number. An import can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("household", sa.Column("list_number", sa.String(), nullable=True))
    op.create_table(
        "list_import",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.CheckConstraint("state = 'waiting' OR state = 'done' OR state = 'undone'", name="state_is_known"),
    )
