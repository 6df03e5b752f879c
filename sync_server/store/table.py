"""What tables are made of: a base on a registry of its own, the type of an instant, and the constraints they share."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, ForeignKeyConstraint, Table
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel


class UtcTime(TypeDecorator[datetime]):
    """An instant: stored in UTC on every database, always read back with its time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Only these values, or none where the column may be empty."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def answers(*columns: str) -> list[CheckConstraint]:
    """Columns that hold yes, no, unknown or nothing."""
    return [one_of(column, ("yes", "no", "unknown")) for column in columns]


def belongs_to(table: str, column: str) -> ForeignKeyConstraint:
    """The column names a row of the table, in the same commune."""
    return ForeignKeyConstraint(["commune", column], [f"{table}.commune", f"{table}.id"])


def of_commune() -> ForeignKeyConstraint:
    """The row's commune exists."""
    return ForeignKeyConstraint(["commune"], ["commune.code"])


class ServerTable(SQLModel, registry=registry()):
    """Base of all tables on the server."""


def table_of(row: type[ServerTable]) -> Table:
    """The Core table behind a row class: what the bulk statements of this folder are written with."""
    return ServerTable.metadata.tables[str(row.__tablename__)]
