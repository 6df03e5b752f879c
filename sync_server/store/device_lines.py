"""Devices as people see them: lists and states, and the record of a lost one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from survey.devices import DeviceLine, DeviceOwner, DeviceState, Incident
from sync_server.store.people_rows import DeviceRow, IncidentRow, MemberRow, MembershipRow
from sync_server.store.rows import HouseholdRow, table_of
from sync_server.store.statements import Session
from sync_server.store.stream import list_kind

_DEVICE, _MEMBER, _MEMBERSHIP = table_of(DeviceRow), table_of(MemberRow), table_of(MembershipRow)
_INCIDENT, _HOUSEHOLD = table_of(IncidentRow), table_of(HouseholdRow)


@dataclass(frozen=True)
class HeldCounts:
    """How much personal data a village has: households with a name, those with a phone number too, and residents."""

    households: int = 0
    with_phone: int = 0
    people: int = 0


def _lines(commune: str, *where: ColumnElement[bool]) -> Select[Any]:
    own = (_MEMBER.c.commune == _DEVICE.c.commune) & (_MEMBER.c.id == _DEVICE.c.member_id)
    query = select(_DEVICE, _MEMBER.c.name.label("member_name"), _MEMBER.c.role).join(_MEMBER, own)
    return query.where(_DEVICE.c.commune == commune, *where).order_by(_MEMBER.c.name, _DEVICE.c.enrolled_at)


def _line(row: Any) -> DeviceLine:
    return DeviceLine(
        id=row.id,
        name=row.name,
        member=DeviceOwner(id=row.member_id, name=row.member_name),
        role=row.role,
        app_version=row.app_version,
        enrolled_at=row.enrolled_at,
        last_seen=row.last_seen_at,
        clock_skew=row.clock_skew,
        unsent=row.unsent,
        state=row.state,
        state_at=row.state_at,
        state_by=row.state_by,
    )


def _may_hold() -> ColumnElement[bool]:
    """The membership goes on, or the device has not synced since it ended."""
    away_since = or_(_DEVICE.c.last_seen_at.is_(None), _DEVICE.c.last_seen_at < _MEMBERSHIP.c.ended_at)
    return or_(_MEMBERSHIP.c.ended_at.is_(None), away_since)


def list_devices(session: Session, commune: str) -> list[DeviceLine]:
    """Every device of the commune, whatever its state."""
    return [_line(row) for row in session.execute(_lines(commune))]


def list_devices_of_village(session: Session, commune: str, village: str) -> list[DeviceLine]:
    """The devices that may hold the village's rows: of people who work there, or left and have not synced since."""
    its = (_MEMBERSHIP.c.commune == commune) & (_MEMBERSHIP.c.village_id == village)
    holds = exists().where(its, _MEMBERSHIP.c.member_id == _DEVICE.c.member_id, _may_hold())
    return [_line(row) for row in session.execute(_lines(commune, holds))]


def list_devices_of_member(session: Session, commune: str, member: str) -> list[DeviceLine]:
    return [_line(row) for row in session.execute(_lines(commune, _DEVICE.c.member_id == member))]


def find_device(session: Session, commune: str, device: str) -> DeviceLine | None:
    row = session.execute(_lines(commune, _DEVICE.c.id == device)).first()
    return _line(row) if row else None


def lock_device(session: Session, commune: str, device: str) -> None:
    """Lock the device until this transaction ends, so that only one person at a time changes its state."""
    session.execute(select(_DEVICE.c.id).where(_DEVICE.c.commune == commune, _DEVICE.c.id == device).with_for_update())


def mark_state(session: Session, commune: str, device: str, state: DeviceState, by: str, at: datetime) -> None:
    own = (_DEVICE.c.commune == commune) & (_DEVICE.c.id == device)
    session.execute(_DEVICE.update().where(own).values(state=state.value, state_by=by, state_at=at))


def list_villages_held(session: Session, commune: str, device: str) -> set[str]:
    """The villages whose rows a member's or lead's device may hold."""
    owns = (_MEMBERSHIP.c.commune == _DEVICE.c.commune) & (_MEMBERSHIP.c.member_id == _DEVICE.c.member_id)
    query = select(_MEMBERSHIP.c.village_id).select_from(_DEVICE).join(_MEMBERSHIP, owns)
    query = query.where(_DEVICE.c.commune == commune, _DEVICE.c.id == device, _may_hold())
    return set(session.execute(query).scalars())


def count_personal_data(session: Session, commune: str, villages: Iterable[str]) -> dict[str, HeldCounts]:
    """For each village, households with a name, those with a phone number too, and people with answers."""
    wanted = list(villages)
    homes = select(_HOUSEHOLD.c.village_id, func.count().label("all"), func.count(_HOUSEHOLD.c.phone).label("phones"))
    homes = homes.where(_HOUSEHOLD.c.commune == commune, _HOUSEHOLD.c.village_id.in_(wanted))
    homes = homes.where(_HOUSEHOLD.c.head_name != "").group_by(_HOUSEHOLD.c.village_id)
    people_there = dict.fromkeys(wanted, 0)
    for state in list_kind(session, commune, "household", wanted):
        people_there[state.village] += len((state.to_body().get("current") or {}).get("residents") or [])
    there = {row.village_id: row for row in session.execute(homes)}
    return {
        village: HeldCounts(
            there[village].all if village in there else 0,
            there[village].phones if village in there else 0,
            people_there[village],
        )
        for village in wanted
    }


def add_incident(session: Session, commune: str, incident: Incident) -> None:
    values = {"device_id": incident.device, "reported_at": incident.reported_at, "body": incident.model_dump_json()}
    session.execute(_INCIDENT.insert().values(commune=commune, **values))


def find_incident(session: Session, commune: str, device: str) -> Incident | None:
    """The record of a lost device; None if it was not reported lost."""
    query = select(_INCIDENT.c.body).where(_INCIDENT.c.commune == commune, _INCIDENT.c.device_id == device)
    body = session.execute(query).scalar()
    return Incident.model_validate_json(body) if body else None
