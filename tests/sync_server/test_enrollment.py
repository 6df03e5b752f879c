"""One code, one device."""

from typing import Any

import pytest
from sqlalchemy import text

from survey.roles import Role
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.sync_server.office import Clock, Server


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


def test_guessing_from_many_addresses_is_limited_overall(settings: ServerSettings) -> None:
    strict = settings.model_copy(update={"failed_codes_overall": 3})
    server = Server(create_app(strict, Clock()), Clock())
    try:
        assert [enroll(server, "7Q4M")[0] for _ in range(5)] == [404, 404, 404, 429, 429]
    finally:
        server.close()


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
