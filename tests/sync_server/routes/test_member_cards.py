"""A lead invites several people at once and prints their sign-in cards."""

from urllib.parse import unquote

import httpx
import pytest

from survey.roles import Role
from tests.sync_server.cards.paper import printed, scanned, texts
from tests.sync_server.wire_client import Device, Server


def asked(device: Device, names: object) -> httpx.Response:
    path = f"/api/v1/villages/{device.village}/member-cards.pdf"
    return device.server.request("POST", path, json={"names": names}, headers=device.headers)


def test_everybody_on_the_list_gets_a_card_that_signs_in_once(server: Server, minh_lead: Device) -> None:
    names = ["Lê Văn Tư", " Vũ Thị  Lan ", "lê văn tư"]
    answer = asked(minh_lead, names)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/pdf")
    assert "x-known-members" not in answer.headers
    [words] = texts(answer.content)
    assert "Tờ 1/1 · 2 thẻ" in words
    links = scanned(next(printed(answer.content, 200)))
    signed_in = []
    for link in links:
        reply = server.request("POST", "/api/v1/enrollments", json={"code": link})
        assert reply.status_code == 201, reply.text
        signed_in.append((reply.json()["member"]["name"], reply.json()["role"]))
        assert server.request("POST", "/api/v1/enrollments", json={"code": link}).status_code == 409
    assert signed_in == [("Lê Văn Tư", "member"), ("Vũ Thị Lan", "member")]
    again = asked(minh_lead, ["Vũ Thị Lan", "Hoàng Thị Mai"])
    assert [unquote(one) for one in again.headers["x-known-members"].split()] == ["Vũ Thị Lan"]


@pytest.mark.parametrize(
    ("names", "pointer"),
    [
        (["Lê Văn Tư", "  "], "/names/1"),
        (["Lê Văn Tư", "Giàng ᛒ"], "/names/1"),
        (["Lê Văn Tư", "x" * 121], "/names/1"),
        ([], "/names"),
        ([f"Lê Văn {number}" for number in range(51)], "/names"),
    ],
)
def test_a_name_at_fault_is_pointed_at_and_nobody_is_invited(minh_lead: Device, names: object, pointer: str) -> None:
    before = minh_lead.of_kind("member")
    answer = asked(minh_lead, names)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer])
    assert minh_lead.of_kind("member") == before


def test_a_name_that_is_two_peoples_is_pointed_at(server: Server, minh_lead: Device) -> None:
    server.enroll(Role.MEMBER, "Lê Văn Tư", "Đinh Xá")
    body = {"name": "Lê Văn Tư", "villages": [minh_lead.village], "new_person": True}
    other = server.request("POST", "/api/v1/invitations", json=body, headers=minh_lead.headers)
    assert other.status_code == 201
    answer = asked(minh_lead, ["Vũ Thị Lan", "Lê Văn Tư"])
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/member-named-twice")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/names/1"]
    assert "Vũ Thị Lan" not in [one["name"] for one in minh_lead.of_kind("member")]
