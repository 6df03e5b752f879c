"""A lead invites from the phone: a new person, a further phone, another person of the same name."""

import pytest

from survey.roles import Role
from tests.sync_server.wire_client import Device, Json, Server


def invited(device: Device, **body: object) -> Json:
    asked = {"name": "Lê Văn Tư", "villages": [device.village]} | body
    answer = device.server.request("POST", "/api/v1/invitations", json=asked, headers=device.headers)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def test_a_new_person_signs_in_with_the_code(server: Server, minh_lead: Device) -> None:
    made = invited(minh_lead)
    assert made["link"] == f"http://server/app/#/enroll/{made['code']}"
    assert (made["is_new_member"], made["devices"], made["namesakes"]) == (True, 0, [])
    answer = server.request("POST", "/api/v1/enrollments", json={"code": made["code"]})
    assert answer.status_code == 201
    signed_in = answer.json()
    assert (signed_in["role"], signed_in["member"]["name"]) == ("member", "Lê Văn Tư")
    assert [one["id"] for one in signed_in["villages"]] == [minh_lead.village]
    names = [one["name"] for one in minh_lead.of_kind("member")]
    assert "Lê Văn Tư" in names, "the team learns of it with the next sync"


def test_who_is_there_gets_a_further_phone_and_a_namesake_is_another_person(server: Server, minh_lead: Device) -> None:
    first = invited(minh_lead)
    assert server.request("POST", "/api/v1/enrollments", json={"code": first["code"]}).status_code == 201
    again = invited(minh_lead, name="lê văn tư")
    assert (again["is_new_member"], again["devices"], again["member"]) == (False, 1, first["member"])
    other = invited(minh_lead, new_person=True)
    assert other["is_new_member"]
    assert [one["id"] for one in other["namesakes"]] == [first["member"]["id"]]


def test_a_phone_is_replaced_for_who_works_in_two_villages_and_for_the_lead(
    server: Server, minh_lead: Device, tuyet_member: Device
) -> None:
    both = server.enroll(Role.MEMBER, "Trần Thị Sen", "Đinh Xá", "Nghinh Tiên").enrolled["member"]
    made = invited(minh_lead, member=both["id"])
    assert (made["member"]["name"], made["is_new_member"], made["devices"]) == ("Trần Thị Sen", False, 1)
    reply = server.request("POST", "/api/v1/enrollments", json={"code": made["code"]}).json()
    assert (reply["member"]["id"], len(reply["villages"])) == (both["id"], 2)
    own = invited(minh_lead, member=minh_lead.enrolled["member"]["id"])
    assert server.request("POST", "/api/v1/enrollments", json={"code": own["code"]}).json()["role"] == "lead"
    asked = {"name": "x", "villages": [minh_lead.village], "member": tuyet_member.enrolled["member"]["id"]}
    assert server.request("POST", "/api/v1/invitations", json=asked, headers=minh_lead.headers).status_code == 403


@pytest.mark.parametrize("body", [{"name": ""}, {"villages": []}, {"role": "official"}, {"villages": ["x"]}])
def test_what_is_no_invitation_is_refused(minh_lead: Device, body: Json) -> None:
    asked = {"name": "Lê Văn Tư", "villages": [minh_lead.village]} | body
    answer = minh_lead.server.request("POST", "/api/v1/invitations", json=asked, headers=minh_lead.headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/fields-invalid")
