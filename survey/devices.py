"""The devices of a commune as its leads and officials see them, and the record of one that was lost."""

from enum import StrEnum

from pydantic import AwareDatetime

from survey.ids import Id
from survey.records import Name, Record, Text
from survey.roles import Role


class DeviceState(StrEnum):
    """`REVOKED` may still hand in what it holds and then wipes itself; `LOST` is cut off."""

    ACTIVE = "active"
    REVOKED = "revoked"
    LOST = "lost"


class DeviceOwner(Record):
    id: Id
    name: Name


class DeviceLine(Record):
    """One device. `unsent` is how many changes still waited on it after its last sync; `clock_skew` is in seconds."""

    id: Id
    name: Text
    member: DeviceOwner
    role: Role
    app_version: Text = ""
    enrolled_at: AwareDatetime
    last_seen: AwareDatetime | None = None
    clock_skew: int = 0
    unsent: int = 0
    state: DeviceState = DeviceState.ACTIVE
    state_at: AwareDatetime | None = None
    state_by: Text = ""


class DeviceList(Record):
    devices: list[DeviceLine]


class HeldVillage(Record):
    """What a device could hold of a village: how many households (name, address), phone numbers and people."""

    id: Id
    name: Name
    kind: Text
    households: int
    with_phone: int
    people: int


class Incident(Record):
    """A device that was reported lost and what it could hold, for the notice that is due by `notify_by`."""

    device: Id
    device_name: Text
    member: DeviceOwner
    role: Role
    app_version: Text
    last_seen: AwareDatetime | None
    unsent: int
    villages: list[HeldVillage]
    households: int
    people: int
    reported_at: AwareDatetime
    reported_by: Text
    notify_by: AwareDatetime
