"""Household cards, what was done with each, and households that were registered twice at one door."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def _known(column: str, *values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(" OR ".join(f"{column} = '{one}'" for one in values), name=f"{column}_is_known")


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("village_id", sa.String(), nullable=False),
        sa.Column("issued_for", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.ForeignKeyConstraint(["commune", "village_id"], ["village.commune", "village.id"]),
        sa.ForeignKeyConstraint(["commune", "household_id"], ["household.commune", "household.id"]),
        _known("state", "issued", "bound", "revoked"),
    )
    op.create_index("card_by_code", "card", ["commune", "code"], unique=True)
    op.create_index("card_by_household", "card", ["commune", "household_id"])
    op.create_index("card_by_serial", "card", ["commune", "issued_for", "serial"], unique=True)
    op.create_table(
        "card_event",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=True),
        sa.Column("change_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.ForeignKeyConstraint(["commune", "card_id"], ["card.commune", "card.id"]),
        _known("what", "issued", "bound", "unbound", "revoked", "printed"),
    )
    op.create_index("card_event_by_card", "card_event", ["commune", "card_id"])
    op.create_table(
        "household_alias",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("household_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.ForeignKeyConstraint(["commune", "household_id"], ["household.commune", "household.id"]),
    )
