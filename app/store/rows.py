"""The tables of the device's file, on a registry of their own. Storage only: the records validate.

The outbox is never migrated: what a person did must outlive every version of this program.
"""

from sqlalchemy import Column, Index, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class DeviceTable(SQLModel, registry=registry()):
    """Base of all tables on the device."""


class SettingRow(DeviceTable, table=True):
    """What the device knows about itself: credential, member, server epoch, scope."""

    __tablename__ = "setting"
    key: str = Field(primary_key=True)
    value: str


class VillageRow(DeviceTable, table=True):
    """A village in scope and the cursor of its stream. `into_id` is set once it was merged into another village."""

    __tablename__ = "village"
    id: str = Field(primary_key=True)
    name: str
    kind: str
    cursor: int = 0
    place: int = 0
    into_id: str | None = None


class StreamRowRow(DeviceTable, table=True):
    """A village's stream as the server sent it, each subject at its latest state.

    Kinds that this version does not know wait here, whole, for the version that does.
    """

    __tablename__ = "stream_row"
    __table_args__ = (Index("stream_row_by_kind", "kind", "village_id"),)
    village_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    seq: int
    digest: int
    body: str = Field(sa_column=Column(Text, nullable=False))


class HouseholdRow(DeviceTable, table=True):
    """What lists and search need of a household: the server's state with this device's unsent visits on top."""

    __tablename__ = "household"
    __table_args__ = (Index("household_by_place", "village_id", "address_key", "name_key"),)
    id: str = Field(primary_key=True)
    village_id: str
    head_name: str
    address: str
    alley: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone: str | None = None
    number: int | None = None
    status: str
    outcome: str | None = None
    visited_at: str | None = None
    visited_by: str | None = None
    ask_again: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    assigned_to: str | None = None
    search: str
    address_key: str
    name_key: str


class ResponseRow(DeviceTable, table=True):
    """A visit recorded on this device."""

    __tablename__ = "response"
    id: str = Field(primary_key=True)
    household_id: str = Field(index=True)
    saved_at: str
    body: str = Field(sa_column=Column(Text, nullable=False))


class OutboxRow(DeviceTable, table=True):
    """A change made here and what the server said of it. `state` is `waiting` until there is a verdict."""

    __tablename__ = "outbox"
    device_seq: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    kind: str
    subject: str
    household_id: str | None = Field(default=None, index=True)
    village_id: str
    captured_at: str
    seen: int
    schema_version: int
    body: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(default="waiting", index=True)
    seq: int | None = None
    problem: str | None = None
    settled_at: str | None = None


class DraftRow(DeviceTable, table=True):
    """An unfinished form, one for each household and person; only that person continues it."""

    __tablename__ = "draft"
    household_id: str = Field(primary_key=True)
    member_id: str = Field(primary_key=True, sa_column_kwargs={"server_default": ""})
    member_name: str = Field(sa_column_kwargs={"server_default": ""})
    saved_at: str
    body: str = Field(sa_column=Column(Text, nullable=False))
