"""People of one name: whom an invitation is for, and who is meant by a name."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from survey.roles import Role
from tests.sync_server.wire_client import Device, Server

Run = Callable[..., tuple[int, str, str]]
AT = ("--commune", "09052")
LAN = ("invite", *AT, "--role", "member", "--village", "Đinh Xá", "--name")


def parsed(result: tuple[int, str, str]) -> Any:
    assert result[0] == 0, result
    return json.loads(result[1])


def people(run: Run) -> list[str]:
    return [one["name"] for one in parsed(run("members", "list", *AT, "--json"))["members"]]


def test_the_second_invitation_says_that_it_is_for_one_more_device(run: Run, lan_member: Device) -> None:
    code, out, _ = run(*LAN, "Vũ Thị Lan")
    assert code == 0
    assert out.splitlines()[0].startswith("http")
    assert out.splitlines()[2:] == [
        "Thêm một máy cho Vũ Thị Lan (đã có 1 máy). Nếu là người khác trùng họ tên: mời lại với --new-person."
    ]
    again = parsed(run(*LAN, "Vũ Thị Lan", "--json"))
    assert (again["member"], again["is_new_member"], again["devices"]) == (
        lan_member.enrolled["member"] | {"role": "member"}, False, 1,
    )  # fmt: skip
    assert people(run) == ["Vũ Thị Lan"]


def test_who_has_no_device_yet_is_still_the_same_person(run: Run, server: Server) -> None:
    assert parsed(run(*LAN, "Vũ Thị Lan", "--json"))["is_new_member"]
    assert "Thêm một máy cho Vũ Thị Lan (chưa ghi danh máy nào)." in run(*LAN, "Vũ Thị Lan")[1]


@pytest.mark.parametrize(
    ("first", "spelt"),
    [("Vũ Thị Lan", "VŨ THỊ LAN"), ("Đỗ Thị Hoà", "Đỗ  Thị Hòa"), ("Lê Thuỷ", "LÊ THỦY"), ("Vũ Thị Lan", "vu thi lan")],
)
def test_spellings_of_one_name_are_one_person(run: Run, server: Server, first: str, spelt: str) -> None:
    made = parsed(run(*LAN, first, "--json"))
    again = parsed(run(*LAN, spelt, "--json"))
    assert (again["is_new_member"], again["member"]) == (False, made["member"])
    assert f"Thêm một máy cho {first} (" in run(*LAN, spelt)[1]
    assert people(run) == [first]


def test_another_tone_is_another_person(run: Run, lan_member: Device) -> None:
    lân = parsed(run(*LAN, "Vũ Thị Lân", "--json"))
    assert (lân["is_new_member"], lân["namesakes"]) == (True, [])
    code, _, error = run("members", "move", *AT, "--name", "Vũ Thị Làn", "--village", "Nghinh Tiên")
    assert (code, "Không tìm thấy người này" in error) == (1, True)
    code, _, error = run(*LAN, "vu thi lan")
    assert (code, "Có nhiều người cùng họ tên này" in error) == (1, True)
    moved = parsed(run("members", "move", *AT, "--name", "VŨ THỊ LÂN", "--village", "Nghinh Tiên", "--json"))
    assert moved["id"] == lân["member"]["id"]


def test_another_person_of_the_same_name(run: Run, lan_member: Device) -> None:
    first = lan_member.enrolled["member"]["id"]
    code, out, _ = run(*LAN, "Vũ Thị Lan", "--new-person")
    assert (code, out.splitlines()[2]) == (
        0, f"Đã có Vũ Thị Lan (tổ viên): thôn Đinh Xá  [{first}]; đây là người khác.",
    )  # fmt: skip
    assert people(run) == ["Vũ Thị Lan"] * 2
    code, out, error = run(*LAN, "Vũ Thị Lan")
    assert (code, out) == (1, "")
    assert first in error
    assert "--new-person" in error
    again = parsed(run(*LAN, "Vũ Thị Lan", "--id", first, "--json"))
    assert (again["member"]["id"], again["devices"]) == (first, 1)
    assert run(*LAN, "Trần Thị Mai", "--id", first)[2].startswith("Không tìm thấy người này")
    assert run(*LAN, "Vũ Thị Lan", "--id", first, "--new-person")[2].startswith("Anh/chị chọn một trong hai")
    assert people(run) == ["Vũ Thị Lan"] * 2


@pytest.mark.parametrize(
    "words", [("member", "--village", "Nghinh Tiên"), ("lead", "--village", "Đinh Xá"), ("official",)]
)
def test_the_same_name_with_another_role_or_village_is_said(
    run: Run, lan_member: Device, words: tuple[str, ...]
) -> None:
    invite = ("invite", *AT, "--name", "Vũ Thị Lan", "--role", *words)
    code, out, _ = run(*invite)
    assert code == 0
    assert "Đã có Vũ Thị Lan (tổ viên): thôn Đinh Xá  [" in out
    assert people(run) == ["Vũ Thị Lan"] * 2
    assert "Thêm một máy cho Vũ Thị Lan (chưa ghi danh máy nào)." in run(*invite)[1]


def test_a_name_kept_without_marks_is_said_to_whoever_writes_it_with_them(run: Run, server: Server) -> None:
    server.enroll(Role.MEMBER, "vu thi lan", "Đinh Xá")
    invited = parsed(run(*LAN, "Vũ Thị Lan", "--json"))
    assert (invited["is_new_member"], [one["name"] for one in invited["namesakes"]]) == (True, ["vu thi lan"])
    exact = parsed(run("members", "move", *AT, "--name", "Vũ Thị Lan", "--village", "Nghinh Tiên", "--json"))
    assert exact["id"] == invited["member"]["id"]
