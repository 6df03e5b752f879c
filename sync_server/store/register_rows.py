"""The table of requests about a person's own data. Storage only, as in `rows`."""

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field

from sync_server.store.rows import ServerTable, of_commune, one_of

_KINDS = ("see", "correct", "delete", "withdraw", "restrict", "object", "complain")


class DataRequestRow(ServerTable, table=True):
    """A request of a family about its data. It names nobody: `household_id` says whom it is about while that is there,
    and is empty for somebody who is not in a list."""

    __tablename__ = "data_request"
    __table_args__ = (of_commune(), one_of("kind", _KINDS))
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    kind: str
    received_on: date
    household_id: str | None = None
    village_id: str | None = None
    note: str = Field(sa_type=Text)
    is_extended: bool
    answered_on: date | None = None
    done_on: date | None = None
    outcome: str = Field(sa_type=Text)
    written_by: str
