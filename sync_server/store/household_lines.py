"""Households as lists show them, and everything that was sent about one. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from sync_server.store.people_rows import DeviceRow, MemberRow
from sync_server.store.rows import ChangeRow, DifferenceRow, HouseholdRow, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_HOUSEHOLD, _DIFFERENCE, _CHANGE = table_of(HouseholdRow), table_of(DifferenceRow), table_of(ChangeRow)
_DEVICE, _MEMBER = table_of(DeviceRow), table_of(MemberRow)
_SHOWN = ("id", "village_id", "head_name", "address", "phone", "status", "card", "number")
_VISITED = ("outcome", "visited_at", "visited_by")
_LINES = Statement(
    select(*(_HOUSEHOLD.c[name] for name in (*_SHOWN, *_VISITED))).where(
        _HOUSEHOLD.c.commune == bindparam("commune"),
        is_one_of(_HOUSEHOLD.c.village_id, "villages"),
        _HOUSEHOLD.c.quarantined_at.is_(None),
    )
)
_DISPUTED = Statement(
    select(_DIFFERENCE.c.household_id).where(
        _DIFFERENCE.c.commune == bindparam("commune"),
        is_one_of(_DIFFERENCE.c.village_id, "villages"),
        _DIFFERENCE.c.state == "open",
        _DIFFERENCE.c.household_id.is_not(None),
    )
)
_DEEDS = (
    select(
        *(_CHANGE.c[name] for name in ("kind", "subject", "verdict", "seq", "captured_at", "received_at")),
        _DEVICE.c.name.label("device"),
        _MEMBER.c.name.label("by"),
    )
    .join(_DEVICE, (_DEVICE.c.commune == _CHANGE.c.commune) & (_DEVICE.c.id == _CHANGE.c.device_id))
    .join(_MEMBER, (_MEMBER.c.commune == _DEVICE.c.commune) & (_MEMBER.c.id == _DEVICE.c.member_id))
    .where(
        _CHANGE.c.commune == bindparam("commune"),
        _CHANGE.c.subject_household == bindparam("household"),
        _CHANGE.c.verdict.in_(["applied", "merged", "difference", "held"]),
    )
    .order_by(_CHANGE.c.received_at, _CHANGE.c.device_seq)
)


@dataclass(frozen=True)
class HouseholdLine:
    """One household of a list, from its columns: no answers and no residents are read."""

    id: str
    village: str
    head_name: str
    address: str
    phone: str | None
    status: str
    card: str | None
    number: int | None
    outcome: str | None
    visited_at: datetime | None
    visited_by: str | None


@dataclass(frozen=True)
class Deed:
    """A change that somebody sent about a household: `captured_at` by the device's clock, `received_at` by ours."""

    kind: str
    subject: str
    verdict: str
    seq: int | None
    captured_at: datetime
    received_at: datetime
    device: str
    by: str


def list_lines(session: Session, commune: str, villages: Iterable[str]) -> list[HouseholdLine]:
    """Every household of the villages, in no order. Quarantined ones are left out."""
    return [HouseholdLine(*row) for row in _LINES.rows(session, commune=commune, villages=villages)]


def list_disputed(session: Session, commune: str, villages: Iterable[str]) -> set[str]:
    """The households of the villages that a difference is open about."""
    return {row.household_id for row in _DISPUTED.rows(session, commune=commune, villages=villages)}


def list_deeds(session: Session, commune: str, household: str) -> list[Deed]:
    """What was sent about the household and was not refused, the oldest first."""
    rows = session.execute(_DEEDS, {"commune": commune, "household": household})
    return [Deed(**row) for row in rows.mappings()]
