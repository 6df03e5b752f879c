"""The audit log: each act is one line without a word about a family, and officials read it on their page."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from survey.acts import ACT_WORDS, Act
from survey.roles import Role
from sync_server.audit import AtServer, forget_old_lines, note
from sync_server.office.audit import PAGE, list_entries
from sync_server.office.audit_words import Known
from sync_server.store.audit import AuditLine, Sought, list_lines
from sync_server.store.database import Database, DatabaseBusy, Session
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_lists import TWO, bring, workbook
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person

HERE, THERE, HEAD = "Đinh Xá", "Nghinh Tiên", "Nguyễn Văn Đức"
PATH = "/office/audit"
NOBODY = Known({}, {}, {})


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


def test_pages_miss_nothing_and_repeat_nothing_also_at_one_instant(server: Server, home: str, hoa: Browser) -> None:
    lan = server.enroll(Role.MEMBER, "Phạm Thị Sen", HERE)
    with server.database.write() as session:
        for _ in range(PAGE + 20):
            note(session, AtServer(COMMUNE), server.clock(), Act.EXPORTED, format="xlsx")
    lan.send(*(lan.change("household", an_id(), {"head_name": f"Hộ {one}"}) for one in range(PAGE - 10)))
    server.clock.pass_by(seconds=1)
    lan.send(lan.change("household", an_id(), {"head_name": "Hộ sau"}))
    with server.database.read() as session:
        found, before = [], None
        while some := list_entries(session, COMMUNE, Sought(before=before), NOBODY)[:PAGE]:
            found += some
            before = (some[-1].at, some[-1].id)
    assert len(found) == len({one.id for one in found}) == 1 + (PAGE - 10) + (PAGE + 20) + 1
    assert found == sorted(found, key=lambda one: (one.at, one.id), reverse=True)
    pages = [hoa.open(PATH).text]
    while following := re.search(r'href="([^"]+)" rel="next"', pages[-1]):
        pages.append(hoa.open(following[1].replace("&amp;", "&")).text)
    assert [page.count('<th scope="row">') for page in pages] == [PAGE, PAGE, len(found) - 2 * PAGE]
    assert "Mới nhất" in hoa.words


def test_filters_leave_what_was_asked_for(server: Server, hoa: Browser, home: str, lan_member: Device) -> None:
    hoa.open(f"/office/households/{home}")
    for _ in range(2):  # whoever is idle for half a day is signed out
        server.clock.pass_by(hours=8)
        hoa.open(PATH)
    with server.database.write() as session:
        note(session, AtServer(COMMUNE), server.clock(), Act.QUARANTINED, purpose="Máy cũ không đọc được", by="Tuấn")
    looked, sent, taken = "đã mở trang của một hộ", "đã ghi hoặc sửa một hộ ở", "đã rút một dòng dữ liệu"

    def shows(query: str) -> set[str]:
        hoa.open(f"{PATH}?{query}")
        table = hoa.words.partition("Mục đích")[2]
        return {one for one in (looked, sent, taken) if one in table}

    lan, there, here = lan_member.enrolled["member"]["id"], server.villages[THERE].id, server.villages[HERE].id
    assert shows("") == {looked, sent, taken}
    assert "Người quản trị máy chủ đã rút" in hoa.words
    assert "Máy cũ không đọc được" in hoa.words
    assert shows(f"who={lan}") == {sent}
    assert shows("who=server") == {taken}
    assert shows("act=saw_household") == {looked}
    assert shows("act=change") == shows("act=change:household") == {sent}
    assert shows("act=change:response") == set()
    assert "Anh/chị chọn khoảng ngày rộng hơn" in hoa.words
    assert shows(f"village={here}") == {looked, sent}
    assert shows(f"village={there}") == set()
    assert shows("since=23/11/2026") == {taken}
    assert shows("until=22/11/2026") == {looked, sent}
    assert shows("since=22/11/2026&until=23/11/2026") == {looked, sent, taken}
    assert shows("since=31/02/2026") == {looked, sent, taken}
    assert "Ngày “31/02/2026” không đúng" in hoa.words


def test_an_empty_log_says_what_comes_first(server: Server, hoa: Browser) -> None:
    hoa.open(PATH)
    assert "Nhật ký chưa có dòng nào." in hoa.words


def test_another_communes_lines_are_never_shown(server: Server, hoa: Browser, home: str) -> None:
    from survey.records import Commune
    from sync_server.commune.criteria_sets import load_criteria_set
    from sync_server.commune.setup import invite, open_commune

    hoa.open(f"/office/households/{home}")
    with server.database.write() as session:
        other = Commune(code="00001", name="Khác", kind="xã")
        open_commune(session, other, load_criteria_set("nguyet-duc-demo"), server.clock())
        code = invite(session, "00001", Role.OFFICIAL, "Lạ", [], server.clock(), public_url="http://server").code
        note(session, AtServer("00001"), server.clock(), Act.EXPORTED, purpose="Báo cáo của xã khác")
    stranger = Browser(server).type_code(code)
    stranger.open(PATH)
    assert "Báo cáo của xã khác" in stranger.words
    assert "Đặng Thị Hoa" not in stranger.words
    assert "đã ghi" not in stranger.words.partition("Mục đích")[2]
    hoa.open(PATH)
    assert "Báo cáo của xã khác" not in hoa.words


def test_a_long_number_is_never_kept(server: Server, hoa: Browser) -> None:
    with server.database.write() as session:
        told: dict[str, Any] = {"file_name": "gọi 0912345678.xlsx", "columns": ["Tên", "0912 345 678"]}
        note(session, AtServer(COMMUNE), server.clock(), Act.EXPORTED, purpose="gọi 0912 345 678", **told)
    assert "345" not in everything(server)


def test_old_lines_are_forgotten(server: Server, hoa: Browser, home: str) -> None:
    hoa.open(f"/office/households/{home}")
    now = server.clock()
    forget_old_lines(server.database, now + timedelta(days=729), 24)
    assert len(lines(server)) == 1
    forget_old_lines(server.database, now + timedelta(days=735), 24)
    assert lines(server) == []


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


def test_every_act_has_its_words() -> None:
    assert set(ACT_WORDS) == set(Act)
