"""Nhật ký: the officials' page of the audit log, acts and changes in one order, page by page and filtered."""

import re

import pytest

from survey.acts import ACT_WORDS, Act
from survey.roles import Role
from sync_server.audit import AtServer, note
from sync_server.office.audit import PAGE, list_entries
from sync_server.office.audit_words import Known
from sync_server.store.audit import Sought
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server

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


def test_an_erased_household_is_linked_no_more(server: Server, hoa: Browser, home: str, lan_member: Device) -> None:
    hoa.open(f"/office/households/{home}")
    hoa.open(PATH)
    assert f"/office/households/{home}" in hoa.read().links
    asked = {"household": home, "requested_at": server.clock().isoformat(), "basis": "family_request"}
    assert lan_member.verdicts(lan_member.change("erasure", home, asked)) == ["applied"]
    hoa.open(PATH)
    assert f"/office/households/{home}" not in hoa.read().links
    assert "Vũ Thị Lan đã xóa một hộ theo yêu cầu của gia đình ở thôn Đinh Xá" in hoa.words
    assert "Đặng Thị Hoa đã mở trang của một hộ ở thôn Đinh Xá" in hoa.words


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


def test_every_act_has_its_words() -> None:
    assert set(ACT_WORDS) == set(Act)
