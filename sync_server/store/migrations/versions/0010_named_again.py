"""A household stores every line of a list that named it, not only the first."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "household_named_again",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("village_id", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("commune", "household_id", "village_id", "line"),
        sa.ForeignKeyConstraint(["commune", "household_id"], ["household.commune", "household.id"]),
    )
