"""Wrong codes of the last 15 minutes, counted for all processes of the server. The codes themselves are not stored.

Those of the next 15 minutes count, too: the clocks of two processes differ. Later ones are of a clock that was wrong.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select

from sync_server.store.people_rows import WrongCodeRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session

_WRONG = table_of(WrongCodeRow)


def add_wrong_code(session: Session, identity: str, address: str, at: datetime, window: timedelta) -> None:
    """Remember a wrong code of an address, and forget those that are not within the window of it."""
    session.execute(_WRONG.delete().where(~_WRONG.c.at.between(at - window, at + window)))
    session.execute(_WRONG.insert().values(id=identity, address=_hashed(address), at=at))


def count_wrong_codes(session: Session, address: str, at: datetime, window: timedelta) -> tuple[int, int]:
    """How many wrong codes came within the window of `at`: from the address, and from all addresses."""
    theirs = func.count().filter(_WRONG.c.address == _hashed(address))
    row = session.execute(select(theirs, func.count()).where(_WRONG.c.at.between(at - window, at + window))).one()
    return row[0], row[1]


def _hashed(address: str) -> str:
    """A hash: enough to recognise an address, without storing it."""
    return sha256(address.encode()).hexdigest()[:32]
