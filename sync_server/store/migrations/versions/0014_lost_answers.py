"""A used code remembers which device used it, and the hash of the key that it brought."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("enrollment_code", sa.Column("key_hash", sa.String(), nullable=True))
    op.add_column("enrollment_code", sa.Column("device_id", sa.String(), nullable=True))
