"""The table of the audit log. Storage only, as in `rows`."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from sync_server.store.rows import ServerTable, UtcTime, of_commune, one_of


class AuditLineRow(ServerTable, table=True):
    """One act of a person, or of the server's command line (no `member_id`). It names nobody of a household: `subject`
    is an id, `told` has counts, formats and names of files. It points at nothing, so that it outlives what it tells of.
    """

    __tablename__ = "audit_line"
    __table_args__ = (
        of_commune(),
        one_of("state", ("done", "failed")),
        Index("audit_line_by_time", "commune", "at", "id"),
    )
    commune: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)
    member_id: str | None = None
    device_id: str | None = None
    action: str
    subject_kind: str
    subject: str
    village_id: str | None = None
    purpose: str = Field(sa_type=Text)
    told: str = Field(sa_type=Text)
    state: str
