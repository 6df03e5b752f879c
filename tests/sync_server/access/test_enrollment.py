"""One code, one device."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from survey.roles import Role
from sync_server.access.enrollment import LONGEST_PAUSE, guesser
from sync_server.commune.setup import open_commune
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.builders import a_commune
from tests.clock import Clock
from tests.sync_server.conftest import CRITERIA
from tests.sync_server.wire_client import Device, Json, Server


def enroll(server: Server, code: str, **more: Any) -> tuple[int, dict[str, Any]]:
    answer = server.request("POST", "/api/v1/enrollments", json={"code": code, **more})
    return answer.status_code, answer.json()


def test_a_code_signs_a_device_in(server: Server) -> None:
    code = server.code(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá", "Nghinh Tiên")
    status, reply = enroll(server, code, device_name="Chrome, Android")
    assert status == 201
    assert reply["role"] == "lead"
    assert reply["member"]["name"] == "Hoàng Văn Minh"
    assert reply["commune"] == {"code": "09052", "name": "Nguyệt Đức", "kind": "xã"}
    assert {village["name"] for village in reply["villages"]} == {"Đinh Xá", "Nghinh Tiên"}
    assert len(reply["token"]) >= 43
    assert reply["server_epoch"]


def test_a_code_may_be_typed_loosely(server: Server) -> None:
    code = server.code(Role.OFFICIAL, "Đặng Thị Hoa")
    assert enroll(server, f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ")[0] == 201


def test_a_code_works_once(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    assert enroll(server, code)[0] == 201
    status, problem = enroll(server, code)
    assert (status, problem["type"]) == (409, "/problems/code-used")


def test_a_code_expires(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá", days=14)
    server.clock.pass_by(days=14)
    status, problem = enroll(server, code)
    assert (status, problem["type"]) == (410, "/problems/code-expired")


@pytest.mark.parametrize("code", ["", "7Q4M", "AAAA-AAAA-AAAA-AAAA", "0000-0000-0000-0000", "x" * 400, "ế" * 16])
def test_a_code_that_nobody_gave_out_is_unknown(server: Server, code: str) -> None:
    status, problem = enroll(server, code)
    assert (status, problem["type"]) == (404, "/problems/code-unknown")


def test_guessing_is_slowed_down_and_only_failures_count(server: Server) -> None:
    for number in range(25):
        assert enroll(server, server.code(Role.MEMBER, f"Người {number}", "Đinh Xá"))[0] == 201
    statuses = [enroll(server, "7Q4M-2KXP-0000-0000")[0] for _ in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    answer = server.request("POST", "/api/v1/enrollments", json={"code": server.code(Role.OFFICIAL, "Hoa")})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")


def from_address(server: Server, address: str, code: str) -> int:
    """The status of a try that comes from this address."""

    async def once() -> int:
        transport = httpx.ASGITransport(server.app, client=(address, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return (await client.post("/api/v1/enrollments", json={"code": code})).status_code

    return asyncio.run(once())


WRONG = "7Q4M-2KXP-0000-0000"


def test_all_addresses_of_one_subscriber_count_as_one(server: Server) -> None:
    statuses = [from_address(server, f"2001:db8:1:2:{number:x}::{number:x}", WRONG) for number in range(1, 23)]
    assert statuses == [404] * 20 + [429] * 2
    assert from_address(server, "2001:db8:1:3::1", WRONG) == 404, "the next /64 is somebody else"
    assert guesser("::ffff:192.0.2.7") == guesser("192.0.2.7") != guesser("192.0.2.8")


def test_the_window_moves_on(server: Server) -> None:
    assert [from_address(server, "192.0.2.7", WRONG) for _ in range(21)][-1] == 429
    server.clock.pass_by(minutes=15, seconds=1)
    assert from_address(server, "192.0.2.7", WRONG) == 404


def test_a_stranger_who_guesses_from_everywhere_slows_answers_and_locks_nobody_out(settings: ServerSettings) -> None:
    clock, pauses = Clock(), []
    strict = settings.model_copy(update={"failed_codes_overall": 4})
    server = Server(create_app(strict, clock), clock)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    server.app.state.pause = pause
    try:
        with server.database.write() as session:
            open_commune(session, a_commune(), CRITERIA, clock())
        server.add_village("Đinh Xá")
        statuses = [from_address(server, f"192.0.2.{number}", WRONG) for number in range(40)]
        code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
        assert from_address(server, "198.51.100.1", code) == 201
    finally:
        server.close()
    assert statuses == [404] * 40
    assert len(pauses) == 37, "the first four wrong codes are answered at once"
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.25, LONGEST_PAUSE)


def test_two_processes_share_the_count(server: Server, settings: ServerSettings) -> None:
    other = Server(create_app(settings, server.clock), server.clock)
    try:
        assert [from_address(one, "192.0.2.7", WRONG) for one in (server, other) * 10] == [404] * 20
        assert [from_address(one, "192.0.2.7", WRONG) for one in (server, other)] == [429] * 2
    finally:
        other.close()


def test_no_address_and_no_code_is_kept_of_a_guess(server: Server) -> None:
    from_address(server, "192.0.2.7", WRONG)
    with server.database.read() as session:
        kept = str(session.execute(text("SELECT * FROM wrong_code")).all())
    assert "192.0.2" not in kept
    assert "7Q4M" not in kept
    server.clock.pass_by(minutes=20)
    from_address(server, "192.0.2.8", WRONG)
    with server.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM wrong_code")).scalar() == 1


def test_neither_codes_nor_tokens_are_stored(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    token = enroll(server, code)[1]["token"]
    with server.database.read() as session:
        stored = str(session.execute(text("SELECT * FROM enrollment_code")).all())
        stored += str(session.execute(text("SELECT * FROM device")).all())
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert token not in stored


def test_the_same_person_may_have_a_second_device(server: Server) -> None:
    first, second = (server.enroll(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá").enrolled for _ in range(2))
    assert first["member"]["id"] == second["member"]["id"]
    assert first["device_id"] != second["device_id"]
    other = server.enroll(Role.MEMBER, "Vũ Thị Lan", "Nghinh Tiên").enrolled
    assert other["member"]["id"] != first["member"]["id"]


def test_the_greeting_uses_nothing_up(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    for _ in range(2):
        answer = server.request("POST", "/api/v1/enrollments/preview", json={"code": code})
        assert answer.status_code == 200
        said = answer.json()
        assert (said["member"], said["role"]) == ({"name": "Vũ Thị Lan"}, "member")
        assert [one["name"] for one in said["villages"]] == ["Đinh Xá"]
    assert server.request("POST", "/api/v1/enrollments", json={"code": code}).status_code == 201
    answer = server.request("POST", "/api/v1/enrollments/preview", json={"code": code})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/code-used")


def test_greetings_are_no_way_to_guess_codes(server: Server) -> None:
    statuses = [
        server.request("POST", "/api/v1/enrollments/preview", json={"code": "0" * 16}).status_code for _ in range(21)
    ]
    assert statuses == [404] * 20 + [429]


KEY, OTHER_KEY = "k" * 43, "K" * 43


def ask(server: Server, code: str, key: str | None, path: str = "") -> tuple[int, Json]:
    answer = server.request("POST", f"/api/v1/enrollments{path}", json={"code": code} | ({"key": key} if key else {}))
    return answer.status_code, answer.json()


def test_who_lost_the_answer_gets_it_again_with_the_same_key(server: Server) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    first = ask(server, code, KEY)
    assert first[0] == 201
    server.clock.pass_by(minutes=9)
    assert ask(server, code, KEY) == first
    assert ask(server, code, KEY, "/preview")[1]["member"]["name"] == "Vũ Thị Lan"
    device = Device(server, first[1])
    assert device.post().status_code == 200
    for key in (OTHER_KEY, None):
        for path in ("", "/preview"):
            status, problem = ask(server, code, key, path)
            assert (status, problem["type"]) == (409, "/problems/code-used")
    server.clock.pass_by(minutes=1)
    assert ask(server, code, KEY)[0] == 409
    assert device.post().status_code == 200, "the credential itself goes on"


def test_one_key_makes_another_credential_of_another_code(server: Server) -> None:
    tokens = {ask(server, server.code(Role.LEAD, name, "Đinh Xá"), KEY)[1]["token"] for name in ("Minh", "Hùng")}
    assert len(tokens) == 2


def test_the_answer_is_not_given_again_once_the_device_has_ended(server: Server, minh_lead: Device) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    device = ask(server, code, KEY)[1]["device_id"]
    path = f"/api/v1/devices/{device}/lost"
    assert server.request("POST", path, headers=minh_lead.headers).status_code == 200
    assert ask(server, code, KEY)[0] == 409


@pytest.mark.parametrize("key", ["", "k" * 42, "k" * 44, "k" * 42 + "=", "đ" * 43, 7])
def test_a_key_of_another_form_is_refused_and_the_code_stays_good(server: Server, key: object) -> None:
    code = server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    answer = server.request("POST", "/api/v1/enrollments", json={"code": code, "key": key})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/key")
    assert ask(server, code, KEY)[0] == 201
