"""A household stores which village its list named: an import finds it again wherever it lives now."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("household", sa.Column("listed_in", sa.String(), nullable=True))
    # What the list said was not written down: households have seldom moved.
    op.execute("UPDATE household SET listed_in = village_id WHERE listed_as IS NOT NULL")
