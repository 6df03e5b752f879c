"""The tables of the survey and the sync, and the parts that all tables are made of. Storage only: records check values.

Every table carries its commune in the key, so that a country can be spread over many databases by commune. The CHECK
constraints only repeat checks that the records make. `docs/data-model.md` says why each table is there.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, ForeignKeyConstraint, Index, Table, Text
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

_OUTCOMES = ("completed", "refused", "absent", "vacant", "moved")
_STATUSES = ("active", "moved", "vacant", "refused")
_VERDICTS = ("applied", "merged", "difference", "held", "invalid")


class UtcTime(TypeDecorator[datetime]):
    """An instant: stored in UTC on every database, always read back with its time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        try:
            return value.astimezone(UTC)
        except OverflowError:  # a clock at the very beginning or end of time, in a zone where UTC is beyond it
            return value.replace(tzinfo=UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A CHECK for these values, or NULL where the column may be empty. Not written as `IN`: see migration 0004."""
    known = " OR ".join(f"{column} = '{value}'" for value in values)
    return CheckConstraint(known, name=f"{column}_is_known")


def answers(*columns: str) -> list[CheckConstraint]:
    """CHECKs for columns that hold yes, no, unknown or NULL."""
    return [one_of(column, ("yes", "no", "unknown")) for column in columns]


def belongs_to(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key: the column holds the id of a row of the table, in the same commune."""
    return ForeignKeyConstraint(["commune", column], [f"{table}.commune", f"{table}.id"])


def of_commune() -> ForeignKeyConstraint:
    """A foreign key to the row's commune."""
    return ForeignKeyConstraint(["commune"], ["commune.code"])


class ServerTable(SQLModel, registry=registry()):
    """Base of all tables on the server."""


def table_of(row: type[ServerTable]) -> Table:
    """The Core table behind a row class: what the bulk statements of this folder are written with."""
    return ServerTable.metadata.tables[str(row.__tablename__)]


class HouseholdRow(ServerTable, table=True):
    """A household's present state in plain columns, for counting and lists.

    `listed_as` is the first line of a list that named it, `listed_in` the village that this line named, `list_number`
    the number that the commune's lists give the household. `quarantined_at` is since when it is off its village's
    stream: by a command, or because it turned out to be another household (`HouseholdJoinRow`).
    """

    __tablename__ = "household"
    __table_args__ = (
        belongs_to("village", "village_id"),
        one_of("status", _STATUSES),
        one_of("outcome", _OUTCOMES),
        *answers("has_fixed_internet", "has_digital_address", "in_village_group", "has_fluent_user"),
        *answers("runs_business", "accepts_cashless"),
        one_of("signal", ("good", "weak", "none", "unknown")),
        Index("household_by_village", "commune", "village_id"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    village_id: str
    head_name: str
    address: str
    phone: str | None = None
    status: str
    assigned_to: str | None = None
    card: str | None = None
    number: int | None = None
    listed_as: str | None = None
    listed_in: str | None = None
    list_number: str | None = None
    quarantined_at: datetime | None = Field(default=None, sa_type=UtcTime)
    response_id: str | None = None
    outcome: str | None = None
    visited_at: datetime | None = Field(default=None, sa_type=UtcTime)
    visited_by: str | None = None
    left_at: datetime | None = Field(default=None, sa_type=UtcTime)
    has_fixed_internet: str | None = None
    has_digital_address: str | None = None
    in_village_group: str | None = None
    has_fluent_user: str | None = None
    signal: str | None = None
    runs_business: str | None = None
    accepts_cashless: str | None = None


class NamedAgainRow(ServerTable, table=True):
    """A later line of a list that named a household, with the village it named. Each way of naming it is one row."""

    __tablename__ = "household_named_again"
    __table_args__ = (belongs_to("household", "household_id"),)
    commune: str = Field(primary_key=True)
    household_id: str = Field(primary_key=True)
    village_id: str = Field(primary_key=True)
    line: str = Field(primary_key=True)


class HouseholdHistoryRow(ServerTable, table=True):
    """A household's own fields after each change, and what was sent: the base that a later edit is merged against."""

    __tablename__ = "household_history"
    __table_args__ = ({"sqlite_with_rowid": False},)
    commune: str = Field(primary_key=True)
    household_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    device_id: str | None = None
    written_by: str | None = None
    written_at: datetime | None = Field(default=None, sa_type=UtcTime)
    sent: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)


class ResponseRow(ServerTable, table=True):
    """A visit as it was received: immutable. `shown` are the household's answers after it, if not the visit's own."""

    __tablename__ = "response"
    __table_args__ = (
        belongs_to("household", "household_id"),
        one_of("outcome", _OUTCOMES),
        Index("response_by_household", "commune", "household_id"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    village_id: str
    household_id: str
    round_id: str
    outcome: str
    member_id: str
    change_id: str
    received_at: datetime = Field(sa_type=UtcTime)
    body: str = Field(sa_type=Text)
    shown: str | None = Field(default=None, sa_type=Text)


class AttestationRow(ServerTable, table=True):
    """A village's present attestation of a criterion."""

    __tablename__ = "attestation"
    commune: str = Field(primary_key=True)
    village_id: str = Field(primary_key=True)
    criterion: str = Field(primary_key=True)
    id: str
    seq: int = Field(sa_type=BigInteger)
    device_id: str
    body: str = Field(sa_type=Text)


class DifferenceRow(ServerTable, table=True):
    """A difference between two people's edits, with both values, for the lead. Its id is that of the later change.

    `settled_by` is the change that answered it. `shown` are the household's answers after that, if it changed them: a
    visit that is filled in from them names that change as its base.
    """

    __tablename__ = "difference"
    __table_args__ = (
        one_of("state", ("open", "settled")),
        Index("difference_by_village", "commune", "village_id"),
        Index("difference_by_household", "commune", "household_id"),
        Index("difference_by_answer", "commune", "settled_by"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    village_id: str
    household_id: str | None = None
    state: str
    found_at: datetime = Field(sa_type=UtcTime)
    settled_by: str | None = None
    body: str = Field(sa_type=Text)
    shown: str | None = Field(default=None, sa_type=Text)


class ChangeRow(ServerTable, table=True):
    """Every change a device sent, with its verdict. `body` is left out where the visit itself is kept as a response."""

    __tablename__ = "change"
    __table_args__ = (
        one_of("verdict", _VERDICTS),
        Index("change_waiting", "commune", "subject_household", "verdict"),
        Index("change_by_time", "commune", "received_at", "id"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    device_id: str
    device_seq: int = Field(sa_type=BigInteger)
    kind: str
    subject: str
    village_id: str
    subject_household: str | None = None
    captured_at: datetime = Field(sa_type=UtcTime)
    received_at: datetime = Field(sa_type=UtcTime)
    clock_skew: int
    seen: int = Field(sa_type=BigInteger)
    schema_version: int
    verdict: str
    seq: int | None = Field(default=None, sa_type=BigInteger)
    digest: str
    problem: str | None = Field(default=None, sa_type=Text)
    body: str | None = Field(default=None, sa_type=Text)


class SetAsideRow(ServerTable, table=True):
    """Content that is no stored change: unreadable, under an id used before, from a rescue file without a valid
    credential, or quarantined. Kept as it was, once for each digest and device."""

    __tablename__ = "set_aside"
    commune: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    device_id: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=UtcTime)
    problem: str = Field(sa_type=Text)
    content: str = Field(sa_type=Text)


class ErasureRow(ServerTable, table=True):
    """The proof that a household was erased at its family's request. Nothing else of the household is left."""

    __tablename__ = "erasure"
    commune: str = Field(primary_key=True)
    household_id: str = Field(primary_key=True)
    village_id: str
    requested_at: datetime = Field(sa_type=UtcTime)
    erased_at: datetime = Field(sa_type=UtcTime)
    member_id: str
    done_by: str
    basis: str
    change_id: str


class StreamRow(ServerTable, table=True):
    """A village's stream: every subject at its latest state. A removed one has no body and the digest 0."""

    __tablename__ = "stream_row"
    __table_args__ = (
        belongs_to("village", "village_id"),
        Index("stream_row_by_seq", "commune", "village_id", "seq", "digest"),
    )
    commune: str = Field(primary_key=True)
    village_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    digest: int = Field(sa_type=BigInteger)
    body: str | None = Field(default=None, sa_type=Text)
