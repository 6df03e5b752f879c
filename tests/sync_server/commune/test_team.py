"""Somebody leaves a village's team: what their phones still may do, and what stays."""

from survey.roles import Role
from tests.sync_server.access.test_scope import HERE, THERE
from tests.sync_server.commune.test_devices import devices
from tests.sync_server.wire_client import Device, Server


def leave(asking: Device, device: Device, name: str = HERE) -> int:
    village, member = asking.server.villages[name].id, device.enrolled["member"]["id"]
    path = f"/api/v1/villages/{village}/members/{member}"
    return asking.server.request("DELETE", path, headers=asking.headers).status_code


def test_who_leaves_hands_in_what_was_recorded_and_then_wipes(
    server: Server, lan_member: Device, minh_lead: Device, household: str
) -> None:
    lan_member.send(unsent=1, scope_version=1)
    visit = lan_member.visit(household)
    server.clock.pass_by(seconds=60)
    assert devices(minh_lead)["Vũ Thị Lan"]["unsent"] == 1, "the lead sees the unsent work before"
    assert leave(minh_lead, lan_member) == 204
    assert devices(minh_lead)["Vũ Thị Lan"]["state"] == "revoked"
    reply = lan_member.send(visit)
    assert [one["verdict"] for one in reply["verdicts"]] == ["applied"]
    assert (reply["device_state"], reply["villages_in_scope"]) == ("revoked", [])
    minh_lead.pull()
    assert minh_lead.shown("household", household)["visited_by"] == "Vũ Thị Lan"
    assert [one["name"] for one in minh_lead.of_kind("member")] == ["Hoàng Văn Minh"]


def test_who_leaves_one_of_two_villages_keeps_the_phone(server: Server, minh_lead: Device) -> None:
    both = server.enroll(Role.MEMBER, "Trần Thị Sen", HERE, THERE)
    server.clock.pass_by(seconds=60)
    assert leave(minh_lead, both, THERE) == 403, "not a village of this lead"
    assert leave(minh_lead, both) == 204
    assert leave(minh_lead, both) == 404, "nobody leaves twice"
    server.clock.pass_by(seconds=60)
    reply = both.send()
    assert reply["villages_in_scope"] == [server.villages[THERE].id]


def test_a_code_of_somebody_who_left_signs_nobody_in(server: Server, lan_member: Device, minh_lead: Device) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", HERE)
    assert leave(minh_lead, lan_member) == 204
    for path in ("/api/v1/enrollments/preview", "/api/v1/enrollments"):
        answer = server.request("POST", path, json={"code": code, "device_name": "Máy"})
        assert (answer.status_code, answer.json()["type"]) == (410, "/problems/code-expired")


def test_nobody_takes_out_themselves_or_their_lead(
    server: Server, lan_member: Device, minh_lead: Device, hoa_official: Device
) -> None:
    second_lead = server.enroll(Role.LEAD, "Phạm Thị Ngà", HERE)
    assert leave(minh_lead, minh_lead) == 403
    assert leave(minh_lead, second_lead) == 403
    assert leave(lan_member, minh_lead) == 403
    assert leave(hoa_official, second_lead) == 204
