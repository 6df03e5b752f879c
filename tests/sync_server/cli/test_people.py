"""The commands about people and their devices."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from survey.roles import Role
from sync_server.cli.commands import app
from sync_server.settings import ServerSettings
from tests.sync_server.wire_client import Device, Server

Result = tuple[int, str, str]
AT = ("--commune", "09052")


@pytest.fixture
def run(settings: ServerSettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TUNGNHA_DATA", str(settings.data))
    monkeypatch.setenv("TUNGNHA_DATABASE_URL", settings.database_address)

    def run_command(*words: str) -> Result:
        done = CliRunner().invoke(app, list(words))
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return run_command


def parsed(result: Result) -> Any:
    assert result[0] == 0, result
    return json.loads(result[1])


def test_a_person_is_given_another_village(run: Any, server: Server, lan_member: Device, hoa_official: Device) -> None:
    lan_member.send(unsent=3)
    code, out, _ = run("members", "move", *AT, "--name", "vu thi lan", "--village", "nghinh tien")
    assert code == 0
    assert out.splitlines()[0].startswith("Vũ Thị Lan (tổ viên): thôn Nghinh Tiên")
    assert out.splitlines()[1] == "“nghinh tien” được hiểu là thôn Nghinh Tiên."
    assert out.splitlines()[2].startswith("Còn 3 việc chưa gửi trên máy")
    assert list(lan_member.send()["streams"]) == [server.villages["Nghinh Tiên"].id]
    identity = lan_member.enrolled["member"]["id"]
    words = ("members", "move", *AT, "--id", identity, "--village", "Đinh Xá", "--village", "Nghinh Tiên", "--json")
    moved = parsed(run(*words))
    assert {village["name"] for village in moved["villages"]} == {"Đinh Xá", "Nghinh Tiên"}
    assert moved["waiting"] == [], "the device was here and said that nothing waits"
    people = parsed(run("members", "list", *AT, "--json"))["members"]
    assert {(one["name"], one["role"], len(one["villages"])) for one in people} == {
        ("Vũ Thị Lan", "member", 2),
        ("Đặng Thị Hoa", "official", 0),
    }
    assert "Đặng Thị Hoa (cán bộ xã): cả xã" in run("members", "list", *AT)[1]


def test_a_device_is_revoked_and_then_reported_lost(run: Any, server: Server, lan_member: Device) -> None:
    lan_member.send(unsent=2, app_version="0.1.0")
    identity = lan_member.enrolled["device_id"]
    assert "đang dùng, đồng bộ lúc 10:04 ngày 22/11/2026, 2 việc chưa gửi" in run("devices", "list", *AT)[1]
    assert parsed(run("devices", "revoke", *AT, "--device", identity, "--json"))["state"] == "revoked"
    assert lan_member.send()["device_state"] == "revoked"
    code, out, _ = run("devices", "lost", *AT, "--device", identity)
    assert code == 0
    assert "của Vũ Thị Lan (tổ viên) đã bị cắt khỏi máy chủ" in out
    assert "người báo: Quản trị máy chủ" in out
    record = parsed(run("devices", "lost", *AT, "--device", identity, "--json"))
    assert [village["name"] for village in record["villages"]] == ["Đinh Xá"]
    assert lan_member.post().status_code == 403
    line = parsed(run("devices", "list", *AT, "--device", identity, "--json"))["devices"][0]
    assert (line["state"], line["state_by"], line["app_version"]) == ("lost", "Quản trị máy chủ", "0.1.0")


WRONG = [
    (("members", "list", "--commune", "00001"), "Xã này chưa được mở"),
    (("members", "move", *AT, "--village", "Đinh Xá"), "Cần --name"),
    (("members", "move", *AT, "--name", "Ai Đó", "--village", "Đinh Xá"), "Không tìm thấy người này"),
    (("members", "move", *AT, "--name", "Vũ Thị Lan", "--village", "Đoài"), "Không có thôn “Đoài”"),
    (("members", "move", *AT, "--name", "Vũ Thị Lan"), "Chưa chọn thôn"),
    (("members", "move", *AT, "--name", "Đặng Thị Hoa", "--village", "Đinh Xá"), "Cán bộ xã phụ trách cả xã"),
    (("devices", "revoke", *AT), "Cần --device"),
    (("devices", "lost", *AT, "--device", "x"), "Không tìm thấy máy này trong xã"),
    (("devices", "list", *AT, "--device", "x"), "Không tìm thấy máy này trong xã"),
]


@pytest.mark.usefixtures("lan_member", "hoa_official")
def test_what_cannot_be_done_is_a_sentence(run: Any) -> None:
    for words, sentence in WRONG:
        code, out, error = run(*words)
        assert (code, out) == (1, ""), words
        assert sentence in error


def test_of_two_people_with_one_name_the_id_decides(run: Any, server: Server, lan_member: Device) -> None:
    other = server.enroll(Role.MEMBER, "Vũ Thị Lan", "Nghinh Tiên").enrolled["member"]["id"]
    code, _, error = run("members", "move", *AT, "--name", "Vũ Thị Lan", "--village", "Đinh Xá")
    assert (code, other in error) == (1, True)
    assert parsed(run("members", "move", *AT, "--id", other, "--village", "Đinh Xá", "--json"))["id"] == other
