"""Requests of families about their data, with the days on which they were answered and done."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
_KINDS = ("see", "correct", "delete", "withdraw", "restrict", "object", "complain")


def upgrade() -> None:
    op.create_table(
        "data_request",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=True),
        sa.Column("village_id", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_extended", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.CheckConstraint(" OR ".join(f"kind = '{kind}'" for kind in _KINDS), name="kind_is_known"),
    )
