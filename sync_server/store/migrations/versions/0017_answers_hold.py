"""A survey round says how many days an answer holds before it is asked again; empty is for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("survey_round", sa.Column("answers_hold_days", sa.Integer(), nullable=True))
