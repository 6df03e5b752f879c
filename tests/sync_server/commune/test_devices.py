"""Devices: what is known of each, revoking, reporting lost, and credentials that are renewed in silence."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from survey.roles import Role
from survey.times import wire_time
from sync_server.commune.setup import create_commune
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.builders import an_id
from tests.clock import Clock
from tests.sync_server.access.test_scope import HERE, THERE, move
from tests.sync_server.wire_client import COMMUNE, Device, Server

Json = dict[str, Any]


def ask(asking: Device, method: str, path: str) -> Json:
    answer = asking.server.request(method, f"/api/v1/{path}", headers=asking.headers)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def devices(asking: Device, name: str = HERE) -> dict[str, Json]:
    """The devices of a village by their person's name."""
    lines = ask(asking, "GET", f"villages/{asking.server.villages[name].id}/devices")["devices"]
    return {line["member"]["name"]: line for line in lines}


def end(asking: Device, device: Device, how: str) -> Json:
    return ask(asking, "POST", f"devices/{device.enrolled['device_id']}/{how}")


def slug(answer: httpx.Response) -> str:
    kind: str = answer.json()["type"]
    return f"{answer.status_code} {kind.rpartition('/')[2]}"


def test_the_list_says_who_was_here_when_and_what_still_waits(
    server: Server, lan_member: Device, tuyet_member: Device, minh_lead: Device, hoa_official: Device
) -> None:
    assert devices(minh_lead)["Vũ Thị Lan"]["last_seen"] is None
    lan_member.send(unsent=7, app_version="0.1.0")
    line = devices(minh_lead)["Vũ Thị Lan"]
    assert (line["unsent"], line["app_version"], line["role"], line["state"]) == (7, "0.1.0", "member", "active")
    assert line["last_seen"] == wire_time(server.clock())
    assert line["id"] == lan_member.enrolled["device_id"]
    assert set(devices(minh_lead)) == {"Vũ Thị Lan", "Hoàng Văn Minh"}
    assert set(devices(hoa_official, THERE)) == {"Lê Thị Tuyết"}


def test_what_is_handed_in_waits_no_more(lan_member: Device, minh_lead: Device, household: str) -> None:
    lan_member.send(lan_member.visit(household), unsent=3)
    assert devices(minh_lead)["Vũ Thị Lan"]["unsent"] == 2
    lan_member.send(unsent=0)
    assert devices(minh_lead)["Vũ Thị Lan"]["unsent"] == 0


def test_a_device_that_left_is_listed_until_it_was_told(
    server: Server, lan_member: Device, minh_lead: Device, hoa_official: Device
) -> None:
    lan_member.send(unsent=4, scope_version=1)
    server.clock.pass_by(seconds=10)
    move(server, lan_member, THERE)
    assert devices(minh_lead)["Vũ Thị Lan"]["unsent"] == 4
    server.clock.pass_by(seconds=10)
    lan_member.send(scope_version=1)
    assert "Vũ Thị Lan" not in devices(minh_lead)
    assert "Vũ Thị Lan" in devices(hoa_official, THERE)


def test_a_revoked_device_hands_in_and_gets_nothing(
    server: Server, lan_member: Device, minh_lead: Device, household: str
) -> None:
    before, elsewhere = lan_member.visit(household), an_id()
    line = end(minh_lead, lan_member, "revoke")
    assert (line["state"], line["state_by"]) == ("revoked", "Hoàng Văn Minh")
    server.clock.pass_by(days=13)
    other = lan_member.change("household", elsewhere, {"head_name": "An"}, village=server.villages[THERE].id)
    reply = lan_member.send(before, other, lan_member.visit(household, based_on=before["subject"]))
    assert [one["verdict"] for one in reply["verdicts"]] == ["applied", "held", "applied"]
    assert (reply["device_state"], reply["streams"]) == ("revoked", {})
    assert "token" not in reply, "a device that ends gets no new credential"
    assert minh_lead.shown("household", household)["visited_by"] == "Vũ Thị Lan"


def test_a_revoked_device_goes_on_writing_in_vain(
    server: Server, lan_member: Device, minh_lead: Device, household: str
) -> None:
    end(minh_lead, lan_member, "revoke")
    at = server.clock()
    server.clock.pass_by(hours=1)
    before, after = (
        lan_member.visit(household) | {"captured_at": (at + timedelta(seconds=s)).isoformat()} for s in (0, 1)
    )
    ahead = timedelta(days=400)  # a clock that is wrong all the time is known by how far
    wrong = lan_member.visit(household) | {"captured_at": (at + ahead - timedelta(minutes=1)).isoformat()}
    replies = lan_member.send(before, after)["verdicts"]
    assert [one["verdict"] for one in replies] == ["applied", "held"]
    assert replies[1]["problem"]["type"] == "/problems/after-revocation"
    now = server.clock() + ahead
    assert lan_member.send(wrong, device_time=now.isoformat())["verdicts"][0]["verdict"] == "merged"


def test_the_time_to_hand_in_comes_to_an_end_and_what_comes_later_is_kept(
    server: Server, lan_member: Device, minh_lead: Device, household: str
) -> None:
    first, second = lan_member.visit(household), lan_member.visit(household)
    end(minh_lead, lan_member, "revoke")
    server.clock.pass_by(days=13, hours=23)
    assert lan_member.verdicts(first) == ["applied"]
    server.clock.pass_by(hours=1)
    (reply,) = lan_member.send(second)["verdicts"]
    assert (reply["verdict"], reply["problem"]["type"]) == ("held", "/problems/after-revocation")


def test_a_revoked_device_is_judged_by_the_scope_that_it_had(
    server: Server, lan_member: Device, minh_lead: Device, household: str
) -> None:
    visit = lan_member.visit(household) | {"captured_at": server.clock().isoformat()}
    server.clock.pass_by(hours=1)
    end(minh_lead, lan_member, "revoke")
    server.clock.pass_by(hours=1)
    move(server, lan_member, THERE)
    there = lan_member.change("household", an_id(), {"head_name": "An"}, village=server.villages[THERE].id)
    assert lan_member.verdicts(visit, there) == ["applied", "held"]


def test_revoking_twice_and_losing_after_revoking(server: Server, lan_member: Device, minh_lead: Device) -> None:
    first = end(minh_lead, lan_member, "revoke")
    server.clock.pass_by(hours=1)
    assert end(minh_lead, lan_member, "revoke") == first
    assert end(minh_lead, lan_member, "lost")["state"] == "lost"
    assert end(minh_lead, lan_member, "revoke")["state"] == "lost", "lost stays lost"
    assert slug(lan_member.post()) == "403 device-lost"


def test_a_lead_ends_the_other_device_of_their_own_but_no_other_leads(
    server: Server, minh_lead: Device, hoa_official: Device
) -> None:
    phone = server.enroll(Role.LEAD, "Hoàng Văn Minh", HERE)
    other = server.enroll(Role.LEAD, "Ngô Thị Sen", HERE)
    path = f"/api/v1/devices/{other.enrolled['device_id']}/revoke"
    assert slug(server.request("POST", path, headers=minh_lead.headers)) == "403 not-allowed"
    assert end(minh_lead, phone, "lost")["state"] == "lost"
    itself = f"/api/v1/devices/{minh_lead.enrolled['device_id']}/lost"
    assert slug(server.request("POST", itself, headers=minh_lead.headers)) == "409 own-device"


def test_what_a_lost_device_held_is_written_down(
    server: Server, lan_member: Device, minh_lead: Device, hoa_official: Device, household: str
) -> None:
    lan_member.send(lan_member.change("household", an_id(), {"head_name": "Bùi Thị Nguyệt", "phone": "0912345678"}))
    lan_member.send(lan_member.visit(household), unsent=3, app_version="0.1.0")
    seen = wire_time(server.clock())
    server.clock.pass_by(days=1)
    end(minh_lead, lan_member, "lost")
    record = ask(hoa_official, "GET", f"devices/{lan_member.enrolled['device_id']}/incident")
    village = server.villages[HERE].model_dump()
    assert record["villages"] == [village | {"households": 2, "with_phone": 1, "people": 1}]
    assert (record["households"], record["people"], record["unsent"]) == (2, 1, 2)
    assert (record["member"]["name"], record["last_seen"], record["app_version"]) == ("Vũ Thị Lan", seen, "0.1.0")
    assert (record["reported_by"], record["reported_at"]) == ("Hoàng Văn Minh", "2026-11-23T03:04:05Z")
    assert record["notify_by"] == "2026-11-26T03:04:05Z"
    server.clock.pass_by(days=1)
    minh_lead.send(minh_lead.change("household", an_id(), {"head_name": "An"}))
    end(hoa_official, lan_member, "lost")
    again = ask(hoa_official, "GET", f"devices/{lan_member.enrolled['device_id']}/incident")
    assert again == record, "what was written first stays"


def test_what_was_held_counts_villages_that_the_device_does_not_know_it_left(
    server: Server, lan_member: Device, hoa_official: Device, household: str
) -> None:
    lan_member.send()
    server.clock.pass_by(minutes=1)
    move(server, lan_member, THERE)
    end(hoa_official, lan_member, "lost")
    record = ask(hoa_official, "GET", f"devices/{lan_member.enrolled['device_id']}/incident")
    assert {one["name"]: one["households"] for one in record["villages"]} == {HERE: 1, THERE: 0}


def test_no_record_where_nothing_was_lost(server: Server, lan_member: Device, hoa_official: Device) -> None:
    path = "/api/v1/devices/{}/incident"
    answers = [
        server.request("GET", path.format(device), headers=hoa_official.headers)
        for device in (lan_member.enrolled["device_id"], an_id(), "x%00")
    ]
    assert [slug(one) for one in answers] == ["404 incident-unknown", "404 device-unknown", "422 fields-invalid"]


class TestRenewedCredentials:
    def test_an_old_one_is_renewed_and_dies_when_the_new_one_was_used(self, server: Server, lan_member: Device) -> None:
        server.clock.pass_by(days=29)
        assert "token" not in lan_member.send()
        server.clock.pass_by(days=1)
        old, new = dict(lan_member.headers), lan_member.send()["token"]
        assert len(new) >= 43
        assert lan_member.post().status_code == 200, "the old one works until the new one was used"
        lan_member.enrolled["token"] = new
        assert "token" not in lan_member.send()
        answer = server.request("POST", "/api/v1/sync", json={"device_time": "2026-12-22T03:00:00Z"}, headers=old)
        assert slug(answer) == "401 not-signed-in"
        server.clock.pass_by(days=29)
        assert "token" not in lan_member.send()
        server.clock.pass_by(days=1)
        assert "token" in lan_member.send()

    def test_answers_that_get_lost_lock_nobody_out(self, server: Server, lan_member: Device) -> None:
        server.clock.pass_by(days=30)
        lost = [lan_member.send()["token"] for _ in range(3)]
        server.clock.pass_by(days=3)
        arrived = lan_member.send()["token"]
        assert len({*lost, arrived}) == 4
        lan_member.enrolled["token"] = arrived
        lan_member.send()
        for token in lost:
            lan_member.enrolled["token"] = token
            assert slug(lan_member.post()) == "401 not-signed-in"

    def test_of_two_answers_to_a_repeated_request_either_may_arrive(self, server: Server, lan_member: Device) -> None:
        server.clock.pass_by(days=30)
        first, second = (lan_member.send()["token"] for _ in range(2))
        lan_member.enrolled["token"] = first
        assert lan_member.post().status_code == 200
        lan_member.enrolled["token"] = second
        assert lan_member.post().status_code == 401

    def test_any_route_counts_as_use(self, server: Server, hoa_official: Device) -> None:
        server.clock.pass_by(days=30)
        old, new = hoa_official.enrolled["token"], hoa_official.send()["token"]
        hoa_official.enrolled["token"] = new
        ask(hoa_official, "GET", "coverage")
        hoa_official.enrolled["token"] = old
        assert hoa_official.post().status_code == 401

    def test_the_age_is_a_setting_and_only_hashes_are_kept(self, settings: ServerSettings) -> None:
        clock = Clock()
        server = Server(create_app(settings.model_copy(update={"token_days": 1}), clock), clock)
        try:
            self._renew_after_a_day(server)
        finally:
            server.close()

    def _renew_after_a_day(self, server: Server) -> None:
        with server.database.write() as session:
            create_commune(session, COMMUNE, server.clock())
        device = server.enroll(Role.OFFICIAL, "Đặng Thị Hoa")
        server.clock.pass_by(days=1)
        tokens = {device.enrolled["token"], device.send()["token"]}
        with server.database.read() as session:
            stored = str(session.execute(text("SELECT * FROM device_token")).all())
        assert not [token for token in tokens if token in stored]


@pytest.mark.parametrize("how", ["revoke", "lost"])
def test_a_code_makes_a_new_device_whatever_became_of_the_old(
    server: Server, lan_member: Device, minh_lead: Device, how: str
) -> None:
    end(minh_lead, lan_member, how)
    again = server.enroll(Role.MEMBER, "Vũ Thị Lan", HERE)
    assert again.enrolled["member"] == lan_member.enrolled["member"]
    assert again.send()["device_state"] == "active"
