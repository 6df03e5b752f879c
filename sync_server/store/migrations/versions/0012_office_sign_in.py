"""A credential of the office pages ends when nobody used it for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("device_token", sa.Column("idle_until", sa.DateTime(timezone=True), nullable=True))
