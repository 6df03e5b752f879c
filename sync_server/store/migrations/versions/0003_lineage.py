"""Answers to differences, who wrote which field of a household, villages that were merged or split."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("household_history", sa.Column("written_by", sa.String(), nullable=True))
    op.add_column("household_history", sa.Column("written_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("difference", sa.Column("settled_by", sa.String(), nullable=True))
    op.add_column("difference", sa.Column("shown", sa.Text(), nullable=True))
    op.create_index("difference_by_household", "difference", ["commune", "household_id"], unique=False)
    op.create_index("difference_by_answer", "difference", ["commune", "settled_by"], unique=False)
    op.add_column("village", sa.Column("into_id", sa.String(), nullable=True))
    op.add_column("village", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "village_lineage",
        *[sa.Column(name, sa.String(), nullable=False) for name in ("commune", "village_id", "from_id", "how")],
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how IN ('merge', 'split')", name="how_is_known"),
        sa.ForeignKeyConstraint(["commune", "village_id"], ["village.commune", "village.id"]),
        sa.ForeignKeyConstraint(["commune", "from_id"], ["village.commune", "village.id"]),
        sa.PrimaryKeyConstraint("commune", "village_id", "from_id"),
    )
