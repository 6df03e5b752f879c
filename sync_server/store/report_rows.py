"""The tables of reporting periods and signed reports. Storage only, as in `rows`."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from sync_server.store.rows import ServerTable, UtcTime, belongs_to, of_commune, one_of

_KINDS = ("month", "quarter", "half_year", "nine_months", "year", "campaign")


class ReportingPeriodRow(ServerTable, table=True):
    """A period that the commune reports on. `plan` is what it set out to reach; `draft` what was written for its report
    so far: letterhead and wording."""

    __tablename__ = "reporting_period"
    __table_args__ = (of_commune(), one_of("kind", _KINDS))
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kind: str
    title: str
    starts_on: date
    ends_on: date
    plan: str = Field(sa_type=Text)
    draft: str = Field(sa_type=Text)


class ReportRow(ServerTable, table=True):
    """A signed report: the bytes that were hashed, never written again. What may still be added stands beside them: the
    number and date that the clerk gave the paper, and which report replaces it."""

    __tablename__ = "report"
    __table_args__ = (
        of_commune(),
        belongs_to("reporting_period", "period_id"),
        Index("report_by_number", "commune", "number", unique=True),
        Index("report_by_hash", "hash"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    number: int
    period_id: str
    content: bytes
    hash: str
    taken_at: datetime = Field(sa_type=UtcTime)
    signed_by: str
    replaced_by: str | None = None
    document_number: str | None = None
    document_date: date | None = None


class ReportFileRow(ServerTable, table=True):
    """A signed report as a file, as it was made at the signing; it is handed out, never made again."""

    __tablename__ = "report_file"
    __table_args__ = (belongs_to("report", "report_id"),)
    commune: str = Field(primary_key=True)
    report_id: str = Field(primary_key=True)
    ending: str = Field(primary_key=True)
    content: bytes
    hash: str


class PublicPageRow(ServerTable, table=True):
    """A commune that shows everybody the figures of its signed reports, without small counts. No row: it does not."""

    __tablename__ = "public_page"
    __table_args__ = (of_commune(),)
    commune: str = Field(primary_key=True)
    opened_at: datetime = Field(sa_type=UtcTime)
    opened_by: str
    announces_results: bool
