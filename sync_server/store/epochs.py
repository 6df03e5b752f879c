"""What the phones of a commune are told at every sync: the epoch, and the key for which they seal rescue files.

Each commune has its own of both: one that is restored by itself disturbs no other, and its key opens no other's files.
They are read with the caller (`devices`), whose commune is known. Both are in every backup.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from sync_server.store.bulk import add_rows
from sync_server.store.people_rows import CommuneRow, CommuneSyncRow, VillageRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement

_COMMUNE, _SYNC, _VILLAGE = table_of(CommuneRow), table_of(CommuneSyncRow), table_of(VillageRow)
_KEY = Statement(select(_SYNC.c.rescue_key).where(_SYNC.c.commune == bindparam("of_commune")))
_LEAP = 2**32  # more sequences than any village gives between two backups
TOLD = (_SYNC.c.epoch, _SYNC.c.rescue_key)
"""The columns that `Told.of` reads, for statements that find them beside something else."""


@dataclass(frozen=True)
class Own:
    """A commune's epoch, and the key pair of its rescue files as a private JWK: only where they are made."""

    epoch: str
    rescue_key: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A commune's epoch, at whose change its devices start over, and the public part of its key as a JWK."""

    epoch: str
    rescue_key: dict[str, Any]

    @classmethod
    def of(cls, row: Any) -> "Told":
        """What a row with the columns `TOLD` says."""
        return cls(row.epoch, _public(row.rescue_key))


@lru_cache(maxsize=256)
def _public(key: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(key).items() if name != "d"}


def find_rescue_key(session: Session, commune: str) -> dict[str, Any] | None:
    """The private key of the commune's rescue files as a JWK."""
    found = _KEY.first(session, of_commune=commune)
    return json.loads(found.rescue_key) if found else None


def list_without_epoch(session: Session) -> list[str]:
    """The communes and provinces that have no epoch and key: those of a database of before, which had none either."""
    query = select(_COMMUNE.c.code).outerjoin(_SYNC, _SYNC.c.commune == _COMMUNE.c.code)
    return list(session.execute(query.where(_SYNC.c.commune.is_(None)).order_by(_COMMUNE.c.code)).scalars())


def add_own(session: Session, commune: str, own: Own) -> None:
    """Keep what a new commune or province begins with."""
    add_rows(session, _SYNC, [{"commune": commune, "epoch": own.epoch, "rescue_key": json.dumps(own.rescue_key)}])


def list_with_epoch(session: Session) -> list[str]:
    """The communes and provinces that have an epoch."""
    return list(session.execute(select(_SYNC.c.commune).order_by(_SYNC.c.commune)).scalars())


def save_new_epoch(session: Session, commune: str, epoch: str) -> None:
    """Store a commune's new epoch after a restore, and raise its villages' sequences far above all that devices have
    read.

    Otherwise a restored village would give the same sequences again for other states. After the leap, what a device has
    `seen` is older than everything new, and no cursor is beyond a new sequence.
    """
    own = _VILLAGE.c.commune == commune
    session.execute(_SYNC.update().where(_SYNC.c.commune == commune).values(epoch=epoch))
    # Phones may be writing: they lock villages in this order, too.
    session.execute(select(_VILLAGE.c.id).where(own).order_by(_VILLAGE.c.id).with_for_update()).all()
    session.execute(_VILLAGE.update().where(own).values(seq=_VILLAGE.c.seq + _LEAP))
