"""The audit log: each act is one line without a word about a family, or nothing is shown."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from survey.acts import Act
from survey.roles import Role
from sync_server.audit import AtServer, forget_old_lines, note
from sync_server.store.audit import AuditLine, Sought, list_lines
from sync_server.store.database import Database, DatabaseBusy, Session
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_lists import TWO, bring, workbook
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person

HERE, THERE, HEAD = "Đinh Xá", "Nghinh Tiên", "Nguyễn Văn Đức"
PATH = "/office/audit"


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def home(lan_member: Device) -> str:
    identity = an_id()
    body = {"head_name": HEAD, "address": "Số 2, Ngõ Đình", "phone": "0912345678"}
    assert lan_member.verdicts(lan_member.change("household", identity, body)) == ["applied"]
    return identity


def lines(server: Server) -> list[AuditLine]:
    """Every line, the oldest first; the clock goes on, so that the next one is later."""
    server.clock.pass_by(seconds=1)
    with server.database.read() as session:
        return list_lines(session, COMMUNE, Sought(), 10_000)[::-1]


def everything(server: Server) -> str:
    with server.database.read() as session:
        return " ".join(map(str, session.execute(text("SELECT * FROM audit_line")).all()))


def test_each_act_leaves_one_line_and_nothing_about_a_family(
    server: Server, hoa: Browser, home: str, lan_member: Device, binh_member: Device, minh_lead: Device
) -> None:
    lan_member.send(lan_member.visit(home, residents=[a_person(name=None)], note="Ông Đức hay đi vắng"))
    lan, village = lan_member.enrolled["member"]["id"], server.villages[HERE].id
    seen = 0

    def leaves(act: Act | None, **told: Any) -> None:
        nonlocal seen
        new = lines(server)[seen:]
        assert [one.action for one in new] == ([act] if act else [])
        assert all(one.by == "Đặng Thị Hoa" for one in new)
        assert all(new[-1].told[name] == value for name, value in told.items())
        seen += len(new)

    hoa.open(f"/office/households/{home}")
    leaves(Act.SAW_HOUSEHOLD)
    hoa.send("/phone")
    leaves(Act.SHOWN_PHONE)
    hoa.open("/office/lists")
    bring(hoa, workbook(*TWO, (3, "#N/A", HERE, "", "0987654321")))
    leaves(None)
    hoa.send("/import")
    leaves(Act.IMPORTED_LIST, added=1, left_out=2, file_name="ho.xlsx")
    assert hoa.page is not None
    brought = str(hoa.page.url).rpartition("/")[2]
    assert hoa.open(f"/office/lists/{brought}/left-out.xlsx").status_code == 200
    leaves(Act.OPENED_LEFT_OUT, file_name="ho.xlsx")
    hoa.open(f"/office/lists/{brought}")
    hoa.send("/undo")
    leaves(Act.TOOK_IMPORT_BACK)
    hoa.open(f"/office/people/invite?village={village}")
    hoa.send("/people/invite", name="Ngô Văn Tú", role="member")
    leaves(Act.INVITED)
    hoa.open(f"/office/people/{lan}")
    hoa.send("/code")
    leaves(Act.INVITED)
    hoa.post(f"/office/people/{lan}/villages", {f"village:{server.villages[THERE].id}": "1", f"village:{village}": "1"})
    leaves(Act.MOVED_MEMBER)
    for _ in range(2):
        hoa.post(f"/office/people/{lan}/leave", {"village": village})
    leaves(Act.ENDED_MEMBERSHIP)
    for _ in range(2):
        hoa.post(f"/office/devices/{binh_member.enrolled['device_id']}/revoke", {})
    leaves(Act.REVOKED_DEVICE)
    for _ in range(2):
        hoa.post(f"/office/devices/{minh_lead.enrolled['device_id']}/lost", {})
    leaves(Act.LOST_DEVICE)
    hoa.post("/office/setup/villages", {"names": "Thôn Đông\nThôn Tây"})
    leaves(Act.CHANGED_VILLAGES, villages=["thôn Đông", "thôn Tây"])
    hoa.post("/office/setup/round", {"title": "Đợt 2", "year": "2026"})
    leaves(Act.CHANGED_ROUND, title="Đợt 2")
    hoa.open("/office/setup/criteria")
    hoa.post("/office/setup/criteria/adopt", {})
    leaves(Act.CHANGED_CRITERIA)
    hoa.post("/office/cards/issue", {"village": village, "after": "0", "count": "3"})
    assert hoa.open(f"/office/cards/sheets.pdf?village={village}&outline=true").status_code == 200
    leaves(None)
    assert hoa.open(f"/office/cards/sheets.pdf?village={village}").status_code == 200
    leaves(Act.PRINTED_CARDS, cards=3)
    hoa.post("/office/cards/members", {"village": village, "names": "Lê Văn Năm\nLê Văn Sáu"})
    leaves(Act.INVITED, people=2)
    assert not re.search(r"Đức|Trần Thị Hòa|Ngõ|912345678|987654321|vắng", everything(server))
    hoa.open(PATH)
    assert "Đặng Thị Hoa đã mở trang của một hộ ở thôn Đinh Xá" in hoa.words
    assert "đã tạo mã đăng nhập cho Ngô Văn Tú" in hoa.words
    assert "Vũ Thị Lan đã ghi phiếu của một hộ ở thôn Đinh Xá" in hoa.words
    assert "3 thẻ; Thẻ, 10 thẻ một tờ A4." in hoa.words
    assert HEAD not in hoa.words
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", hoa.words)
    assert f"/office/households/{home}" in hoa.read().links


def test_what_a_phone_does_by_the_api_is_told_too(server: Server, minh_lead: Device, lan_member: Device) -> None:
    for what in ("revoke", "lost"):
        path = f"/api/v1/devices/{lan_member.enrolled['device_id']}/{what}"
        assert server.request("POST", path, headers=minh_lead.headers).status_code == 200
    asked = {"name": "Ngô Văn Tú", "role": "member", "villages": [minh_lead.village]}
    assert server.request("POST", "/api/v1/invitations", json=asked, headers=minh_lead.headers).status_code == 201
    told = [(one.action, one.by) for one in lines(server)]
    acts = (Act.REVOKED_DEVICE, Act.LOST_DEVICE, Act.INVITED)
    assert sorted(told) == sorted((act.value, "Hoàng Văn Minh") for act in acts)


def test_who_opens_a_page_again_within_ten_minutes_looked_once(server: Server, hoa: Browser, home: str) -> None:
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    for _ in range(3):
        hoa.open(f"/office/households/{home}")
        server.clock.pass_by(minutes=3)
    minh.open(f"/office/households/{home}")
    assert [one.by for one in lines(server)] == ["Đặng Thị Hoa", "Hoàng Văn Minh"]
    server.clock.pass_by(minutes=2)
    hoa.open(f"/office/households/{home}")
    assert len(lines(server)) == 3


def test_a_page_that_comes_back_with_a_mistake_is_a_look_too(server: Server, hoa: Browser, home: str) -> None:
    fields = {"change": an_id(), "seen": "0", "village": server.villages[HERE].id, "phone": "12"}
    hoa.post(f"/office/households/{home}/correct", fields)
    assert HEAD in hoa.words
    assert [(one.action, one.subject) for one in lines(server)] == [(Act.SAW_HOUSEHOLD, home)]


def test_whole_numbers_of_a_difference_are_told(
    server: Server, home: str, lan_member: Device, binh_member: Device
) -> None:
    lan_member.pull()
    seen = lan_member.seen("household", home)
    for device, number in ((lan_member, "0912345671"), (binh_member, "0912345672")):
        device.send(device.change("household", home, {"phone": number}, seen=seen))
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    for _ in range(2):
        minh.open("/office/differences")
    assert "0912 345 672" in minh.words
    assert [(one.action, one.subject, one.by) for one in lines(server)] == [(Act.SHOWN_PHONE, home, "Hoàng Văn Minh")]
    Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa").open("/office/differences")
    assert len(lines(server)) == 1, "whose numbers are masked was not shown any"


def test_nothing_is_shown_that_cannot_be_told(
    server: Server, hoa: Browser, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(hoa, workbook(*TWO, (3, "#N/A", HERE, "", "")))
    hoa.send("/import")
    assert hoa.page is not None
    rows = f"{hoa.page.url.path}/left-out.xlsx"

    @contextmanager
    def full(_self: Database) -> Iterator[Session]:
        raise DatabaseBusy
        yield

    with monkeypatch.context() as broken:
        broken.setattr(Database, "write", full)
        assert hoa.open(f"/office/households/{home}").status_code == 503
        assert HEAD not in hoa.words
        assert hoa.post(f"/office/households/{home}/phone", {}).status_code == 503
        assert "0912" not in hoa.words
        assert hoa.open(rows).status_code == 503
    assert HEAD in hoa.open(f"/office/households/{home}").text


def test_a_long_number_is_never_kept(server: Server, hoa: Browser) -> None:
    with server.database.write() as session:
        told: dict[str, Any] = {"file_name": "gọi 0912345678.xlsx", "columns": ["Tên", "0912 345 678"]}
        note(session, AtServer(COMMUNE), server.clock(), Act.EXPORTED, purpose="gọi 0912 345 678", **told)
    assert "345" not in everything(server)


def test_old_lines_are_forgotten(server: Server, hoa: Browser, home: str) -> None:
    hoa.open(f"/office/households/{home}")
    now = server.clock()
    forget_old_lines(server.database, now + timedelta(days=735), 24)
    assert len(lines(server)) == 1, "a clock that has jumped ahead is believed less than the log"
    with server.database.write() as session:
        note(session, AtServer(COMMUNE), now + timedelta(days=720), Act.EXPORTED)
    forget_old_lines(server.database, now + timedelta(days=729), 24)
    assert len(lines(server)) == 2
    forget_old_lines(server.database, now + timedelta(days=735), 24)
    assert len(lines(server)) == 1


def test_what_is_done_on_the_command_line_is_told(
    run: Callable[..., tuple[int, str, str]], server: Server, home: str, lan_member: Device
) -> None:
    at = ("--commune", COMMUNE)
    device = lan_member.enrolled["device_id"]
    for words in (
        ("changes", "show", home),
        ("changes", "quarantine", home, "--by", "Lê Tuấn", "--why", "Máy cũ không đọc được"),
        ("changes", "release", home, "--by", "Lê Tuấn"),
        ("village", "add", "Đông"),
        ("round", "--answers-hold-days", "400"),
        ("invite", "--role", "lead", "--village", HERE, "--name", "Phan Thị Mai"),
        ("devices", "revoke", "--device", device),
        ("devices", "lost", "--device", device),
    ):
        assert run(*words, *at)[0] == 0, words
    with server.database.read() as session:
        told = list_lines(session, COMMUNE, Sought(at_server=True), 100)
    acts = "read_change quarantined restored changed_villages changed_round invited revoked_device lost_device"
    assert sorted(one.action for one in told) == sorted(acts.split())
    [taken] = [one for one in told if one.action == "quarantined"]
    assert (taken.subject, taken.purpose, taken.told) == (home, "Máy cũ không đọc được", {"by": "Lê Tuấn"})
