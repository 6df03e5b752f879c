"""One-time codes and the devices that redeemed them. Codes and tokens are only here as hashes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.records import Commune, TeamMember
from survey.roles import Role
from sync_server.store.people_rows import CommuneRow, DeviceRow, EnrollmentCodeRow, MemberRow
from sync_server.store.rows import table_of

_CODE, _DEVICE, _MEMBER = table_of(EnrollmentCodeRow), table_of(DeviceRow), table_of(MemberRow)
_COMMUNE = table_of(CommuneRow)


@dataclass(frozen=True)
class EnrollmentCode:
    """A code that exists: whose it is, until when it works, and whether it did already."""

    commune: str
    member: str
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Owner:
    """A person with the commune and the version of the scope they have now."""

    commune: Commune
    member: TeamMember
    scope_version: int


@dataclass(frozen=True)
class SignedIn:
    """The device behind a token."""

    device: str
    owner: Owner
    last_seen_at: datetime | None


def add_code(session: Session, commune: str, member: str, code_hash: str, now: datetime, until: datetime) -> None:
    values = {"member_id": member, "code_hash": code_hash, "created_at": now, "expires_at": until}
    session.execute(_CODE.insert().values(commune=commune, **values))


def find_code(session: Session, code_hash: str) -> EnrollmentCode | None:
    """The code of this hash; held by this transaction, so that it cannot be redeemed twice at once."""
    row = session.execute(select(_CODE).where(_CODE.c.code_hash == code_hash).with_for_update()).first()
    return EnrollmentCode(row.commune, row.member_id, row.expires_at, row.used_at) if row else None


def mark_code_used(session: Session, commune: str, code_hash: str, at: datetime) -> None:
    own = (_CODE.c.commune == commune) & (_CODE.c.code_hash == code_hash)
    session.execute(_CODE.update().where(own).values(used_at=at))


def add_device(
    session: Session, commune: str, member: str, *, identity: str, name: str, token_hash: str, now: datetime
) -> None:
    values = {"id": identity, "member_id": member, "name": name, "token_hash": token_hash, "enrolled_at": now}
    session.execute(_DEVICE.insert().values(commune=commune, clock_skew=0, **values))


_OWNER = (_MEMBER.c.commune, _MEMBER.c.id, _MEMBER.c.name, _MEMBER.c.role, _MEMBER.c.scope_version)
_PLACE = (_COMMUNE.c.name.label("commune_name"), _COMMUNE.c.kind.label("commune_kind"))


def _owner(row: object) -> Owner:
    commune = Commune(code=row.commune, name=row.commune_name, kind=row.commune_kind)  # type: ignore[attr-defined]
    member = TeamMember(id=row.id, name=row.name, role=Role(row.role))  # type: ignore[attr-defined]
    return Owner(commune, member, row.scope_version)  # type: ignore[attr-defined]


def find_owner(session: Session, commune: str, member: str) -> Owner | None:
    query = select(*_OWNER, *_PLACE).join(_COMMUNE, _COMMUNE.c.code == _MEMBER.c.commune)
    row = session.execute(query.where(_MEMBER.c.commune == commune, _MEMBER.c.id == member)).first()
    return _owner(row) if row else None


def find_signed_in(session: Session, token_hash: str) -> SignedIn | None:
    """The device that holds the token, with its owner."""
    own = (_MEMBER.c.commune == _DEVICE.c.commune) & (_MEMBER.c.id == _DEVICE.c.member_id)
    query = select(*_OWNER, *_PLACE, _DEVICE.c.id.label("device"), _DEVICE.c.last_seen_at).select_from(_DEVICE)
    query = query.join(_MEMBER, own).join(_COMMUNE, _COMMUNE.c.code == _MEMBER.c.commune)
    row = session.execute(query.where(_DEVICE.c.token_hash == token_hash)).first()
    return SignedIn(row.device, _owner(row), row.last_seen_at) if row else None


def mark_seen(session: Session, commune: str, device: str, now: datetime, clock_skew: int) -> None:
    """When the device was last here, and how far its clock is from the server's, in seconds."""
    own = (_DEVICE.c.commune == commune) & (_DEVICE.c.id == device)
    session.execute(_DEVICE.update().where(own).values(last_seen_at=now, clock_skew=clock_skew))
