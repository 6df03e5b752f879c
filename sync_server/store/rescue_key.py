"""The key pair for which phones seal their rescue files. It is in every backup, so a restored server opens them too."""

import json
from typing import Any

from sqlalchemy import select

from sync_server.store.people_rows import ServerInfoRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement

_INFO = table_of(ServerInfoRow)
_KEY = "rescue_key"
_VALUE = Statement(select(_INFO.c.value).where(_INFO.c.key == _KEY))


def find_rescue_key(session: Session) -> dict[str, Any] | None:
    """The private key as a JWK; None before the server made one."""
    found = _VALUE.first(session)
    return json.loads(found.value) if found else None


def find_public_rescue_key(session: Session) -> dict[str, Any] | None:
    """The public part of the key as a JWK; None before the server made one."""
    key = find_rescue_key(session)
    return {name: value for name, value in key.items() if name != "d"} if key else None


def save_rescue_key(session: Session, key: dict[str, Any]) -> None:
    session.execute(_INFO.insert().values(key=_KEY, value=json.dumps(key)))
