"""The key pair for which phones seal their rescue files. It is in every backup, so a restored server opens them too."""

import json
from typing import Any

from sqlalchemy import select

from sync_server.store.people_rows import ServerInfoRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement, is_one_of

_INFO = table_of(ServerInfoRow)
_KEY = "rescue_key"
_VALUE = Statement(select(_INFO.c.value).where(_INFO.c.key == _KEY))
_BOTH = Statement(select(_INFO.c.key, _INFO.c.value).where(is_one_of(_INFO.c.key, "keys")))


def find_rescue_key(session: Session) -> dict[str, Any] | None:
    """The private key as a JWK; None before the server made one."""
    found = _VALUE.first(session)
    return json.loads(found.value) if found else None


def find_public_rescue_key(session: Session) -> dict[str, Any] | None:
    """The public part of the key as a JWK; None before the server made one."""
    key = find_rescue_key(session)
    return {name: value for name, value in key.items() if name != "d"} if key else None


def find_epoch_and_key(session: Session) -> tuple[str, dict[str, Any] | None]:
    """The server's epoch and the public part of the key: what every reply says."""
    found = {row.key: row.value for row in _BOTH.rows(session, keys=["epoch", _KEY])}
    key = json.loads(found[_KEY]) if _KEY in found else None
    return found.get("epoch", ""), {name: value for name, value in key.items() if name != "d"} if key else None


def save_rescue_key(session: Session, key: dict[str, Any]) -> None:
    session.execute(_INFO.insert().values(key=_KEY, value=json.dumps(key)))
