"""When a household left its village. Of those that left before this, the day is not known: the column stays empty."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("household", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
