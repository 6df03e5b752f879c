"""What the pages show of villages' teams: who works where, which alleys they have, what their devices still hold."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.alleys import alley_of
from survey.devices import DeviceLine, DeviceState
from survey.records import REGISTERED_STATUSES, TeamMember, Village
from survey.roles import Role
from survey.vietnamese import collation_key, name_sort_key, spelling
from sync_server.access.caller import Caller
from sync_server.commune.devices import list_for
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices_of_member
from sync_server.store.devices import list_browsers
from sync_server.store.members import list_members, list_team
from sync_server.store.stream import list_kind
from sync_server.store.villages import list_villages

LATE, SILENT = timedelta(days=3), timedelta(days=7)
STATE_WORDS = {
    DeviceState.ACTIVE: "Đang dùng",
    DeviceState.REVOKED: "Đã thôi dùng",
    DeviceState.LOST: "Đã báo mất",
}


@dataclass(frozen=True)
class Alley:
    """An alley with its registered households; `assigned` counts them by the person who is to visit them."""

    name: str
    households: int
    assigned: Counter[str]


@dataclass(frozen=True)
class Device:
    """A device as a page shows it. `signed_in_until` is set for a browser of these pages, which holds nothing to send;
    `is_late` says that it has unsent work and was last seen days ago, `is_silent` that nobody has seen it for long."""

    line: DeviceLine
    signed_in_until: datetime | None
    is_mine: bool
    is_late: bool
    is_silent: bool

    @property
    def in_use(self) -> bool:
        return self.line.state is DeviceState.ACTIVE

    @property
    def state_words(self) -> str:
        return STATE_WORDS[self.line.state]


@dataclass(frozen=True)
class Person:
    """Somebody of a team with the alleys they have in this village, and the devices that are of interest now."""

    member: TeamMember
    alleys: list[str]
    devices: list[Device]


@dataclass(frozen=True)
class Team:
    """A village with its people (leads first), its alleys, and the devices of people who left and have not handed in
    since."""

    village: Village
    people: list[Person]
    left: list[Device]
    alleys: list[Alley]

    @property
    def households(self) -> int:
        return sum(one.households for one in self.alleys)


@dataclass(frozen=True)
class Summary:
    """How many devices hold unsent work, how much it is, and how many were not seen for a week."""

    waiting: int
    unsent: int
    silent: int


def list_teams(session: Session, caller: Caller, villages: Iterable[str], now: datetime) -> list[Team]:
    """The teams of these villages of the caller. Raises `Problem` not-allowed or village-unknown for another one."""
    wanted = list(villages)
    browsers = list_browsers(session, caller.commune.code)
    alleys = _alleys(session, caller.commune.code, wanted)
    teams = []
    for village in list_villages(session, caller.commune.code, wanted):
        lines = [look_at(one, browsers, caller, now) for one in list_for(session, caller, village.id)]
        team = list_team(session, caller.commune.code, village.id)
        people = [
            Person(one, alleys_of(alleys[village.id], one.id), [d for d in lines if d.line.member.id == one.id])
            for one in sorted(team, key=lambda one: (one.role is not Role.LEAD, name_sort_key(one.name)))
        ]
        here = {one.id for one in team}
        left = [
            one
            for one in lines
            if one.line.member.id not in here and one.line.state is not DeviceState.LOST and one.line.id not in browsers
        ]
        teams.append(Team(village, [_with_present(one) for one in people], left, alleys[village.id]))
    return teams


def list_officials(session: Session, caller: Caller, now: datetime) -> list[Person]:
    """The commune's officials with the devices that they use."""
    commune = caller.commune.code
    browsers = list_browsers(session, commune)
    officials = [one for one in list_members(session, commune) if one.role is Role.OFFICIAL]
    return [
        _with_present(
            Person(
                one,
                [],
                [look_at(line, browsers, caller, now) for line in list_devices_of_member(session, commune, one.id)],
            )
        )
        for one in sorted(officials, key=lambda one: name_sort_key(one.name))
    ]


def look_at(line: DeviceLine, browsers: dict[str, datetime], caller: Caller, now: datetime) -> Device:
    """The device for a page of this caller; `browsers` as the store lists them."""
    away = now - (line.last_seen or line.enrolled_at)
    is_phone, is_lost = line.id not in browsers, line.state is DeviceState.LOST
    return Device(
        line,
        browsers.get(line.id),
        line.id == caller.device,
        is_phone and not is_lost and line.unsent > 0 and away > LATE,
        is_phone and line.state is DeviceState.ACTIVE and away > SILENT,
    )


def sum_up(teams: Iterable[Team], others: Iterable[Person] = ()) -> Summary:
    """The figures over all devices; one that is in two villages counts once, one that was lost holds nothing more."""
    people = [person for team in teams for person in team.people] + list(others)
    devices = {one.line.id: one for person in people for one in person.devices}
    devices |= {one.line.id: one for team in teams for one in team.left}
    waiting = [one for one in devices.values() if one.line.unsent and one.line.state is not DeviceState.LOST]
    unsent = sum(one.line.unsent for one in waiting)
    return Summary(len(waiting), unsent, sum(one.is_silent for one in devices.values()))


def alleys_of(alleys: Iterable[Alley], member: str) -> list[str]:
    """The person's alleys in words, with how many of the households are theirs."""
    found = []
    for one in alleys:
        theirs = one.assigned[member]
        if theirs:
            part = f"{theirs} hộ" if theirs == one.households else f"{theirs} trên {one.households} hộ"
            found.append(f"{one.name or 'không ghi ngõ'} ({part})")
    return found


def _with_present(person: Person) -> Person:
    """Without the devices that are done with: ended ones that hold nothing more."""
    present = [
        one
        for one in person.devices
        if (one.in_use and (one.signed_in_until is None or one.is_mine)) or (one.line.unsent and not one.in_use)
    ]
    return Person(person.member, person.alleys, present)


def _alleys(session: Session, commune: str, villages: list[str]) -> dict[str, list[Alley]]:
    homes: dict[str, dict[str, list[tuple[str, str]]]] = {one: defaultdict(list) for one in villages}
    keys: dict[str, str] = {}
    for state in list_kind(session, commune, "household", villages):
        body = state.to_body()
        if body.get("status", "active") in REGISTERED_STATUSES:
            name = alley_of(str(body.get("address") or ""))
            if name not in keys:  # the key of a name costs most of the page
                keys[name] = spelling(name)
            homes[state.village][keys[name]].append((name, body.get("assigned_to") or ""))
    return {
        village: sorted(
            (
                Alley(
                    Counter(name for name, _ in those).most_common(1)[0][0],
                    len(those),
                    Counter(member for _, member in those if member),
                )
                for those in by_alley.values()
            ),
            key=lambda one: collation_key(one.name),
        )
        for village, by_alley in homes.items()
    }
