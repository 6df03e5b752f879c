"""The audit log: who saw, changed or took out what. Changes are found by when they came, to be listed beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "audit_line",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.String(), nullable=True),
        sa.Column("device_id", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("village_id", sa.String(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.CheckConstraint("state = 'done' OR state = 'failed'", name="state_is_known"),
    )
    op.create_index("audit_line_by_time", "audit_line", ["commune", "at", "id"])
    op.create_index("change_by_time", "change", ["commune", "received_at", "id"])
