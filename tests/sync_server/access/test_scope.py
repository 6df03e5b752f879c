"""Who may write and read what: role by kind by village, and what happens to work when somebody's villages change."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from survey.records import TeamMember
from survey.roles import Role
from sync_server.commune.members import move_member
from sync_server.store.members import list_memberships
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Server

OUT = ["held", "out-of-scope"]
NO = ["held", "not-allowed"]
YES = ["applied", None]
HERE, THERE = "Đinh Xá", "Nghinh Tiên"


def judged(device: Device, *changes: dict[str, Any], **more: Any) -> list[list[str | None]]:
    verdicts = device.send(*changes, **more)["verdicts"]
    return [[one["verdict"], one.get("problem", {}).get("type", "").rpartition("/")[2] or None] for one in verdicts]


def move(server: Server, device: Device, *names: str) -> None:
    enrolled = device.enrolled
    member = TeamMember(**enrolled["member"], role=Role(enrolled["role"]))
    with server.database.write() as session:
        move_member(session, COMMUNE, member, [server.villages[name].id for name in names], server.clock())


def at(server: Server, **ago: float) -> str:
    return (server.clock() - timedelta(**ago)).isoformat()


@pytest.fixture
def households(server: Server, hoa_official: Device) -> dict[str, str]:
    """One household in each village."""
    made = {name: an_id() for name in server.villages}
    for name, identity in made.items():
        body = {"head_name": f"Chủ hộ ở {name}"}
        hoa_official.send(hoa_official.change("household", identity, body, village=server.villages[name].id))
    return made


# person: what each kind of change gets in the own village (Đinh Xá), and in the other one
ROWS = {
    "lan_member": {"household": (YES, OUT), "response": (YES, OUT), "attestation": (NO, OUT)},
    "minh_lead": {"household": (YES, OUT), "response": (YES, OUT), "attestation": (YES, OUT)},
    "hoa_official": {"household": (YES, YES), "response": (NO, NO), "attestation": (YES, YES)},
}


@pytest.mark.parametrize("kind", ["household", "response", "attestation"])
@pytest.mark.parametrize("person", ROWS)
def test_what_a_role_may_write_in_which_village(
    server: Server, request: pytest.FixtureRequest, households: dict[str, str], person: str, kind: str
) -> None:
    device: Device = request.getfixturevalue(person)
    for name, expected in zip((HERE, THERE), ROWS[person][kind], strict=True):
        village, home = server.villages[name].id, households[name]
        changes = {
            "household": device.change("household", an_id(), {"head_name": "Trần Thị Hòa"}, village=village),
            "response": device.visit(home) | {"village": village},
            "attestation": device.change("attestation", an_id(), {"criterion": "3", "value": True}, village=village),
        }
        assert judged(device, changes[kind]) == [expected], name


@pytest.mark.parametrize(
    ("person", "names"),
    [("lan_member", [HERE]), ("minh_lead", [HERE]), ("tuyet_member", [THERE]), ("hoa_official", [HERE, THERE])],
)
def test_nobody_reads_a_row_of_another_village(
    server: Server, request: pytest.FixtureRequest, households: dict[str, str], person: str, names: list[str]
) -> None:
    device: Device = request.getfixturevalue(person)
    scope = {server.villages[name].id for name in names}
    greedy = {village.id: 0 for village in server.villages.values()}
    answer = device.post(cursors=greedy, buckets={village: ["0" * 12] * 256 for village in greedy})
    reply = answer.json()
    assert set(reply["streams"]) == set(reply["villages_in_scope"]) == scope
    for name in {HERE, THERE} - set(names):
        assert f"Chủ hộ ở {name}" not in answer.text
        assert households[name] not in answer.text


def test_a_household_named_in_the_wrong_village_stays_where_it_is(
    server: Server, lan_member: Device, hoa_official: Device, households: dict[str, str]
) -> None:
    edit = lan_member.change("household", households[THERE], {"head_name": "Kẻ lạ"})
    visit = lan_member.visit(households[THERE])
    assert [one[0] for one in judged(lan_member, edit, visit)] == ["held", "held"]
    assert hoa_official.shown("household", households[THERE], server.villages[THERE].id) == {
        "head_name": f"Chủ hộ ở {THERE}",
        "status": "active",
    }


def test_a_new_village_comes_from_its_beginning_and_the_old_one_ends(
    server: Server, lan_member: Device, hoa_official: Device, households: dict[str, str]
) -> None:
    lan_member.pull()
    before = lan_member.send()["scope_version"]
    move(server, lan_member, THERE)
    reply = lan_member.send()
    there = server.villages[THERE].id
    assert reply["scope_version"] == before + 1
    assert reply["villages_in_scope"] == list(reply["streams"]) == [there]
    kinds = {row["kind"] for row in reply["streams"][there]["rows"]}
    assert {"village", "round", "criteria_set", "household", "member", "coverage"} <= kinds
    members = {
        name: {row["subject"] for row in hoa_rows(hoa_official, village.id) if row["kind"] == "member"}
        for name, village in server.villages.items()
    }
    lan = lan_member.enrolled["member"]["id"]
    assert (lan in members[HERE], lan in members[THERE]) == (False, True)


def hoa_rows(official: Device, village: str) -> list[dict[str, Any]]:
    official.pull()
    return list(official.rows[village].values())


def test_only_what_changes_is_written_down_and_nothing_is_forgotten(server: Server, lan_member: Device) -> None:
    began = server.clock()
    version = lan_member.send()["scope_version"]
    move(server, lan_member, HERE)
    assert lan_member.send()["scope_version"] == version, "the same villages are no change"
    server.clock.pass_by(days=1)
    move(server, lan_member, HERE, THERE)
    move(server, lan_member, THERE)
    server.clock.pass_by(days=1)
    move(server, lan_member, HERE)
    with server.database.read() as session:
        kept = list_memberships(session, COMMUNE, lan_member.enrolled["member"]["id"])
    day = timedelta(days=1)
    times = {(one.village, one.began_at, one.ended_at) for one in kept}
    here, there = server.villages[HERE].id, server.villages[THERE].id
    assert times == {
        (here, began, began + day),
        (there, began + day, began + 2 * day),
        (here, began + 2 * day, None),
    }


@pytest.mark.parametrize(
    ("captured", "expected"),
    [({"hours": 2}, YES), ({"hours": 1, "seconds": 1}, YES), ({"hours": 1}, OUT), ({"minutes": 30}, OUT)],
)
def test_work_is_taken_over_if_it_was_captured_before_the_move(
    server: Server, lan_member: Device, households: dict[str, str], captured: dict[str, float], expected: list[str]
) -> None:
    server.clock.pass_by(days=3)
    move(server, lan_member, THERE)
    server.clock.pass_by(hours=1)
    assert judged(lan_member, lan_member.visit(households[HERE]) | {"captured_at": at(server, **captured)}) == [
        expected
    ]


@pytest.mark.parametrize("years", [-56, -1, 1, 73])
@pytest.mark.parametrize(("hours", "expected"), [(2, YES), (0.5, OUT)])
def test_a_wrong_clock_is_corrected(
    server: Server, lan_member: Device, households: dict[str, str], years: int, hours: float, expected: list[str]
) -> None:
    wrong = timedelta(days=365 * years)
    server.clock.pass_by(days=3)
    move(server, lan_member, THERE)
    server.clock.pass_by(hours=1)
    now = server.clock()
    visit = lan_member.visit(households[HERE]) | {"captured_at": (now + wrong - timedelta(hours=hours)).isoformat()}
    assert judged(lan_member, visit, device_time=(now + wrong).isoformat()) == [expected]


@pytest.mark.parametrize("captured", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_clock_that_was_put_right_meanwhile_holds_the_work_and_loses_nothing(
    server: Server, lan_member: Device, hoa_official: Device, households: dict[str, str], captured: str
) -> None:
    move(server, lan_member, THERE)
    visit = lan_member.visit(households[HERE]) | {"captured_at": captured}
    assert judged(lan_member, visit) == [OUT]
    assert judged(lan_member, visit, device_time="9999-12-31T23:59:59Z") == [["duplicate", "out-of-scope"]]


def test_work_from_before_joins_what_others_wrote_since(
    server: Server, lan_member: Device, binh_member: Device, household: str
) -> None:
    mine, server.clock.now = lan_member.visit(household), server.clock() + timedelta(hours=2)
    move(server, lan_member, THERE)
    assert binh_member.verdicts(binh_member.visit(household, answers={"has_fixed_internet": "no"})) == ["applied"]
    reply = lan_member.send(mine)
    assert reply["verdicts"][0]["verdict"] == "difference"
    assert server.villages[HERE].id not in reply["streams"], "handing in shows nothing of the village that was left"


def test_a_village_that_comes_back_takes_everything_again(
    server: Server, lan_member: Device, households: dict[str, str]
) -> None:
    move(server, lan_member, THERE)
    server.clock.pass_by(hours=1)
    held = lan_member.visit(households[HERE]) | {"captured_at": at(server)}
    assert judged(lan_member, held) == [OUT]
    server.clock.pass_by(hours=1)
    move(server, lan_member, HERE, THERE)
    assert judged(lan_member, lan_member.visit(households[HERE]) | {"captured_at": at(server, hours=1)}) == [YES]


def test_clocks_are_measured_and_kept(server: Server, lan_member: Device, minh_lead: Device) -> None:
    ahead = datetime.fromisoformat(at(server, minutes=-7))
    lan_member.send(device_time=ahead.isoformat())
    answer = server.request("GET", f"/api/v1/villages/{lan_member.village}/devices", headers=minh_lead.headers)
    skews = {line["member"]["name"]: line["clock_skew"] for line in answer.json()["devices"]}
    assert skews["Vũ Thị Lan"] == 7 * 60
