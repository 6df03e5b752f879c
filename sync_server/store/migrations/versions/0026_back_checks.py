"""Back-checks: the draw of each round with its secret, and the visits whose families are asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "back_check_draw",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_table(
        "back_check",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("given_to", sa.String(), nullable=True),
        sa.Column("again", sa.Text(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_out_by", sa.String(), nullable=True),
        sa.Column("left_out_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["commune", "household_id"], ["household.commune", "household.id"]),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.CheckConstraint("why = 'drawn' OR why = 'doubt'", name="why_is_known"),
    )
    op.create_index("back_check_by_round", "back_check", ["commune", "round_id"])
    op.create_index("back_check_by_household", "back_check", ["commune", "household_id"])
