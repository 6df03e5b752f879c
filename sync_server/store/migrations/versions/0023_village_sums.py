"""What every sync asks for of a village is kept in its row: count and check of its stream, and the sums over its
households. The table of residents, from which they were counted anew each time, is not needed any more."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
_HALF = 1 << 24


def upgrade() -> None:
    op.add_column("village", sa.Column("present", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("village", sa.Column("digest", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("village", sa.Column("counted", sa.Text(), nullable=False, server_default=""))
    op.add_column("village", sa.Column("counts", sa.Text(), nullable=False, server_default=""))
    _add_up()
    op.drop_table("resident")


def _add_up() -> None:
    """Digests have 48 bits and are added in two halves: a plain sum could leave 64 bits."""
    connection = op.get_bind()
    sums = sa.text(
        "SELECT commune, village_id, count(*) AS present, sum(digest / :half) AS high, sum(digest % :half) AS low"
        " FROM stream_row WHERE digest <> 0 GROUP BY commune, village_id"
    )
    keep = sa.text("UPDATE village SET present = :present, digest = :digest WHERE commune = :commune AND id = :id")
    for row in connection.execute(sums, {"half": _HALF}).all():
        digest = (int(row.high) * _HALF + int(row.low)) % 2**48
        values = {"present": row.present, "digest": digest, "commune": row.commune, "id": row.village_id}
        connection.execute(keep, values)
