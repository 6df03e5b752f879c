"""A household whose row was taken off its stream is not counted and not compared with lists until it is put back."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("household", sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True))
