"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "attestation",
        *_texts("commune", "village_id", "criterion", "id"),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        *_texts("device_id"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("commune", "village_id", "criterion"),
    )
    op.create_table(
        "change",
        *_texts("commune", "id", "device_id"),
        sa.Column("device_seq", sa.BigInteger(), nullable=False),
        *_texts("kind", "subject", "village_id"),
        sa.Column("subject_household", sa.String(), nullable=True),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_skew", sa.Integer(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        *_texts("verdict"),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        *_texts("digest"),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('applied', 'merged', 'difference', 'held', 'invalid')", name="verdict_is_known"
        ),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_index("change_waiting", "change", ["commune", "subject_household", "verdict"], unique=False)
    op.create_table(
        "commune",
        *_texts("code", "name", "kind", "criteria_set"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "difference",
        *_texts("commune", "id", "village_id"),
        sa.Column("household_id", sa.String(), nullable=True),
        *_texts("state"),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'settled')", name="state_is_known"),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_index("difference_by_village", "difference", ["commune", "village_id"], unique=False)
    op.create_table(
        "household_history",
        *_texts("commune", "household_id"),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=True),
        sa.Column("sent", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("commune", "household_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "resident",
        *_texts("commune", "village_id", "household_id", "id"),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        *_texts("sex"),
        sa.Column("has_smartphone", sa.String(), nullable=True),
        sa.Column("has_payment_account", sa.String(), nullable=True),
        sa.Column("vneid_level", sa.Integer(), nullable=True),
        sa.Column("uses_online_services", sa.String(), nullable=True),
        sa.Column("has_digital_signature", sa.String(), nullable=True),
        sa.Column("has_ehealth_record", sa.String(), nullable=True),
        sa.CheckConstraint("has_digital_signature IN ('yes', 'no', 'unknown')", name="has_digital_signature_is_known"),
        sa.CheckConstraint("has_ehealth_record IN ('yes', 'no', 'unknown')", name="has_ehealth_record_is_known"),
        sa.CheckConstraint("has_payment_account IN ('yes', 'no', 'unknown')", name="has_payment_account_is_known"),
        sa.CheckConstraint("has_smartphone IN ('yes', 'no', 'unknown')", name="has_smartphone_is_known"),
        sa.CheckConstraint("sex IN ('m', 'f')", name="sex_is_known"),
        sa.CheckConstraint("uses_online_services IN ('yes', 'no', 'unknown')", name="uses_online_services_is_known"),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2200", name="birth_year_is_possible"),
        sa.CheckConstraint("vneid_level BETWEEN 0 AND 2", name="vneid_level_is_known"),
        sa.PrimaryKeyConstraint("commune", "village_id", "household_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table("server_info", *_texts("key", "value"), sa.PrimaryKeyConstraint("key"))
    op.create_table(
        "set_aside",
        *_texts("commune", "digest", "device_id"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("commune", "digest", "device_id"),
    )
    op.create_table(
        "criteria_set",
        *_texts("commune", "code"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune"],
            ["commune.code"],
        ),
        sa.PrimaryKeyConstraint("commune", "code"),
    )
    op.create_table(
        "member",
        *_texts("commune", "id", "name", "role"),
        sa.Column("scope_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('member', 'lead', 'official')", name="role_is_known"),
        sa.ForeignKeyConstraint(
            ["commune"],
            ["commune.code"],
        ),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_table(
        "survey_round",
        *_texts("commune", "id", "title", "criteria_set"),
        sa.Column("reference_year", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune"],
            ["commune.code"],
        ),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_table(
        "village",
        *_texts("commune", "id", "name", "kind"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune"],
            ["commune.code"],
        ),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_table(
        "device",
        *_texts("commune", "id", "member_id", "name", "token_hash"),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune", "member_id"],
            ["member.commune", "member.id"],
        ),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_index("device_by_token", "device", ["token_hash"], unique=False)
    op.create_table(
        "enrollment_code",
        *_texts("commune", "code_hash", "member_id"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune", "member_id"],
            ["member.commune", "member.id"],
        ),
        sa.PrimaryKeyConstraint("commune", "code_hash"),
    )
    op.create_index("enrollment_code_by_hash", "enrollment_code", ["code_hash"], unique=False)
    op.create_table(
        "household",
        *_texts("commune", "id", "village_id", "head_name", "address"),
        sa.Column("phone", sa.String(), nullable=True),
        *_texts("status"),
        sa.Column("assigned_to", sa.String(), nullable=True),
        sa.Column("card", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("listed_as", sa.String(), nullable=True),
        sa.Column("response_id", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visited_by", sa.String(), nullable=True),
        sa.Column("has_fixed_internet", sa.String(), nullable=True),
        sa.Column("has_digital_address", sa.String(), nullable=True),
        sa.Column("in_village_group", sa.String(), nullable=True),
        sa.Column("has_fluent_user", sa.String(), nullable=True),
        sa.Column("signal", sa.String(), nullable=True),
        sa.Column("runs_business", sa.String(), nullable=True),
        sa.Column("accepts_cashless", sa.String(), nullable=True),
        sa.CheckConstraint("accepts_cashless IN ('yes', 'no', 'unknown')", name="accepts_cashless_is_known"),
        sa.CheckConstraint("has_digital_address IN ('yes', 'no', 'unknown')", name="has_digital_address_is_known"),
        sa.CheckConstraint("has_fixed_internet IN ('yes', 'no', 'unknown')", name="has_fixed_internet_is_known"),
        sa.CheckConstraint("has_fluent_user IN ('yes', 'no', 'unknown')", name="has_fluent_user_is_known"),
        sa.CheckConstraint("in_village_group IN ('yes', 'no', 'unknown')", name="in_village_group_is_known"),
        sa.CheckConstraint("outcome IN ('completed', 'refused', 'absent', 'vacant', 'moved')", name="outcome_is_known"),
        sa.CheckConstraint("runs_business IN ('yes', 'no', 'unknown')", name="runs_business_is_known"),
        sa.CheckConstraint("signal IN ('good', 'weak', 'none', 'unknown')", name="signal_is_known"),
        sa.CheckConstraint("status IN ('active', 'moved', 'vacant', 'refused')", name="status_is_known"),
        sa.ForeignKeyConstraint(
            ["commune", "village_id"],
            ["village.commune", "village.id"],
        ),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_index("household_by_village", "household", ["commune", "village_id"], unique=False)
    op.create_table(
        "member_village",
        *_texts("commune", "member_id", "village_id"),
        sa.ForeignKeyConstraint(
            ["commune", "member_id"],
            ["member.commune", "member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["commune", "village_id"],
            ["village.commune", "village.id"],
        ),
        sa.PrimaryKeyConstraint("commune", "member_id", "village_id"),
    )
    op.create_index("member_village_by_village", "member_village", ["commune", "village_id"], unique=False)
    op.create_table(
        "stream_row",
        *_texts("commune", "village_id", "kind", "subject"),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune", "village_id"],
            ["village.commune", "village.id"],
        ),
        sa.PrimaryKeyConstraint("commune", "village_id", "kind", "subject"),
    )
    op.create_index("stream_row_by_seq", "stream_row", ["commune", "village_id", "seq", "digest"], unique=False)
    op.create_table(
        "response",
        *_texts("commune", "id", "village_id", "household_id", "round_id", "outcome", "member_id", "change_id"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('completed', 'refused', 'absent', 'vacant', 'moved')", name="outcome_is_known"),
        sa.ForeignKeyConstraint(
            ["commune", "household_id"],
            ["household.commune", "household.id"],
        ),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_index("response_by_household", "response", ["commune", "household_id"], unique=False)
