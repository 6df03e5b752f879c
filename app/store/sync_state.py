"""What the device knows of itself and of the server: credential, who signed in, epoch, scope, cursors."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete, select

from app.store.rows import SettingRow, VillageRow
from survey.records import Commune, Village, VillageState
from survey.roles import Role
from survey.wire import EnrollmentReply

ENDED = "ended"
MOVED_TO = "moved_to"
SALVAGED = "salvaged"
PIN, PIN_TRIES = "pin", "pin_tries"
LIST_PLACE = "list_place"


@dataclass(frozen=True)
class SignedIn:
    """The person this device belongs to, and its credential. `since` is when it became theirs, None if not known."""

    token: str
    device_id: str
    member_id: str
    member_name: str
    role: Role
    commune: Commune
    server_epoch: str
    scope_version: int
    former_token: str | None = None
    since: datetime | None = None


# Made once: to build a statement takes longer than to run it.
_SIGN_IN = select(SettingRow.key, SettingRow.value).where(
    col(SettingRow.key).in_(["sign_in", "server_epoch", "scope_version"])
)
_SETTING = select(SettingRow.value).where(SettingRow.key == bindparam("key"))
_NEW_SETTING = insert(SettingRow)
_SAVE_SETTING = _NEW_SETTING.on_conflict_do_update(
    index_elements=["key"], set_={"value": _NEW_SETTING.excluded["value"]}
)
_CURSORS = select(VillageRow.id, VillageRow.cursor)


def find_setting(session: Session, key: str) -> str | None:
    found: str | None = session.connection().execute(_SETTING, {"key": key}).scalar()
    return found


def save_setting(session: Session, key: str, value: str) -> None:
    save_settings(session, {key: value})


def save_settings(session: Session, settings: dict[str, str]) -> None:
    session.connection().execute(_SAVE_SETTING, [{"key": key, "value": settings[key]} for key in settings])


def find_device_key(session: Session) -> str | None:
    """The key that this device signs in with next, None if none was made yet."""
    return find_setting(session, "device_key")


def save_device_key(session: Session, key: str) -> None:
    """Keep the key for the next sign-in, until one has succeeded."""
    save_setting(session, "device_key", key)


def save_sign_in(session: Session, reply: EnrollmentReply, at: datetime) -> None:
    """Save the credential and the villages of an enrolment; waiting work is not touched. A PIN is gone: it was of
    whoever held the phone before, or was forgotten; so is the place in the list of households.

    A new sign-in at the same commune keeps the earlier server epoch: if the server was restored meanwhile and has lost
    this device's work, the next sync must notice.
    """
    before = find_sign_in(session)
    epoch = before.server_epoch if before and before.commune.code == reply.commune.code else reply.server_epoch
    identity: dict[str, Any] = reply.model_dump(
        mode="json", exclude={"villages", "server_epoch", "scope_version", "rescue_key"}
    )
    since = before.since if before and before.member_id == reply.member.id else at
    identity["since"] = since.isoformat() if since else None
    over = [ENDED, MOVED_TO, "device_key", PIN, PIN_TRIES, LIST_PLACE]
    session.exec(delete(SettingRow).where(col(SettingRow.key).in_(over)))
    save_setting(session, "sign_in", json.dumps(identity, ensure_ascii=False))
    save_setting(session, "server_epoch", epoch)
    save_setting(session, "scope_version", str(reply.scope_version))
    save_rescue_key(session, reply.rescue_key)
    session.exec(delete(VillageRow).where(col(VillageRow.id).not_in([village.id for village in reply.villages])))
    for place, village in enumerate(reply.villages):
        save_village(session, village, place)


def save_token(session: Session, token: str) -> None:
    """Save a renewed credential. The former one is kept too, for a server restored from before the renewal."""
    identity = json.loads(find_setting(session, "sign_in") or "{}")
    renewed = {"token": token, "former_token": identity.get("token")}
    save_setting(session, "sign_in", json.dumps(identity | renewed, ensure_ascii=False))


def save_rescue_key(session: Session, key: dict[str, Any] | None) -> None:
    """Save the server's public key for rescue files. None keeps the known one."""
    if key:
        save_setting(session, "rescue_key", json.dumps(key))


def find_rescue_key(session: Session) -> dict[str, Any] | None:
    """The server's public JWK for rescue files; None if the server never sent one."""
    text = find_setting(session, "rescue_key")
    return json.loads(text) if text else None


def find_sign_in(session: Session) -> SignedIn | None:
    """Who signed in on this device, None before the first enrolment."""
    known: dict[str, str] = dict(session.connection().execute(_SIGN_IN).all())
    if "sign_in" not in known:
        return None
    identity = json.loads(known["sign_in"])
    return SignedIn(
        token=identity["token"],
        device_id=identity["device_id"],
        member_id=identity["member"]["id"],
        member_name=identity["member"]["name"],
        role=Role(identity["role"]),
        commune=Commune.model_validate(identity["commune"]),
        server_epoch=known.get("server_epoch") or "",
        scope_version=int(known.get("scope_version") or 0),
        former_token=identity.get("former_token"),
        since=datetime.fromisoformat(identity["since"]) if identity.get("since") else None,
    )


def save_village(session: Session, village: Village, place: int | None = None) -> None:
    """Insert or rename a village in the device's scope. Its cursor is kept."""
    row = session.get(VillageRow, village.id) or VillageRow(id=village.id, name="", kind="", place=place or 0)
    row.name, row.kind = village.name, village.kind
    state = VillageState.model_validate(village.model_dump())
    row.into_id = state.into.id if state.into else None
    if place is not None:
        row.place = place
    session.add(row)


def list_villages(session: Session) -> list[Village]:
    """The villages that this person works in, without those that were merged into another."""
    here = select(VillageRow).where(col(VillageRow.into_id).is_(None))
    rows = session.exec(here.order_by(col(VillageRow.place))).all()
    return [Village(id=row.id, name=row.name, kind=row.kind) for row in rows]


def list_cursors(session: Session) -> dict[str, int]:
    """The cursor of each village in scope; 0 for a new one."""
    return dict(session.exec(_CURSORS).all())


def save_cursor(session: Session, village: str, cursor: int) -> None:
    row = session.get(VillageRow, village)
    if row is None:
        row = VillageRow(id=village, name="", kind="thôn", place=len(list_cursors(session)))
    row.cursor = cursor
    session.add(row)
