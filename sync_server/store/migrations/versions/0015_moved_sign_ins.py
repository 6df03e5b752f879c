"""A code may move a device's sign-in to another place; the device there knows which one it takes over."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("enrollment_code", sa.Column("moves", sa.String(), nullable=True))
    op.add_column("device", sa.Column("takes_over", sa.String(), nullable=True))
    op.create_index("device_by_former", "device", ["commune", "takes_over"])
