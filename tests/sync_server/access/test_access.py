"""Who may call what."""

from typing import Any

import httpx
import pytest

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Server

SYNC = {"device_time": "2026-11-22T03:00:00Z"}
A, B = "Đinh Xá", "Nghinh Tiên"  # lan_member and minh_lead work in A, tuyet_member in B
PEOPLE = ("lan_member", "tuyet_member", "minh_lead", "hoa_official")
# route, body, and what each of the people gets; {A} is the village A, {lan} the device of lan_member
ROUTES = [
    ("POST /api/v1/sync", SYNC, (200, 200, 200, 200)),
    ("POST /api/v1/transfers", None, (201, 201, 201, 201)),
    ("GET /api/v1/transfers", None, (200, 200, 200, 200)),
    ("GET /api/v1/me/back-checks", None, (200, 200, 200, 200)),
    ("GET /api/v1/coverage", None, (200, 200, 200, 200)),
    (f"GET /api/v1/coverage?commune={COMMUNE}", None, (200, 200, 200, 200)),
    ("GET /api/v1/coverage?commune=00001", None, (403, 403, 403, 403)),
    (f"GET /api/v1/communes/{COMMUNE}/coverage.xlsx", None, (403, 403, 403, 200)),
    (f"GET /api/v1/communes/{COMMUNE}/coverage.csv", None, (403, 403, 403, 200)),
    (f"GET /api/v1/communes/{COMMUNE}/coverage.txt", None, (403, 403, 403, 200)),
    (f"GET /api/v1/communes/{COMMUNE}/coverage.json", None, (403, 403, 403, 200)),
    (f"GET /api/v1/communes/{COMMUNE}/coverage.pdf", None, (403, 403, 403, 200)),
    (f"GET /api/v1/communes/{COMMUNE}/coverage.docx", None, (403, 403, 403, 200)),
    (f"GET /api/v1/communes/{COMMUNE}/coverage.exe", None, (403, 403, 403, 404)),
    ("GET /api/v1/communes/00001/coverage.xlsx", None, (403, 403, 403, 403)),
    ("DELETE /api/v1/villages/{A}/members/{lan_id}", None, (403, 403, 204, 404)),
    ("DELETE /api/v1/villages/{B}/members/{tuyet_id}", None, (403, 403, 403, 204)),
    ("DELETE /api/v1/villages/{A}/members/{minh_id}", None, (403, 403, 403, 204)),
    ("DELETE /api/v1/villages/{A}/members/{tuyet_id}", None, (403, 403, 404, 404)),
    ("DELETE /api/v1/villages/{A}/members/{hoa_id}", None, (403, 403, 404, 404)),
    ("DELETE /api/v1/villages/{nowhere}/members/{lan_id}", None, (403, 403, 403, 404)),
    ("GET /api/v1/villages/{A}/devices", None, (403, 403, 200, 200)),
    ("GET /api/v1/villages/{B}/devices", None, (403, 403, 403, 200)),
    ("GET /api/v1/villages/{nowhere}/devices", None, (403, 403, 403, 404)),
    ("POST /api/v1/devices/{lan}/revoke", None, (403, 403, 200, 200)),
    ("POST /api/v1/devices/{tuyet}/revoke", None, (403, 403, 403, 200)),
    ("POST /api/v1/devices/{minh}/revoke", None, (403, 403, 409, 200)),
    ("POST /api/v1/devices/{hoa}/revoke", None, (403, 403, 403, 409)),
    ("POST /api/v1/devices/{nowhere}/revoke", None, (403, 403, 404, 404)),
    ("POST /api/v1/devices/{lan}/lost", None, (403, 403, 200, 200)),
    ("POST /api/v1/devices/{tuyet}/lost", None, (403, 403, 403, 200)),
    ("POST /api/v1/devices/{minh}/lost", None, (403, 403, 409, 200)),
    ("POST /api/v1/devices/{hoa}/lost", None, (403, 403, 403, 409)),
    ("GET /api/v1/devices/{lan}/incident", None, (403, 403, 403, 404)),
    ("GET /api/v1/villages/{A}/cards", None, (403, 403, 200, 200)),
    ("GET /api/v1/villages/{B}/cards", None, (403, 403, 403, 200)),
    ("GET /api/v1/villages/{nowhere}/cards", None, (403, 403, 403, 404)),
    ("POST /api/v1/villages/{A}/cards", {"count": 1}, (403, 403, 201, 201)),
    ("POST /api/v1/villages/{B}/cards", {"count": 1}, (403, 403, 403, 201)),
    ("GET /api/v1/villages/{A}/cards.pdf", None, (403, 403, 404, 404)),
    ("GET /api/v1/villages/{B}/cards.pdf", None, (403, 403, 403, 404)),
    ("GET /api/v1/villages/{A}/cards.pdf?outline=1", None, (403, 403, 200, 200)),
    ("GET /api/v1/villages/{A}/cards.png?format=a4-1", None, (403, 403, 200, 200)),
    ("GET /api/v1/villages/{B}/cards.png?format=a4-1", None, (403, 403, 403, 200)),
    ("GET /api/v1/villages/{nowhere}/cards.png", None, (403, 403, 403, 404)),
    ("POST /api/v1/villages/{A}/member-cards.pdf", {"names": ["Lê Văn Tư"]}, (403, 403, 201, 201)),
    ("POST /api/v1/villages/{B}/member-cards.pdf", {"names": ["Lê Văn Tư"]}, (403, 403, 403, 201)),
    ("POST /api/v1/villages/{nowhere}/member-cards.pdf", {"names": ["Lê Văn Tư"]}, (403, 403, 403, 404)),
    ("POST /api/v1/cards/find", {"code": "7"}, (200, 200, 200, 200)),
    ("POST /api/v1/invitations", {"name": "Lê Văn Tư", "villages": ["{A}"]}, (403, 403, 201, 201)),
    ("POST /api/v1/invitations", {"name": "Lê Văn Tư", "villages": ["{B}"]}, (403, 403, 403, 201)),
    ("POST /api/v1/invitations", {"name": "Lê Văn Tư", "role": "lead", "villages": ["{A}"]}, (403, 403, 403, 201)),
    ("POST /api/v1/invitations", {"name": "Lê Văn Tư", "villages": ["{nowhere}"]}, (403, 403, 403, 404)),
    ("POST /api/v1/rescue", "no file at all", (403, 403, 422, 422)),
]


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, Device]:
    return {person: request.getfixturevalue(person) for person in PEOPLE}


def call(server: Server, people: dict[str, Device], route: str, body: object, **more: Any) -> httpx.Response:
    method, path = route.split(" ")
    devices = {name.partition("_")[0]: device.enrolled["device_id"] for name, device in people.items()}
    members = {f"{name.partition('_')[0]}_id": device.enrolled["member"]["id"] for name, device in people.items()}
    villages = members | {"A": server.villages[A].id, "B": server.villages[B].id, "nowhere": an_id()}
    if isinstance(body, dict) and "villages" in body:
        body = body | {"villages": [one.format(**villages) for one in body["villages"]]}
    return server.request(method, path.format(**villages, **devices), json=body, **more)


@pytest.mark.parametrize(("route", "body", "expected"), ROUTES)
def test_every_role_reaches_what_it_needs_and_no_more(
    server: Server, people: dict[str, Device], route: str, body: object, expected: tuple[int, ...]
) -> None:
    answers = [call(server, people, route, body, headers=people[person].headers) for person in PEOPLE]
    assert tuple(answer.status_code for answer in answers) == expected


def test_a_lost_device_is_cut_off_on_every_route(server: Server, people: dict[str, Device]) -> None:
    second = server.enroll(Role.OFFICIAL, "Đặng Thị Hoa")
    end(server, people, second, "lost")
    for route, body, _ in ROUTES:
        answer = call(server, people, route, body, headers=second.headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/device-lost"), route


def test_a_revoked_device_can_only_hand_in(server: Server, people: dict[str, Device]) -> None:
    second = server.enroll(Role.OFFICIAL, "Đặng Thị Hoa")
    end(server, people, second, "revoke")
    reply = second.send()
    assert (reply["device_state"], reply["streams"], reply["villages_in_scope"]) == ("revoked", {}, [])
    for route, body, _ in ROUTES[1:]:
        answer = call(server, people, route, body, headers=second.headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/device-revoked"), route


def end(server: Server, people: dict[str, Device], device: Device, how: str) -> None:
    path = f"/api/v1/devices/{device.enrolled['device_id']}/{how}"
    assert server.request("POST", path, headers=people["hoa_official"].headers).status_code == 200


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "bearer ế"])
def test_without_a_good_token_nothing_is_told(server: Server, header: str | None) -> None:
    headers = {"Authorization": header.encode()} if header else {}
    people = ("lan", "tuyet", "minh", "hoa")
    ids = {name: an_id() for name in ("nowhere", *people, *(f"{one}_id" for one in people))}
    for route, body, _ in ROUTES:
        method, path = route.split(" ")
        path = path.format(A=server.villages[A].id, B=server.villages[B].id, **ids)
        answer = server.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in"), route
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_member_sees_the_own_villages_and_an_official_all(
    lan_member: Device, hoa_official: Device, server: Server
) -> None:
    def villages(device: Device) -> list[str]:
        table = server.request("GET", "/api/v1/coverage", headers=device.headers).json()
        return [line["village"]["name"] for line in table["villages"]]

    assert villages(lan_member) == ["Đinh Xá"]
    assert villages(hoa_official) == ["Đinh Xá", "Nghinh Tiên"]
    assert list(lan_member.send()["streams"]) == [server.villages["Đinh Xá"].id]
    assert hoa_official.send()["villages_in_scope"] == [one.id for one in server.villages.values()]


def test_a_village_added_later_reaches_the_official_from_its_beginning(server: Server, hoa_official: Device) -> None:
    hoa_official.pull()
    before = hoa_official.send()["scope_version"]
    added = server.add_village("Tân Tiến")
    reply = hoa_official.send()
    assert reply["scope_version"] > before
    assert added.id in reply["villages_in_scope"]
    assert reply["streams"][added.id]["rows"][0]["kind"] == "village"


def test_nobody_needs_a_token_for_health(server: Server) -> None:
    assert server.request("GET", "/healthz").json() == {"status": "ok", "database": "ok", "waiting": 0}
