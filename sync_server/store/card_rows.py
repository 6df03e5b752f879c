"""The tables of household cards. Storage only, as in `rows`."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from sync_server.store.rows import ServerTable, UtcTime, belongs_to, one_of


class CardRow(ServerTable, table=True):
    """A household card; its code is printed and stuck to a door. `serial` counts within the village it was `issued_for`
    and is empty for a card that was bound before this server knew it (after a restore). `village_id` is on whose
    stream it is now."""

    __tablename__ = "card"
    __table_args__ = (
        belongs_to("village", "village_id"),
        belongs_to("household", "household_id"),
        one_of("state", ("issued", "bound", "revoked")),
        Index("card_by_code", "commune", "code", unique=True),
        Index("card_by_household", "commune", "household_id"),
        Index("card_by_serial", "commune", "issued_for", "serial", unique=True),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    village_id: str
    issued_for: str
    serial: int | None = None
    code: str
    state: str
    household_id: str | None = None


class CardEventRow(ServerTable, table=True):
    """What was done with a card, by whom and when. `change_id` is the change that did it, empty for a command."""

    __tablename__ = "card_event"
    __table_args__ = (
        belongs_to("card", "card_id"),
        one_of("what", ("issued", "bound", "unbound", "revoked", "printed")),
        Index("card_event_by_card", "commune", "card_id"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    card_id: str
    what: str
    at: datetime = Field(sa_type=UtcTime)
    done_by: str
    household_id: str | None = None
    change_id: str | None = None


class HouseholdAliasRow(ServerTable, table=True):
    """A household that a phone registered at a door whose card another phone had registered already: what is sent
    about `id` is about `household_id`."""

    __tablename__ = "household_alias"
    __table_args__ = (belongs_to("household", "household_id"),)
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    household_id: str


class HouseholdJoinRow(ServerTable, table=True):
    """That `other_id` turned out to be the household `kept_id`, by whom and when, and whether that was undone since;
    `content` is what is needed to undo it: what both showed, and what went along."""

    __tablename__ = "household_join"
    __table_args__ = (
        belongs_to("household", "kept_id"),
        belongs_to("household", "other_id"),
        Index("household_join_by_kept", "commune", "kept_id"),
        Index("household_join_by_other", "commune", "other_id"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kept_id: str
    other_id: str
    other_village_id: str
    joined_by: str
    joined_at: datetime = Field(sa_type=UtcTime)
    undone_by: str | None = None
    undone_at: datetime | None = Field(default=None, sa_type=UtcTime)
    content: str = Field(sa_type=Text)
