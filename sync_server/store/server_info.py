"""What the server knows about itself."""

from sqlalchemy import bindparam, select, text

from sync_server.store.people_rows import ServerInfoRow, VillageRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement

_INFO, _VILLAGE = table_of(ServerInfoRow), table_of(VillageRow)
_VALUE = Statement(select(_INFO.c.value).where(_INFO.c.key == bindparam("name")))
_LEAP = 2**32  # more sequences than any village gives between two backups


def find_epoch(session: Session) -> str | None:
    """The server's epoch: devices start over when it changes."""
    found = _VALUE.first(session, name="epoch")
    return found and found.value


def lock_server_info(session: Session) -> None:
    """Wait until no other server of this database is at it; then nobody else is, until this transaction ends."""
    if session.dialect.name == "postgresql":  # on SQLite whoever writes is alone
        session.execute(text("LOCK TABLE server_info IN SHARE ROW EXCLUSIVE MODE"))


def save_epoch(session: Session, epoch: str) -> None:
    session.execute(_INFO.delete().where(_INFO.c.key == "epoch"))
    session.execute(_INFO.insert().values(key="epoch", value=epoch))


def save_new_epoch(session: Session, epoch: str) -> None:
    """Store a new epoch after a restore, and raise every village's sequence far above all that devices have read.

    Otherwise a restored village would give the same sequences again for other states. After the leap, what a device has
    `seen` is older than everything new, and no cursor is beyond a new sequence.
    """
    save_epoch(session, epoch)
    session.execute(_VILLAGE.update().values(seq=_VILLAGE.c.seq + _LEAP))
