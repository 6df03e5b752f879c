"""One-time codes, the devices that redeemed them, and their credentials. Codes and tokens are stored as hashes only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select

from survey.devices import DeviceState
from survey.records import Commune, TeamMember
from survey.roles import Role
from sync_server.store.bulk import as_integer
from sync_server.store.epochs import TOLD, Told
from sync_server.store.people_rows import (
    CommuneRow,
    CommuneSyncRow,
    DeviceRow,
    DeviceTokenRow,
    EnrollmentCodeRow,
    MemberRow,
)
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement, is_one_of

_CODE, _DEVICE, _MEMBER = table_of(EnrollmentCodeRow), table_of(DeviceRow), table_of(MemberRow)
_COMMUNE, _SYNC, _TOKEN = table_of(CommuneRow), table_of(CommuneSyncRow), table_of(DeviceTokenRow)
PENDING_FOR = timedelta(days=1)


@dataclass(frozen=True)
class EnrollmentCode:
    """A one-time code: whose it is, when it expires, when it was used (None if it was not), with which key and by which
    device. `moves` is the device whose sign-in it moves, None for an invitation."""

    hash: str
    commune: str
    member: str
    expires_at: datetime
    used_at: datetime | None
    key_hash: str | None = None
    device: str | None = None
    moves: str | None = None


@dataclass(frozen=True)
class Owner:
    """A person, their commune, the present version of their scope, and what their commune's devices are told."""

    commune: Commune
    member: TeamMember
    scope_version: int
    told: Told


@dataclass(frozen=True)
class Seen:
    """When a device last synced, and what it reported. `clock_skew` is its clock minus the server's, in seconds."""

    at: datetime
    clock_skew: int
    unsent: int
    app_version: str


@dataclass(frozen=True)
class SignedIn:
    """The device that holds a token, and its owner. `is_new_token` is True until the token's first use; `idle_until` is
    set for a browser's credential of the office pages. `takes_over` is the device whose sign-in was moved here."""

    device: str
    owner: Owner
    state: DeviceState
    state_at: datetime | None
    seen: Seen | None
    token_issued_at: datetime
    is_new_token: bool
    idle_until: datetime | None = None
    takes_over: str | None = None


def add_code(
    session: Session,
    commune: str,
    member: str,
    code_hash: str,
    now: datetime,
    until: datetime,
    moves: str | None = None,
) -> None:
    values = {"member_id": member, "code_hash": code_hash, "created_at": now, "expires_at": until, "moves": moves}
    session.execute(_CODE.insert().values(commune=commune, **values))


def delete_transfer_codes(session: Session, commune: str, device: str) -> None:
    """Delete the unused codes that move this device's sign-in."""
    own = (_CODE.c.commune == commune) & (_CODE.c.moves == device) & _CODE.c.used_at.is_(None)
    session.execute(_CODE.delete().where(own))


def find_moved_to(session: Session, commune: str, device: str) -> str:
    """The name of the device to which this one's sign-in was moved last, empty if it was not."""
    query = select(_DEVICE.c.name).where(_DEVICE.c.commune == commune, _DEVICE.c.takes_over == device)
    name = session.execute(query.order_by(_DEVICE.c.enrolled_at.desc()).limit(1)).scalar()
    return "" if name is None else name or "máy khác"


def find_code(session: Session, code_hash: str, commune: str | None = None) -> EnrollmentCode | None:
    """The code of this hash, None if there is none. It is locked, so that it cannot be redeemed twice at once.

    It is looked for in the commune that it seems to name, then everywhere: first where it is, then with the lock, which
    a cluster gives in one commune only.
    """
    query = select(_CODE).where(_CODE.c.code_hash == code_hash)
    row = session.execute(query.where(_CODE.c.commune == commune).with_for_update()).first() if commune else None
    if row is None and (there := session.execute(query).first()):
        row = session.execute(query.where(_CODE.c.commune == there.commune).with_for_update()).first()
    if row is None:
        return None
    return EnrollmentCode(
        code_hash, row.commune, row.member_id, row.expires_at, row.used_at, row.key_hash, row.device_id, row.moves
    )


def mark_code_used(
    session: Session, commune: str, code_hash: str, at: datetime, device: str, key_hash: str | None
) -> None:
    """The device used the code up. It brought the key of this hash, if it brought one."""
    own = (_CODE.c.commune == commune) & (_CODE.c.code_hash == code_hash)
    session.execute(_CODE.update().where(own).values(used_at=at, device_id=device, key_hash=key_hash))


def add_device(
    session: Session,
    commune: str,
    member: str,
    *,
    identity: str,
    name: str,
    token_hash: str,
    now: datetime,
    idle_until: datetime | None = None,
    takes_over: str | None = None,
) -> None:
    values = {"id": identity, "member_id": member, "name": name, "enrolled_at": now, "state": "active"}
    values["takes_over"] = takes_over
    more = {"clock_skew": 0, "unsent": 0, "app_version": "", "state_by": ""}
    session.execute(_DEVICE.insert().values(commune=commune, **values, **more))
    add_token(session, commune, identity, token_hash, now, used_at=now, idle_until=idle_until)


def add_token(
    session: Session,
    commune: str,
    device: str,
    token_hash: str,
    now: datetime,
    used_at: datetime | None = None,
    idle_until: datetime | None = None,
) -> None:
    """Add a credential to those of the device. Older ones that were not used within a day are deleted."""
    stale = (_TOKEN.c.commune == commune) & (_TOKEN.c.device_id == device) & _TOKEN.c.used_at.is_(None)
    session.execute(_TOKEN.delete().where(stale, _TOKEN.c.issued_at < now - PENDING_FOR))
    values = {"token_hash": token_hash, "device_id": device, "issued_at": now, "used_at": used_at}
    session.execute(_TOKEN.insert().values(commune=commune, idle_until=idle_until, **values))


def mark_token_alive(session: Session, commune: str, token_hash: str, idle_until: datetime) -> None:
    """The browser that holds this credential was here: it works until then."""
    own = (_TOKEN.c.commune == commune) & (_TOKEN.c.token_hash == token_hash)
    session.execute(_TOKEN.update().where(own).values(idle_until=idle_until))


def list_browsers(session: Session, commune: str) -> dict[str, datetime]:
    """The devices that are browsers of the office pages, with until when each stays signed in."""
    query = select(_TOKEN.c.device_id, _TOKEN.c.idle_until)
    query = query.where(_TOKEN.c.commune == commune, _TOKEN.c.idle_until.is_not(None))
    return {row.device_id: row.idle_until for row in session.execute(query)}


def mark_token_used(session: Session, commune: str, device: str, token_hash: str, now: datetime) -> None:
    """Mark the renewed credential as used, and delete the device's other ones."""
    own = (_TOKEN.c.commune == commune) & (_TOKEN.c.device_id == device)
    session.execute(_TOKEN.update().where(own, _TOKEN.c.token_hash == token_hash).values(used_at=now))
    session.execute(_TOKEN.delete().where(own, _TOKEN.c.token_hash != token_hash))


_OWNER = (_MEMBER.c.commune, _MEMBER.c.id, _MEMBER.c.name, _MEMBER.c.role, _MEMBER.c.scope_version)
_PLACE = (_COMMUNE.c.name.label("commune_name"), _COMMUNE.c.kind.label("commune_kind"), *TOLD)
_AT_HOME = _COMMUNE.c.code == _MEMBER.c.commune
_TELLS = _SYNC.c.commune == _MEMBER.c.commune


def _owner(row: Any) -> Owner:
    commune = Commune(code=row.commune, name=row.commune_name, kind=row.commune_kind)
    member = TeamMember(id=row.id, name=row.name, role=Role(row.role))
    return Owner(commune, member, row.scope_version, Told.of(row))


def find_owner(session: Session, commune: str, member: str) -> Owner | None:
    query = select(*_OWNER, *_PLACE).join(_COMMUNE, _AT_HOME).join(_SYNC, _TELLS)
    row = session.execute(query.where(_MEMBER.c.commune == commune, _MEMBER.c.id == member)).first()
    return _owner(row) if row else None


_SIGNED_IN = (
    _DEVICE.c.id.label("device"),
    *(_DEVICE.c.state, _DEVICE.c.state_at, _DEVICE.c.last_seen_at, _DEVICE.c.takes_over),
    *(_DEVICE.c.clock_skew, _DEVICE.c.unsent, _DEVICE.c.app_version),
    *(_TOKEN.c.token_hash, _TOKEN.c.issued_at, _TOKEN.c.used_at, _TOKEN.c.idle_until),
)


def _signed_in(which: ColumnElement[bool]) -> Select[Any]:
    holder = (_DEVICE.c.commune == _TOKEN.c.commune) & (_DEVICE.c.id == _TOKEN.c.device_id)
    own = (_MEMBER.c.commune == _DEVICE.c.commune) & (_MEMBER.c.id == _DEVICE.c.member_id)
    query = select(*_OWNER, *_PLACE, *_SIGNED_IN).select_from(_TOKEN).join(_DEVICE, holder)
    query = query.join(_MEMBER, own).join(_COMMUNE, _AT_HOME).join(_SYNC, _TELLS)
    return query.where(which).order_by(_TOKEN.c.issued_at.desc())


_BY_TOKEN = Statement(_signed_in(is_one_of(_TOKEN.c.token_hash, "hashes")))
_BY_TOKEN_THERE = Statement(
    _signed_in((_TOKEN.c.commune == bindparam("of_commune")) & is_one_of(_TOKEN.c.token_hash, "hashes"))
)
_BY_ID = Statement(
    _signed_in((_DEVICE.c.commune == bindparam("of_commune")) & (_DEVICE.c.id == bindparam("of_device")))
)


def find_signed_in(session: Session, token_hash: str, commune: str | None = None) -> SignedIn | None:
    """The device that holds the token, whatever its state, with its owner; in any commune if that is None."""
    return list_signed_in(session, [token_hash], commune).get(token_hash)


def list_signed_in(session: Session, token_hashes: Iterable[str], commune: str | None = None) -> dict[str, SignedIn]:
    """The devices that hold these tokens, by the token's hash; in the commune, or in any if that is None."""
    if commune is None:
        rows = _BY_TOKEN.rows(session, hashes=token_hashes)
    else:
        rows = _BY_TOKEN_THERE.rows(session, of_commune=commune, hashes=token_hashes)
    return {row.token_hash: _read_signed_in(row) for row in rows}


def find_device(session: Session, commune: str, device: str) -> SignedIn | None:
    """The device of this id as `find_signed_in` gives it, with its latest credential."""
    row = _BY_ID.first(session, of_commune=commune, of_device=device)
    return row and _read_signed_in(row)


def _read_signed_in(row: Any) -> SignedIn:
    seen = row.last_seen_at and Seen(row.last_seen_at, row.clock_skew, row.unsent, row.app_version)
    is_new = row.used_at is None
    state = DeviceState(row.state)
    rest = (row.issued_at, is_new, row.idle_until, row.takes_over)
    return SignedIn(row.device, _owner(row), state, row.state_at, seen, *rest)


_SEEN = Statement(
    _DEVICE.update()
    .where(_DEVICE.c.commune == bindparam("of_commune"), _DEVICE.c.id == bindparam("of_device"))
    .values({name: bindparam(f"new_{name}") for name in ("last_seen_at", "clock_skew", "unsent", "app_version")})
)


def mark_seen(session: Session, devices: Iterable[tuple[str, str, Seen]]) -> None:
    """Store when each of the devices, named by commune and id, last synced, and what it reported."""
    values = [
        {
            "of_commune": commune,
            "of_device": device,
            "new_last_seen_at": seen.at,
            "new_clock_skew": as_integer(seen.clock_skew),
            "new_unsent": seen.unsent,
            "new_app_version": seen.app_version,
        }
        for commune, device, seen in devices
    ]
    _SEEN.run_each(session, values)
