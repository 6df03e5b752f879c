"""What the server knows about itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync_server.store.people_rows import ServerInfoRow
from sync_server.store.rows import table_of

_INFO = table_of(ServerInfoRow)


def find_epoch(session: Session) -> str | None:
    """The server's epoch: devices start over when it changes."""
    return session.execute(select(_INFO.c.value).where(_INFO.c.key == "epoch")).scalar()


def save_epoch(session: Session, epoch: str) -> None:
    session.execute(_INFO.delete().where(_INFO.c.key == "epoch"))
    session.execute(_INFO.insert().values(key="epoch", value=epoch))
