"""People and devices on the pages: who sees whom, what each button does once, and the record of a lost device."""

import pytest

from survey.devices import DeviceLine, DeviceState
from survey.roles import Role
from sync_server.store.device_lines import find_incident, list_devices
from sync_server.store.members import list_member_villages, list_members
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server

HERE, THERE = "Đinh Xá", "Nghinh Tiên"


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def minh(server: Server) -> Browser:
    return Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)


def member_id(server: Server, name: str) -> str:
    with server.database.read() as session:
        [found] = [one.id for one in list_members(session, COMMUNE) if one.name == name]
    return found


def line_of(server: Server, device: str) -> DeviceLine:
    with server.database.read() as session:
        return next(one for one in list_devices(session, COMMUNE) if one.id == device)


def villages_of(server: Server, member: str) -> set[str]:
    with server.database.read() as session:
        return set(list_member_villages(session, COMMUNE, member))


def test_the_page_says_who_works_where_and_what_waits(
    server: Server, hoa: Browser, lan_member: Device, household: str
) -> None:
    lan = member_id(server, "Vũ Thị Lan")
    home = {"head_name": "Nguyễn Văn Đức", "address": "Số 3, Ngõ Đình", "assigned_to": lan}
    lan_member.send(lan_member.change("household", an_id(), home))
    lan_member.post(unsent=5)
    hoa.open("/office/people")
    assert "1 máy còn 5 phiếu chưa gửi ; máy nào cũng đã nối trong 7 ngày qua" in hoa.words
    assert "Vũ Thị Lan Tổ viên Ngõ Đình (1 hộ)" in hoa.words
    assert "Thôn Nghinh Tiên chưa có tổ" in hoa.words
    assert "Ngõ Đình: 1 hộ" in hoa.words
    assert hoa.page is not None
    assert 'class="late"' not in hoa.page.text
    server.clock.pass_by(days=8)
    again = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    page = again.open("/office/people")
    assert '<strong class="late">5</strong>' in page.text
    assert "1 máy chưa nối quá 7 ngày" in again.words, "a browser of the pages is no silent phone"


def test_one_village_is_chosen_by_a_form_and_a_browser_is_no_phone(server: Server, hoa: Browser) -> None:
    server.enroll(Role.MEMBER, "Lê Thị Tuyết", THERE)
    hoa.open(f"/office/people?village={server.villages[THERE].id}")
    assert "Lê Thị Tuyết" in hoa.words
    assert "Thôn Đinh Xá chưa có tổ" not in hoa.words
    assert "Cán bộ xã Họ tên" not in hoa.words
    hoa.open("/office/people?village=")
    assert "Trang của xã, tự thoát lúc" in hoa.words


def test_who_left_without_handing_in_is_told_of(server: Server, hoa: Browser, lan_member: Device) -> None:
    lan, here = member_id(server, "Vũ Thị Lan"), server.villages[HERE].id
    lan_member.post(unsent=3)
    server.clock.pass_by(minutes=1)
    hoa.open(f"/office/people/{lan}")
    assert "còn 3 phiếu chưa gửi" in hoa.words
    form = hoa.form("/leave")
    for _ in range(2):
        hoa.post(form.action, form.fields)
        assert "Đã cho rời tổ" in hoa.words
        assert "Vũ Thị Lan đã rời tổ; máy" in hoa.words
    assert villages_of(server, lan) == set()
    assert line_of(server, lan_member.enrolled["device_id"]).state is DeviceState.REVOKED
    other = {"village": server.villages[THERE].id}
    assert hoa.post(form.action, other).status_code == 404, "who was never there cannot leave"
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    minh.open(f"/office/people?village={here}")
    assert f"/office/people/{lan}" not in minh.read().links


# What the lead of the village and the lead of the other one get; an official gets all of it.
PAGES = {
    "/office/people": (200, 200),
    "/office/people?village={here}": (200, 403),
    "/office/people/{lan}": (200, 403),
    "/office/people/invite": (200, 200),
    "/office/people/invited": (200, 200),
    "/office/cards?village={here}": (200, 403),
    "/office/cards/sheets.pdf?village={here}&outline=1": (200, 403),
}
FORMS = {
    "/office/people/{lan}/code": {},
    "/office/people/{lan}/leave": {"village": "{here}"},
    "/office/devices/{phone}/revoke": {},
    "/office/devices/{phone}/lost": {},
    "/office/cards/issue": {"village": "{here}", "count": "1", "after": "0"},
    "/office/cards/members": {"village": "{here}", "names": "Ngô Thị Sen"},
    "/office/people/invite": {"name": "Ngô Thị Sen", "role": "member", "village:{here}": "1"},
}


def test_every_page_keeps_the_other_village_apart(server: Server, hoa: Browser, minh: Browser) -> None:
    lan_member = server.enroll(Role.MEMBER, "Vũ Thị Lan", HERE)
    tam = Browser(server).sign_in(Role.LEAD, "Phạm Văn Tâm", THERE)
    known = {
        "here": server.villages[HERE].id,
        "lan": member_id(server, "Vũ Thị Lan"),
        "phone": lan_member.enrolled["device_id"],
    }
    for path, (own, other) in PAGES.items():
        for browser, status in ((hoa, 200), (minh, own), (tam, other)):
            assert browser.open(path.format(**known)).status_code == status, path
        stranger = Browser(server)
        stranger.open(path.format(**known))
        assert "Mã đăng nhập" in stranger.words, path
    for path in FORMS:
        assert Browser(server).post(path.format(**known), {}).status_code == 401, path
    tam.open("/office/people")
    assert "Vũ Thị Lan" not in tam.words
    assert "Đặng Thị Hoa" not in tam.words, "officials are not a lead's to see"
    tam.open("/office/people/invite")
    seen = {one: tam.form("/invite").fields[one] for one in ("change", "seen")}
    for path, fields in FORMS.items():
        filled = {name.format(**known): value.format(**known) for name, value in fields.items()} | seen
        status = tam.post(path.format(**known), filled).status_code
        assert status in {403, 404}, path
    assert line_of(server, known["phone"]).state is DeviceState.ACTIVE
    assert villages_of(server, known["lan"]) == {known["here"]}
    assert "Ngô Thị Sen" not in [one.name for one in _members(server)]
    for path in ("/office/people/{lan}/villages", "/office/devices/{phone}/incident"):
        for browser in (minh, tam):
            method = "POST" if path.endswith("villages") else "GET"
            answer = browser.open(path.format(**known), method, headers={"Origin": "http://server"})
            assert answer.status_code == 403, "only officials move people and read records"


def _members(server: Server) -> list[object]:
    with server.database.read() as session:
        return list(list_members(session, COMMUNE))


def test_every_form_refuses_a_strangers_page(server: Server, hoa: Browser, lan_member: Device) -> None:
    known = {
        "here": server.villages[HERE].id,
        "lan": member_id(server, "Vũ Thị Lan"),
        "phone": lan_member.enrolled["device_id"],
    }
    for path in [*FORMS, "/office/people/{lan}/villages"]:
        fields = {k.format(**known): v.format(**known) for k, v in FORMS.get(path, {}).items()}
        for origin in ("https://evil.example", "null", ""):
            headers = {"Origin": origin} if origin else {}
            assert hoa.open(path.format(**known), "POST", data=fields, headers=headers).status_code == 403, path
    assert line_of(server, known["phone"]).state is DeviceState.ACTIVE
    assert villages_of(server, known["lan"]) == {known["here"]}


def test_a_device_ends_once_and_a_lead_ends_members_devices_alone(
    server: Server, minh: Browser, lan_member: Device
) -> None:
    other = server.enroll(Role.LEAD, "Phạm Văn Tâm", HERE)
    minh.open(f"/office/people/{member_id(server, 'Phạm Văn Tâm')}")
    assert "do cán bộ xã quản lý" in minh.words
    assert not [one for one in minh.read().forms if "/devices/" in one.action]
    assert minh.post(f"/office/devices/{other.enrolled['device_id']}/revoke", {}).status_code == 403
    lan, phone = member_id(server, "Vũ Thị Lan"), lan_member.enrolled["device_id"]
    minh.open(f"/office/people/{lan}")
    action = minh.form("/revoke").action
    for _ in range(2):
        assert minh.post(action, {}).status_code == 200
        assert "1 máy đã thôi dùng" in minh.words
    first = line_of(server, phone)
    assert (first.state, first.state_by) == (DeviceState.REVOKED, "Hoàng Văn Minh")


def test_a_lost_device_leads_to_its_record(server: Server, hoa: Browser, lan_member: Device, household: str) -> None:
    phone = lan_member.enrolled["device_id"]
    hoa.open(f"/office/people/{member_id(server, 'Vũ Thị Lan')}")
    action = hoa.form("/lost").action
    hoa.post(action, {})
    assert hoa.went_to[-1] == f"/office/devices/{phone}/incident"
    assert "Biên bản máy mất" in hoa.words
    assert "Hạn thông báo (72 giờ): trước 10:04 25/11/2026" in hoa.words
    assert "Thôn Đinh Xá 1 0 0" in hoa.words
    server.clock.pass_by(hours=1)
    hoa.post(action, {})
    assert "trước 10:04 25/11/2026" in hoa.words, "the first record stays"
    with server.database.read() as session:
        assert find_incident(session, COMMUNE, phone) is not None


def test_nobody_ends_the_device_in_use_and_a_revoked_browser_is_out(server: Server, hoa: Browser) -> None:
    own = member_id(server, "Đặng Thị Hoa")
    hoa.open(f"/office/people/{own}")
    assert "Đây là máy anh/chị đang dùng" in hoa.words
    assert not [one for one in hoa.read().forms if "/devices/" in one.action]
    with server.database.read() as session:
        [mine] = [one.id for one in list_devices(session, COMMUNE)]
    assert hoa.post(f"/office/devices/{mine}/revoke", {}).status_code == 409
    assert "Đây là máy anh/chị đang dùng" in hoa.words
    second = Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")
    second.open(f"/office/people/{own}")
    second.post(f"/office/devices/{mine}/revoke", {})
    hoa.open("/office/people")
    assert "Mã đăng nhập" in hoa.words


def test_an_official_moves_people_between_villages(server: Server, hoa: Browser, lan_member: Device) -> None:
    lan, there = member_id(server, "Vũ Thị Lan"), server.villages[THERE].id
    hoa.open(f"/office/people/{lan}")
    action = hoa.form("/villages").action
    assert hoa.form("/villages").fields == {f"village:{server.villages[HERE].id}": "1"}
    assert hoa.post(action, {}).status_code == 422
    assert "đánh dấu ít nhất một thôn" in hoa.words
    for _ in range(2):
        assert hoa.post(action, {f"village:{there}": "1"}).status_code == 200
    assert villages_of(server, lan) == {there}
    assert hoa.post(action, {f"village:{an_id()}": "1"}).status_code == 404
    official = member_id(server, "Đặng Thị Hoa")
    assert hoa.post(f"/office/people/{official}/villages", {f"village:{there}": "1"}).status_code == 422
    assert hoa.open(f"/office/people/{an_id()}").status_code == 404
    assert "tungnha" not in hoa.words, "a page names no command"


def test_names_are_shown_as_text(server: Server, hoa: Browser) -> None:
    name = "<script>alert(1)</script>"
    server.enroll(Role.MEMBER, name, HERE)
    for path in ("/office/people", f"/office/people/{member_id(server, name)}"):
        page = hoa.open(path)
        assert name not in page.text
        assert name in hoa.words
