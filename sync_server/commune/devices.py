"""Devices of a commune: who may see and end them (revoke, report lost), and the record of a lost one.

Everything runs in the caller's transaction. A `Problem` is raised before anything is written.
"""

from datetime import datetime, timedelta

from survey.acts import Act
from survey.devices import DeviceLine, DeviceState, HeldVillage, Incident
from survey.problems import DEVICE_UNKNOWN, INCIDENT_UNKNOWN, OWN_DEVICE
from survey.roles import Role
from sync_server.access.caller import Caller
from sync_server.audit import Doer, commune_of, name_of, note
from sync_server.commune.members import check_answers_for
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.device_lines import (
    add_incident,
    count_personal_data,
    find_device,
    find_incident,
    list_devices_of_village,
    list_villages_held,
    lock_device,
    mark_state,
)
from sync_server.store.villages import list_villages

NOTICE_WITHIN = timedelta(hours=72)


def list_for(session: Session, caller: Caller, village: str) -> list[DeviceLine]:
    """The devices that may hold the village's rows. Raises `Problem` not-allowed, or village-unknown to an official."""
    caller.check_works_in(village)
    return list_devices_of_village(session, caller.commune.code, village)


def check_may_end(session: Session, caller: Caller, device: str) -> None:
    """Check that the caller may revoke this device or report it lost.

    An official may end any device of the commune; a lead those of members in their villages, and their own other
    devices. Nobody may end the device that is calling: one wrong tap would cut its holder off.
    Raises `Problem` device-unknown, own-device or not-allowed.
    """
    commune = caller.commune.code
    line = the_device(session, commune, device)
    if line.id == caller.device:
        raise Problem(OWN_DEVICE)
    check_answers_for(session, caller, line.member.id, line.role)


def revoke(session: Session, commune: str, device: str, by: str, now: datetime) -> DeviceLine:
    """Revoke the device: from now on it may only send its unsent work. One that is revoked or lost stays as it is.

    Raises `Problem` device-unknown.
    """
    lock_device(session, commune, device)
    line = the_device(session, commune, device)
    if line.state is not DeviceState.ACTIVE:
        return line
    mark_state(session, commune, device, DeviceState.REVOKED, by, now)
    return the_device(session, commune, device)


def revoke_as(session: Session, doer: Doer, device: str, now: datetime) -> DeviceLine:
    """`revoke`, with its line in the audit log where it changed something. Raises the same."""
    commune = commune_of(doer)
    lock_device(session, commune, device)
    was = the_device(session, commune, device)
    line = revoke(session, commune, device, name_of(doer), now)
    if was.state is DeviceState.ACTIVE:
        note(session, doer, now, Act.REVOKED_DEVICE, subject_kind="device", subject=device)
    return line


def report_lost_as(session: Session, doer: Doer, device: str, now: datetime) -> Incident:
    """`report_lost`, with its line in the audit log where it was not reported before. Raises the same."""
    commune = commune_of(doer)
    lock_device(session, commune, device)
    is_new = find_incident(session, commune, device) is None
    incident = report_lost(session, commune, device, name_of(doer), now)
    if is_new:
        note(session, doer, now, Act.LOST_DEVICE, subject_kind="device", subject=device)
    return incident


def report_lost(session: Session, commune: str, device: str, by: str, now: datetime) -> Incident:
    """Cut the device off at once and record what it may hold. If it was reported before, the first record stays.

    Raises `Problem` device-unknown.
    """
    lock_device(session, commune, device)
    written = find_incident(session, commune, device)
    if written:
        return written
    incident = _write_down(session, commune, the_device(session, commune, device), by, now)
    mark_state(session, commune, device, DeviceState.LOST, by, now)
    add_incident(session, commune, incident)
    return incident


def the_incident(session: Session, commune: str, device: str) -> Incident:
    """The record of a lost device. Raises `Problem` device-unknown or incident-unknown."""
    incident = find_incident(session, commune, device)
    if incident is None:
        the_device(session, commune, device)
        raise Problem(INCIDENT_UNKNOWN)
    return incident


def the_device(session: Session, commune: str, device: str) -> DeviceLine:
    """The device as it is now. Raises `Problem` device-unknown."""
    line = find_device(session, commune, device)
    if line is None:
        raise Problem(DEVICE_UNKNOWN)
    return line


def _write_down(session: Session, commune: str, line: DeviceLine, by: str, now: datetime) -> Incident:
    ids = None if line.role is Role.OFFICIAL else list_villages_held(session, commune, line.id)
    villages = list_villages(session, commune, ids)
    counts = count_personal_data(session, commune, [village.id for village in villages])
    held = [HeldVillage(**village.model_dump(), **vars(counts[village.id])) for village in villages]
    return Incident(
        device=line.id,
        device_name=line.name,
        member=line.member,
        role=line.role,
        app_version=line.app_version,
        last_seen=line.last_seen,
        unsent=line.unsent,
        villages=held,
        households=sum(one.households for one in held),
        people=sum(one.people for one in held),
        reported_at=now,
        reported_by=by,
        notify_by=now + NOTICE_WITHIN,
    )
