"""Three villages and two communes: whoever had one village, and has another now, writes in no third one.

Each kind of change by each role: work from the time in the old village is taken for the old village, for no other
village of the commune, and for none of another commune; nor is a household that lives elsewhere reached under its name.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from survey.roles import Action, Role, may
from sync_server.commune.setup import add_village, invite, open_commune
from sync_server.sync.rescue import make_rescue_key
from tests.builders import a_commune, an_id
from tests.sync_server.access.test_scope import judged, move
from tests.sync_server.conftest import CRITERIA
from tests.sync_server.sync.test_rescue import hand_in, sealed
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server

pytestmark = pytest.mark.slow

OTHER_COMMUNE = "09055"
OLD, NOW_IN, THIRD, FOREIGN = "Đinh Xá", "Nghinh Tiên", "Trại Thượng", "Đinh Xá của xã bên"
ALLOWED = {
    "new": Action.EDIT_HOUSEHOLD,
    "edit": Action.EDIT_HOUSEHOLD,
    "visit": Action.RECORD_VISIT,
    "attestation": Action.ATTEST,
    "errand": Action.GIVE_ERRAND,
    "pin_rule": Action.REQUIRE_PIN,
    "resolution": Action.SETTLE_DIFFERENCE,
    "review": Action.REVIEW_VISIT,
    "join": Action.REVIEW_VISIT,
    "move": Action.MOVE_HOUSEHOLD,
    "erasure": Action.ERASE_HOUSEHOLD,
}
ROLES = [Role.MEMBER, Role.LEAD, Role.OFFICIAL]


@dataclass
class Area:
    """The villages by name, with a household and a difference in each, as their commune's officials made them."""

    server: Server
    villages: dict[str, str]
    officials: dict[str, Device] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    differences: dict[str, str] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    doubled: dict[str, str] = field(default_factory=dict)

    def enroll(self, commune: str, role: Role, name: str, *villages: str) -> Device:
        with self.server.database.write() as session:
            now = self.server.clock()
            code = invite(session, commune, role, name, villages, now, public_url="http://server").code
        return Device(self.server, self.server.request("POST", "/api/v1/enrollments", json={"code": code}).json())

    def fill(self, village: str, official: Device, second: Device, member: Device) -> None:
        """A household with a visit, and an item that two officials attest differently."""
        place, home = {"village": self.villages[village]}, an_id()
        official.send(official.change("household", home, {"head_name": f"Chủ hộ ở {village}"}, **place))
        self.doubled[village] = an_id()
        official.send(official.change("household", self.doubled[village], {"head_name": "Chủ hộ ghi lần nữa"}, **place))
        for device, value in ((official, True), (second, False)):
            device.send(device.change("attestation", an_id(), {"criterion": "3", "value": value}, **place))
        visit = member.visit(home)
        member.send(visit)
        official.pull()
        self.officials[village], self.homes[village], self.visits[village] = official, home, visit["subject"]
        kinds = official.rows[self.villages[village]]
        self.differences[village] = next(subject for kind, subject in kinds if kind == "difference")

    def moved(self, role: Role) -> Device:
        """Somebody's device: for three days in the old village, and since an hour ago in another one."""
        if role is Role.OFFICIAL:
            return self.enroll(COMMUNE, role, "Đỗ Văn Ước")
        device = self.enroll(COMMUNE, role, "Vũ Thị Lan", OLD)
        self.server.clock.pass_by(days=3)
        move(self.server, device, NOW_IN)
        self.server.clock.pass_by(hours=1)
        return device

    def change(self, device: Device, kind: str, village: str, about: str = "", hours: float = 2) -> Json:
        """A change of the kind for a village, made hours ago, about what is in another one where that is named."""
        about, place = about or village, self.villages[village]
        home = self.homes[about]
        made: Json = {
            "new": lambda: device.change("household", an_id(), {"head_name": "Trần Thị Hòa"}),
            "edit": lambda: device.change("household", home, {"address": "Kẻ lạ ghi"}),
            "move": lambda: device.change("household", home, {"village": self.villages[NOW_IN]}),
            "visit": lambda: device.visit(home),
            "attestation": lambda: device.change("attestation", an_id(), {"criterion": "4", "value": 3}),
            "erasure": lambda: device.change(
                "erasure",
                home,
                {"household": home, "requested_at": self.server.clock().isoformat(), "basis": "family_request"},
            ),
            "join": lambda: device.change("join", an_id(), {"household": home, "other": self.doubled[about]}),
            "errand": lambda: device.change("errand", place, {"criterion": "1"}),
            "pin_rule": lambda: device.change("pin_rule", place, {"required": True}),
            "resolution": lambda: device.change(
                "resolution", an_id(), {"difference": self.differences[about], "choice": "other"}
            ),
            "review": lambda: device.change(
                "review", an_id(), {"response": self.visits[about], "verdict": "needs_fix", "fields": ["signal"]}
            ),
        }[kind]()
        at = self.server.clock() - timedelta(hours=hours)
        return made | {"village": place, "captured_at": at.isoformat()}

    def shows(self, village: str) -> dict[tuple[str, str], Any]:
        """Everything of a village as its commune's official reads it."""
        official = self.officials[village]
        official.pull()
        return {key: row["body"] for key, row in official.rows[self.villages[village]].items() if key[0] != "member"}


@pytest.fixture
def area(server: Server) -> Area:
    server.add_village(THIRD)
    villages = {name: village.id for name, village in server.villages.items()}
    with server.database.write() as session:
        open_commune(session, a_commune(code=OTHER_COMMUNE, name="Liên Châu"), CRITERIA, server.clock())
        villages[FOREIGN] = add_village(session, OTHER_COMMUNE, "Đinh Xá", server.clock()).id
    made = Area(server, villages)
    for commune, names in ((COMMUNE, (OLD, NOW_IN, THIRD)), (OTHER_COMMUNE, (FOREIGN,))):
        pair = [made.enroll(commune, Role.OFFICIAL, name) for name in ("Đặng Thị Hoa", "Bùi Văn Thủy")]
        for name in names:
            there = "Đinh Xá" if name == FOREIGN else name
            made.fill(name, *pair, made.enroll(commune, Role.MEMBER, f"Tổ viên {name}", there))
    return made


def what_became(device: Device, change: Json) -> str:
    """ "taken", or why it is held."""
    verdict, reason = judged(device, change)[0]
    return "taken" if verdict in {"applied", "merged", "difference"} else str(reason)


@pytest.mark.parametrize("role", ROLES)
def test_work_from_an_old_village_is_taken_for_that_village_alone(area: Area, role: Role) -> None:
    device = area.moved(role)
    before = {village: area.shows(village) for village in (THIRD, FOREIGN)}
    for kind, action in ALLOWED.items():
        its_own = "taken" if may(role, action) else "not-allowed"
        expected = [
            (FOREIGN, 2, "out-of-scope"),
            (FOREIGN, 0, "out-of-scope"),
            (OLD, 1.01, its_own),
            (NOW_IN, 0, its_own),
            (NOW_IN, 24 * 2, its_own),
        ]
        if role is not Role.OFFICIAL:
            expected[:0] = [(OLD, hours, "out-of-scope") for hours in (0.5, 1, 24 * 5)]
            expected[:0] = [(THIRD, hours, "out-of-scope") for hours in (0, 2)]
        for village, hours, wanted in expected:
            if (kind, village) != ("move", NOW_IN):  # where it is sent to: no move
                assert what_became(device, area.change(device, kind, village, hours=hours)) == wanted, (kind, village)
    assert {village: area.shows(village) for village in (THIRD, FOREIGN)} == before


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("about", [THIRD, FOREIGN])
def test_what_is_elsewhere_is_not_reached_under_another_villages_name(area: Area, role: Role, about: str) -> None:
    device = area.moved(role)
    before = area.shows(about)
    # Of an id that the commune does not have an erasure is taken, and changes nothing anywhere.
    for kind in ("edit", "visit", "resolution", "review", "join", "move", *(["erasure"] if about is THIRD else [])):
        of_all = role is Role.OFFICIAL and about is THIRD and may(role, ALLOWED[kind])
        for village in (OLD, NOW_IN):
            if not of_all:
                assert what_became(device, area.change(device, kind, village, about)) != "taken", (kind, village)
    assert area.shows(about) == before


@pytest.mark.parametrize("role", ROLES)
def test_no_household_is_moved_to_where_its_mover_does_not_work(area: Area, role: Role) -> None:
    device = area.moved(role)
    for target in (FOREIGN, THIRD):
        change = area.change(device, "move", OLD)
        change["body"]["village"] = area.villages[target]
        of_all = role is Role.OFFICIAL and target is THIRD
        refusal = "out-of-scope" if may(role, Action.MOVE_HOUSEHOLD) else "not-allowed"
        assert what_became(device, change) == ("taken" if of_all else refusal)
        assert (("household", area.homes[OLD]) in area.shows(target)) is of_all


@pytest.mark.parametrize("keys", ["of their own", "of before"])
@pytest.mark.parametrize("home", [COMMUNE, OTHER_COMMUNE])
def test_a_rescue_file_of_another_commune_is_refused_whoever_brings_it(area: Area, home: str, keys: str) -> None:
    """Also where villages and people of both communes have the same names, and where the communes have the key that
    was the whole server's: then the file opens, and says whose it is."""
    if keys == "of before":
        with area.server.database.write() as session:
            session.execute(text("UPDATE commune_sync SET rescue_key = :key"), {"key": json.dumps(make_rescue_key())})
    away, village = (OTHER_COMMUNE, OLD) if home == COMMUNE else (COMMUNE, FOREIGN)
    theirs, bring = (
        [area.enroll(commune, role, "Vũ Thị Lan", *(() if role is Role.OFFICIAL else ("Đinh Xá",))) for role in ROLES]
        for commune in (home, away)
    )
    before = area.shows(village)
    for sender in theirs:
        file = sealed(sender, area.change(sender, "edit", village))
        for courier in bring:
            status, problem = hand_in(area.server, courier, file)
            opens = keys == "of before" or courier is bring[0]
            refused = (403, "/problems/not-allowed") if opens else (422, "/problems/rescue-elsewhere")
            assert (status, problem["type"]) == refused
    assert area.shows(village) == before
    assert hand_in(area.server, theirs[-1], file)[0] == 200


def test_a_rescue_file_is_judged_by_the_same_villages(area: Area) -> None:
    device = area.moved(Role.LEAD)
    changes = [area.change(device, kind, village) for kind in ALLOWED for village in (OLD, THIRD, FOREIGN)]
    before = {village: area.shows(village) for village in (THIRD, FOREIGN)}
    status, reply = hand_in(area.server, area.officials[OLD], sealed(device, *changes))
    assert (status, reply["counts"].pop("held"), sum(reply["counts"].values())) == (200, 2 * len(ALLOWED), len(ALLOWED))
    assert {village: area.shows(village) for village in (THIRD, FOREIGN)} == before


@pytest.mark.parametrize("kind", ["edit", "visit"])
@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEAD])
def test_rightful_work_opens_no_door_for_other_work_of_its_request(area: Area, role: Role, kind: str) -> None:
    """The old village's household is at hand for the first change; the second names it in the present village."""
    device = area.moved(role)
    changes = [area.change(device, "visit", OLD), area.change(device, kind, NOW_IN, OLD, hours=0)]
    assert [one[0] for one in judged(device, *changes)] == ["merged", "held"]
