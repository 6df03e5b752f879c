"""Two servers on one database: whatever one of them was told counts at the other one at once."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import Workbook

from survey.roles import Role
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.builders import an_id
from tests.sync_server.office.browser import ORIGIN, Browser
from tests.sync_server.wire_client import Device, Server

WRONG = {"code": "7Q4M-2KXP-0000-0000"}
SIGNED_OUT = "Mã đăng nhập"


@pytest.fixture
def other(server: Server, settings: ServerSettings) -> Iterator[Server]:
    """A second server on the database of the first."""
    made = Server(create_app(settings, server.clock), server.clock)
    yield made
    made.close()


@pytest.fixture
def hoa(server: Server) -> Browser:
    """An official's browser, signed in at the first server."""
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def test_wrong_codes_count_over_both(server: Server, other: Server) -> None:
    both = [server, other] * 11
    statuses = [one.request("POST", "/api/v1/enrollments", json=WRONG).status_code for one in both]
    assert statuses == [404] * 20 + [429] * 2
    browser = Browser(other)
    browser.open("/office/")
    assert browser.send("/code", **WRONG).status_code == 429, "the office's door counts the same"


def test_a_code_is_used_up_for_both(server: Server, other: Server) -> None:
    code = {"code": server.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")}
    assert other.request("POST", "/api/v1/enrollments", json=code).status_code == 201
    answer = server.request("POST", "/api/v1/enrollments", json=code)
    assert answer.json()["type"] == "/problems/code-used"


def test_an_office_is_signed_in_and_out_at_both(hoa: Browser, server: Server, other: Server) -> None:
    hoa.server = other
    assert hoa.open("/office/overview").status_code == 200
    assert "thôn đạt" in hoa.words
    kept = dict(hoa.cookies)
    hoa.send("/sign-out")
    hoa.server, hoa.cookies = server, kept
    hoa.open("/office/overview")
    assert SIGNED_OUT in hoa.words


def test_the_twelve_hours_of_an_office_go_on_wherever_it_was_used(hoa: Browser, server: Server, other: Server) -> None:
    for one in (other, server, other):
        server.clock.pass_by(hours=11)
        hoa.server = one
        hoa.open("/office/overview")
        assert "thôn đạt" in hoa.words


def test_a_device_that_is_revoked_at_one_is_out_at_the_other(
    server: Server, other: Server, lan_member: Device, hoa_official: Device
) -> None:
    path = f"/api/v1/devices/{lan_member.enrolled['device_id']}/lost"
    assert server.request("POST", path, headers=hoa_official.headers).status_code == 200
    lan_member.server = other
    assert lan_member.post().json()["type"] == "/problems/device-lost"


def test_a_form_of_one_is_taken_by_the_other(hoa: Browser, other: Server) -> None:
    hoa.open("/office/setup")
    hoa.server = other
    assert hoa.send("/villages", names="Thôn Đông").status_code == 200
    assert "Đã thêm thôn" in hoa.words


def test_phones_of_a_village_sync_through_either(
    server: Server, other: Server, lan_member: Device, binh_member: Device
) -> None:
    servers, homes = (server, other), [an_id() for _ in range(4)]
    for turn, home in enumerate(homes):
        lan_member.server, binh_member.server = servers[turn % 2], servers[(turn + 1) % 2]
        added = lan_member.change("household", home, {"head_name": f"Hộ {turn}"})
        assert lan_member.verdicts(added) == ["applied"]
        binh_member.pull()
        visit = binh_member.visit(home, seen=binh_member.seen("household", home))
        assert binh_member.verdicts(visit) == ["applied"]
        assert lan_member.shown("household", home)["visited_by"] == "Trần Văn Bình"
    for device in (lan_member, binh_member):
        assert device.of_kind("coverage")[0]["surveyed"] == len(homes)
    assert lan_member.rows == binh_member.rows


def test_a_change_that_is_sent_again_to_the_other_is_a_duplicate(
    server: Server, other: Server, lan_member: Device
) -> None:
    change = lan_member.change("household", an_id(), {"head_name": "Nguyễn Văn Đức"})
    assert lan_member.verdicts(change) == ["applied"]
    lan_member.server = other
    assert lan_member.verdicts(change) == ["duplicate"]


def test_another_criteria_set_and_another_round_hold_at_both(
    hoa: Browser, server: Server, other: Server, lan_member: Device, household: str
) -> None:
    lan_member.server = other
    before = lan_member.of_kind("coverage")[0]["criteria_set"]
    hoa.open("/office/setup/criteria?chosen=thanh-hoa-2022")
    hoa.send("/try")
    hoa.server = other
    hoa.send("/adopt")
    hoa.server, lan_member.server = server, other
    assert before != lan_member.of_kind("coverage")[0]["criteria_set"] == "thanh-hoa-2022"
    lan_member.server = server
    assert lan_member.verdicts(lan_member.visit(household)) == ["applied"]
    assert lan_member.of_kind("coverage")[0]["criteria_set"] == "thanh-hoa-2022"
    hoa.open("/office/setup")
    hoa.server = other
    hoa.send("/round", title="Đợt quý IV", year="2026", ends_on="31/12/2026")
    assert lan_member.of_kind("round")[0]["title"] == "Đợt quý IV"


def test_a_list_waits_at_both(hoa: Browser, other: Server, lan_member: Device) -> None:
    book, content = Workbook(), BytesIO()
    book.worksheets[0].append(("Họ và tên chủ hộ", "Thôn"))
    book.worksheets[0].append(("Nguyễn Văn Đức", "Đinh Xá"))
    book.save(content)
    files = {"file": ("ho.xlsx", content.getvalue())}
    hoa.open("/office/lists", "POST", files=files, headers={"Origin": ORIGIN})
    hoa.server = lan_member.server = other
    hoa.send("/import")
    assert [one["head_name"] for one in lan_member.of_kind("household")] == ["Nguyễn Văn Đức"]
