"""A province's people: the sums of its communes, the plan against what is reached, and nothing below."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.roles import Role
from sync_server.commune.province import invite_viewer
from tests.sync_server.databases import POSTGRES
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_reports import open_quarter
from tests.sync_server.wire_client import COMMUNE, Device, Server

PROVINCE, ELSEWHERE = "25", "01"
HERE = "Đinh Xá"


def viewer(server: Server, province: str = PROVINCE) -> Browser:
    with server.database.write() as session:
        made = invite_viewer(session, province, "Ngô Thị Thu", server.clock(), public_url="http://server")
    assert made.link.startswith("http://server/office/#/enroll/")
    return Browser(server).type_code(made.code)


def test_a_province_sees_sums_of_its_communes(server: Server, lan_member: Device, household: str) -> None:
    lan_member.send(lan_member.visit(household))
    thu = viewer(server)
    assert "Tỉnh Phú Thọ" in thu.words
    assert "0 trên 148 xã có thôn đạt" in thu.words
    assert "Xã Nguyệt Đức 0 2 1 1 1 1 100 %" in thu.words
    assert "Cộng 1 xã 0 2 1 1 1 1 100 %" in thu.words
    thu.open(f"/office/province/{COMMUNE}")
    assert "Xã Nguyệt Đức: 0 trên 2 thôn đạt" in thu.words
    assert "1 trên 1 người trưởng thành" in thu.words
    for name in (HERE, "Nguyễn Văn Đức", "Vũ Thị Lan"):
        assert name not in thu.words


def test_a_province_sees_what_its_communes_signed_as_sums(server: Server, lan_member: Device, household: str) -> None:
    lan_member.send(lan_member.visit(household))
    thu = viewer(server)
    thu.open(f"/office/province/{COMMUNE}")
    assert "Xã chưa chốt báo cáo nào" in thu.words
    hoa = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    open_quarter(hoa)
    hoa.send("/draft", signer="Nguyễn Thị Hạnh")
    hoa.send("/sign", seen_open="1")
    thu.open(f"/office/province/{COMMUNE}")
    assert "Quý IV năm 2026 14/12/2026 0 trên 2 1 trên 1" in thu.words
    assert HERE not in thu.words


def test_another_provinces_people_see_nothing_of_it(server: Server) -> None:
    stranger = viewer(server, ELSEWHERE)
    assert "Thành phố Hà Nội" in stranger.words
    assert "Nguyệt Đức" not in stranger.words
    assert stranger.open(f"/office/province/{COMMUNE}").status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/overview",
        "/villages/{village}",
        "/villages/{village}/doors/1",
        "/households",
        "/differences",
        "/people",
        "/cards",
        "/rescue",
        "/people/invite",
    ],
)
def test_a_province_sees_no_village_no_household_and_no_person(server: Server, page: str) -> None:
    thu = viewer(server)
    assert thu.open("/office" + page.format(village=server.villages[HERE].id)).status_code == 403
    assert HERE not in thu.words


def test_only_a_province_sees_it(server: Server) -> None:
    for role, villages in ((Role.LEAD, [HERE]), (Role.OFFICIAL, [])):
        person = Browser(server).sign_in(role, "Hoàng Văn Minh", *villages)
        for page in ("/office/province", f"/office/province/{COMMUNE}"):
            assert person.open(page).status_code == 403
        assert "/office/province" not in person.read().links
    assert Browser(server).open("/office/province").url.path == "/office/"


def test_the_plan_stands_beside_what_is_reached(server: Server, run: Callable[..., tuple[int, str, str]]) -> None:
    for words in (
        ("--year", "2024", "--planned", "27", "--reached", "27", "--of", "143"),
        ("--year", "2025", "--planned", "120", "--reached", "106", "--of", "143"),
        ("--year", "2026", "--planned", "1"),
    ):
        code, out, _ = run("province", "plan", PROVINCE, *words)
        assert (code, "Tỉnh Phú Thọ" in out) == (0, True)
    thu = viewer(server)
    assert "2024 27 27 143 ✓ Đạt kế hoạch" in thu.words
    assert "2025 120 106 143 Còn thiếu 14 xã" in thu.words
    assert "2026 1 0 tính đến nay 148 Còn thiếu 1 xã" in thu.words


def test_the_command_line_invites_and_names_what_is_wrong(
    server: Server, run: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, _ = run("invite", "--commune", PROVINCE, "--role", "province", "--name", "Ngô Thị Thu")
    assert (code, "/office/#/enroll/" in out) == (0, True)
    code, out, _ = run("invite", "--commune", PROVINCE, "--role", "province", "--name", "ngô thị thu")
    assert "Thêm một máy cho Ngô Thị Thu" in out
    code, _, error = run("invite", "--commune", "77", "--role", "province", "--name", "Ngô Thị Thu")
    assert (code, "Không có tỉnh mang mã này" in error) == (1, True)


def test_the_app_leaves_the_code_alone_and_says_where_it_works(server: Server) -> None:
    with server.database.write() as session:
        code = invite_viewer(session, PROVINCE, "Ngô Thị Thu", server.clock(), public_url="http://server").code
    answer = server.request("POST", "/api/v1/enrollments", json={"code": code})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/for-the-office")
    thu = Browser(server)
    thu.open("/office/")
    thu.send("/code", code=code)
    assert "Cán bộ tỉnh, tỉnh Phú Thọ" in thu.words
    assert thu.send("/sign-in").status_code == 200


def test_a_province_is_no_commune_for_other_commands(server: Server, run: Callable[..., tuple[int, str, str]]) -> None:
    viewer(server)
    for words in (
        ("invite", "--commune", PROVINCE, "--role", "official", "--name", "Lạ"),
        ("village", "add", "--commune", PROVINCE, "Thôn Lạ"),
    ):
        code, _, error = run(*words)
        assert (code, "Traceback" in error) == (1, False)
        assert error.count("\n") == 1
    assert "Ngô Thị Thu (cán bộ tỉnh)" in run("members", "list", "--commune", PROVINCE)[1]
    listed = json.loads(run("devices", "list", "--commune", PROVINCE, "--json")[1])["devices"]
    assert run("devices", "revoke", "--commune", PROVINCE, "--device", listed[0]["id"])[0] == 0


@pytest.mark.skipif(bool(POSTGRES), reason="about SQLite files")
def test_a_province_is_not_counted_as_a_commune_of_a_backup(
    server: Server, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    viewer(server)
    assert "1 xã, 2 thôn" in run("backup", tmp_path / "copy.db")[1]
