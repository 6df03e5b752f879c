"""What a commune has recorded for its phones to play: somebody who reads the consent."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.PrimaryKeyConstraint("commune", "wording"),
    )
