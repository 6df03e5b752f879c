"""Who may call what."""

import pytest

from tests.sync_server.office import COMMUNE, Device, Server

ROUTES = [
    ("POST", "/api/v1/sync", {"device_time": "2026-11-22T03:00:00Z"}),
    ("GET", f"/api/v1/coverage?commune={COMMUNE}", None),
    ("GET", "/api/v1/coverage", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
@pytest.mark.parametrize("person", ["lan_member", "minh_lead", "hoa_official"])
def test_every_role_reaches_what_it_needs(
    server: Server, request: pytest.FixtureRequest, person: str, method: str, path: str, body: object
) -> None:
    device: Device = request.getfixturevalue(person)
    assert server.request(method, path, json=body, headers=device.headers).status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "bearer ế"])
def test_without_a_good_token_nothing_is_told(
    server: Server, method: str, path: str, body: object, header: str | None
) -> None:
    headers = {"Authorization": header.encode()} if header else {}
    answer = server.request(method, path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_another_commune_is_not_shown(server: Server, hoa_official: Device) -> None:
    answer = server.request("GET", "/api/v1/coverage?commune=00001", headers=hoa_official.headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")


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
    assert server.request("GET", "/healthz").json() == {"status": "ok"}
