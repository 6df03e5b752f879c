"""Each commune has its own epoch and its own key for rescue files. Those that the server had go on for the communes
that are there: no phone starts over, and files that were written before are opened.

The new table is filled before a cluster spreads it beside the communes, so it has no foreign key to them.
"""

import json

import sqlalchemy as sa
from alembic import op
from joserfc.jwk import ECKey

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    connection = op.get_bind()
    had = {row.key: row.value for row in connection.execute(sa.text("SELECT key, value FROM server_info"))}
    communes = connection.execute(sa.text("SELECT code FROM commune")).scalars().all()
    op.drop_table("server_info")
    own = op.create_table(
        "commune_sync",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("rescue_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("commune"),
    )
    if communes and "epoch" in had:  # else no phone knows an epoch: each commune gets its own when this is opened
        key = had.get("rescue_key") or json.dumps(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True))
        op.bulk_insert(own, [{"commune": one, "epoch": had["epoch"], "rescue_key": key} for one in communes])
