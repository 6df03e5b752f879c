"""Households that turned out to be one, with what is needed to undo that."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "household_join",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kept_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("other_village_id", sa.String(), nullable=False),
        sa.Column("joined_by", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commune", "kept_id"], ["household.commune", "household.id"]),
        sa.ForeignKeyConstraint(["commune", "other_id"], ["household.commune", "household.id"]),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_index("household_join_by_kept", "household_join", ["commune", "kept_id"])
    op.create_index("household_join_by_other", "household_join", ["commune", "other_id"])
