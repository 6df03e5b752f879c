"""Memberships with their times; devices with state, version and unsent work; credentials apart; lost devices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    _memberships()
    _credentials()
    _devices()
    op.create_table(
        "incident",
        *_texts("commune", "device_id"),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commune", "device_id"], ["device.commune", "device.id"]),
        sa.PrimaryKeyConstraint("commune", "device_id"),
    )


def _memberships() -> None:
    op.create_table(
        "membership",
        *_texts("commune", "member_id", "village_id"),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["commune", "member_id"], ["member.commune", "member.id"]),
        sa.ForeignKeyConstraint(["commune", "village_id"], ["village.commune", "village.id"]),
        sa.PrimaryKeyConstraint("commune", "member_id", "village_id", "began_at"),
    )
    op.create_index("membership_by_village", "membership", ["commune", "village_id"])
    # When each began was not written down: never before the commune was opened.
    op.execute(
        "INSERT INTO membership (commune, member_id, village_id, began_at) "
        "SELECT m.commune, m.member_id, m.village_id, c.created_at "
        "FROM member_village m JOIN commune c ON c.code = m.commune"
    )
    op.drop_table("member_village")


def _credentials() -> None:
    op.create_table(
        "device_token",
        *_texts("commune", "token_hash", "device_id"),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["commune", "device_id"], ["device.commune", "device.id"]),
        sa.PrimaryKeyConstraint("commune", "token_hash"),
    )
    op.create_index("device_token_by_hash", "device_token", ["token_hash"])
    op.create_index("device_token_by_device", "device_token", ["commune", "device_id"])
    op.execute(
        "INSERT INTO device_token (commune, token_hash, device_id, issued_at, used_at) "
        "SELECT commune, token_hash, id, enrolled_at, enrolled_at FROM device"
    )


def _devices() -> None:
    op.drop_index("device_by_token", "device")
    op.drop_column("device", "token_hash")
    op.add_column("device", sa.Column("app_version", sa.String(), nullable=False, server_default=""))
    op.add_column("device", sa.Column("unsent", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("device", sa.Column("state_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("device", sa.Column("state_by", sa.String(), nullable=False, server_default=""))
    known = sa.CheckConstraint("state IN ('active', 'revoked', 'lost')", name="state_is_known")
    state = sa.Column("state", sa.String(), nullable=False, server_default="active")
    if op.get_bind().dialect.name == "sqlite":  # there a constraint comes only with its column
        op.execute(
            "ALTER TABLE device ADD COLUMN state VARCHAR DEFAULT 'active' NOT NULL "
            "CONSTRAINT state_is_known CHECK (state IN ('active', 'revoked', 'lost'))"
        )
    else:
        op.add_column("device", state)
        op.create_check_constraint("state_is_known", "device", known.sqltext)
    op.create_index("device_by_member", "device", ["commune", "member_id"])
