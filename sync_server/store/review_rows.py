"""The tables of back-checks. Storage only, as in `rows`."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from sync_server.store.rows import ServerTable, UtcTime, belongs_to, of_commune, one_of


class DrawRow(ServerTable, table=True):
    """The draw of a round (`id`): its secret in hexadecimal digits, which is told when the draw is closed."""

    __tablename__ = "back_check_draw"
    __table_args__ = (of_commune(),)
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    secret: str
    started_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    closed_by: str | None = None


class BackCheckRow(ServerTable, table=True):
    """A visit (`id`) whose family is asked again: what (`asks`), who is to ask, and what was said (`again`)."""

    __tablename__ = "back_check"
    __table_args__ = (
        belongs_to("household", "household_id"),
        one_of("why", ("drawn", "doubt")),
        Index("back_check_by_round", "commune", "round_id"),
        Index("back_check_by_household", "commune", "household_id"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    round_id: str
    household_id: str
    member_id: str
    why: str
    drawn_at: datetime = Field(sa_type=UtcTime)
    asks: str = Field(sa_type=Text)
    given_to: str | None = None
    again: str | None = Field(default=None, sa_type=Text)
    done_by: str | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    left_out_by: str | None = None
    left_out_why: str | None = Field(default=None, sa_type=Text)
