"""Reporting periods, signed reports with their files, and the communes that show them to everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
_KINDS = ("month", "quarter", "half_year", "nine_months", "year", "campaign")


def upgrade() -> None:
    op.create_table(
        "reporting_period",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.PrimaryKeyConstraint("commune", "id"),
        sa.CheckConstraint(" OR ".join(f"kind = '{kind}'" for kind in _KINDS), name="kind_is_known"),
    )
    op.create_table(
        "report",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(), nullable=False),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.ForeignKeyConstraint(["commune", "period_id"], ["reporting_period.commune", "reporting_period.id"]),
        sa.PrimaryKeyConstraint("commune", "id"),
    )
    op.create_index("report_by_number", "report", ["commune", "number"], unique=True)
    op.create_index("report_by_hash", "report", ["hash"])
    op.create_table(
        "report_file",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["commune", "report_id"], ["report.commune", "report.id"]),
        sa.PrimaryKeyConstraint("commune", "report_id", "ending"),
    )
    op.create_table(
        "public_page",
        sa.Column("commune", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("announces_results", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["commune"], ["commune.code"]),
        sa.PrimaryKeyConstraint("commune"),
    )
