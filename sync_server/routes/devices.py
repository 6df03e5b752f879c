"""/api/v1/villages/{id}/devices and /api/v1/devices/{id}/…: seeing devices, revoking them, reporting them lost."""

from fastapi import APIRouter

from survey.devices import DeviceLine, DeviceList, Incident
from survey.ids import Id
from sync_server.commune.devices import check_may_end, list_for, report_lost_as, revoke_as, the_device, the_incident
from sync_server.http.deps import CommuneCaller, DatabaseDep, DeviceCaller, NowDep, SessionDep

router = APIRouter()


@router.get("/api/v1/villages/{village}/devices")
def village_devices(caller: DeviceCaller, session: SessionDep, village: Id) -> DeviceList:
    """The devices that may hold the village's rows, with when each last synced and how much unsent work it has."""
    return DeviceList(devices=list_for(session, caller, village))


@router.post("/api/v1/devices/{device}/revoke")
def revoke_device(caller: DeviceCaller, database: DatabaseDep, now: NowDep, device: Id) -> DeviceLine:
    """Revoke the device: it may still send its unsent work, gets no more data, and then wipes itself."""
    with database.write() as session:
        check_may_end(session, caller, device)
        return revoke_as(session, caller, device, now)


@router.post("/api/v1/devices/{device}/lost")
def lose_device(caller: DeviceCaller, database: DatabaseDep, now: NowDep, device: Id) -> DeviceLine:
    """Report the device lost: it is cut off at once, and what it may hold is recorded for the commune's notice."""
    with database.write() as session:
        check_may_end(session, caller, device)
        report_lost_as(session, caller, device, now)
        return the_device(session, caller.commune.code, device)


@router.get("/api/v1/devices/{device}/incident")
def incident(caller: CommuneCaller, session: SessionDep, device: Id) -> Incident:
    """The record that was made when the device was reported lost."""
    return the_incident(session, caller.commune.code, device)
