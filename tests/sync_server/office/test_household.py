"""One household on the pages: what is known, who did what, its number on request, its correction and its move."""

import re

import pytest

from survey.roles import Role
from sync_server.store.audit import Sought, list_lines
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person

HERE, THERE = "Đinh Xá", "Nghinh Tiên"
NUMBER = "0912 345 678"


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def home(lan_member: Device) -> str:
    """A household with a phone number that was not visited yet."""
    identity = an_id()
    body = {"head_name": "Nguyễn Văn Đức", "address": "Số 2, Ngõ Đình", "phone": "0912345678", "number": 7}
    assert lan_member.verdicts(lan_member.change("household", identity, body)) == ["applied"]
    return identity


def path(home: str) -> str:
    return f"/office/households/{home}"


def test_it_tells_what_was_answered_and_by_whom(server: Server, lan_member: Device, home: str, hoa: Browser) -> None:
    people = [a_person(), a_person(relation="child", birth_year=2001, sex="m", answers={"has_smartphone": "unknown"})]
    lan_member.send(lan_member.visit(home, residents=people, note="Nhà hay đi vắng buổi sáng"))
    server.clock.pass_by(hours=1)
    hoa.open(path(home))
    for words in (
        "Nguyễn Văn Đức Đã khảo sát, 22/11/2026, Vũ Thị Lan",
        "Ngõ, xóm Ngõ Đình",
        "Chủ hộ 1961 Nữ Có",
        "Con trai 2001 Nam Không rõ",
        "Nhà có lắp Internet cáp quang không? Có",
        "Ghi chú: Nhà hay đi vắng buổi sáng",
        "Đến nhà: đã khảo sát Vũ Thị Lan 09:00 22/11/2026 10:04 22/11/2026",
        "Ghi hộ vào danh sách.",
    ):
        assert words in hoa.words, words


def test_a_clock_at_the_end_of_time_is_shown_beside_ours(lan_member: Device, home: str, hoa: Browser) -> None:
    end = "9999-12-31T23:59:59Z"
    visit = lan_member.visit(home, started_at=end, ended_at=end) | {"captured_at": end}
    assert lan_member.verdicts(visit, lan_member.change("household", home, {"number": 8}, captured_at=end))
    assert hoa.open(path(home)).status_code == 200
    assert "23:59 31/12/9999 10:04 22/11/2026" in hoa.words
    assert hoa.open("/office/households").status_code == 200


def test_the_number_is_masked_until_it_is_asked_for_and_that_is_in_the_audit_log(
    server: Server, home: str, hoa: Browser
) -> None:
    page = hoa.open(path(home))
    assert "09•• ••• •78" in hoa.words
    assert not re.search(r"912\D{0,3}345", page.text)
    server.clock.pass_by(seconds=1)
    hoa.send("/phone")
    assert NUMBER in hoa.words
    with server.database.read() as session:
        shown, opened = list_lines(session, COMMUNE, Sought(), 10)
    assert (opened.action, shown.action) == ("saw_household", "shown_phone")
    assert (shown.subject, shown.by, shown.told, shown.purpose) == (home, "Đặng Thị Hoa", {}, "")
    assert NUMBER not in hoa.open(path(home)).text


def test_a_correction_is_recorded_once_however_often_it_is_sent(
    lan_member: Device, home: str, hoa: Browser, server: Server
) -> None:
    hoa.open(path(home))
    form = next(one for one in hoa.read().forms if one.action.endswith("/correct"))
    assert (form.fields["status"], form.fields["phone"]) == ("active", "")
    fields = form.fields | {"head_name": " Nguyễn  Văn Đức Anh ", "phone": "0987 654 321"}
    for _ in range(2):
        hoa.post(form.action, fields)
        assert "Đã ghi thay đổi." in hoa.words
    shown = lan_member.shown("household", home)
    assert (shown["head_name"], shown["phone"]) == ("Nguyễn Văn Đức Anh", "+84987654321")
    assert hoa.words.count("Sửa thông tin hộ Họ tên chủ hộ: Nguyễn Văn Đức → Nguyễn Văn Đức Anh") == 1
    assert "Điện thoại: 09•• ••• •78 → 09•• ••• •21" in hoa.words
    hoa.send("/correct", forget_phone="1", status="vacant")
    shown = lan_member.shown("household", home)
    assert (shown["phone"], shown["status"]) == (None, "vacant")
    before = lan_member.seen("household", home)
    hoa.send("/correct")
    lan_member.pull()
    assert lan_member.seen("household", home) == before, "nothing was changed, nothing is recorded"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("head_name", "  ", "Anh/chị ghi họ tên chủ hộ."),
        ("phone", "0912", "Số điện thoại không đúng"),
        ("address", "CCCD 001199012345", "Không ghi số giấy tờ"),
        ("status", "x", "Nội dung này dài quá hoặc không đúng dạng."),
        ("head_name", "A" * 121, "Nội dung này dài quá"),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    lan_member: Device, home: str, hoa: Browser, field: str, typed: str, said: str
) -> None:
    hoa.open(path(home))
    kept = {"head_name": "Nguyễn Văn Đức Anh", "address": "Số 3, Ngõ Đình", "phone": "0987654321"} | {field: typed}
    assert hoa.send("/correct", **kept).status_code == 422
    assert hoa.page is not None
    assert f'aria-describedby="wrong-{field}"' in hoa.page.text
    assert said in hoa.words
    form = next(one for one in hoa.read().forms if one.action.endswith("/correct"))
    for name, value in kept.items():
        if name != "status":
            assert form.fields[name] == value
    assert lan_member.shown("household", home)["head_name"] == "Nguyễn Văn Đức"
    good = {"head_name": "Nguyễn Văn Đức Anh", "address": "", "phone": "", "status": "active"}
    hoa.send("/correct", **good)
    assert "Đã ghi thay đổi." in hoa.words
    assert lan_member.shown("household", home)["head_name"] == "Nguyễn Văn Đức Anh"


def test_who_loses_a_race_sees_both_values(server: Server, lan_member: Device, home: str, hoa: Browser) -> None:
    hoa.open(path(home))
    lan_member.pull()
    seen = lan_member.seen("household", home)
    other = {"head_name": "Nguyễn Văn Đực", "address": "Số 9, Ngõ Đình"}
    lan_member.send(lan_member.change("household", home, other, seen=seen))
    assert hoa.send("/correct", head_name="Nguyễn Văn Dức").status_code == 200
    assert "Hai người sửa khác nhau" in hoa.words
    assert "Đang hiện: Nguyễn Văn Dức (Đặng Thị Hoa, 22/11/2026)" in hoa.words
    assert "Ghi khác: Nguyễn Văn Đực (Vũ Thị Lan, 22/11/2026)" in hoa.words
    assert lan_member.shown("household", home)["address"] == "Số 9, Ngõ Đình", "what only one changed stays"
    hoa.open("/office/households?state=differs")
    assert "1 hộ" in hoa.words


def test_a_household_moves_with_its_people(
    server: Server, lan_member: Device, tuyet_member: Device, home: str, hoa: Browser
) -> None:
    lan_member.send(lan_member.visit(home))
    hoa.open(path(home))
    assert hoa.send("/move").status_code == 422
    assert "Anh/chị chọn thôn mà hộ chuyển đến." in hoa.words
    form = next(one for one in hoa.read().forms if one.action.endswith("/move"))
    for _ in range(2):
        hoa.post(form.action, form.fields | {"to": server.villages[THERE].id})
        assert "Đã ghi thay đổi." in hoa.words
        assert "Thôn Thôn Nghinh Tiên" in hoa.words
    assert "Chuyển đến thôn Nghinh Tiên" in hoa.words
    assert tuyet_member.shown("household", home)["current"]["residents"]
    minh = Browser(server).sign_in(Role.LEAD, "Minh", HERE)
    assert minh.open(path(home)).status_code == 403


def test_a_lead_moves_between_own_villages_alone(server: Server, home: str) -> None:
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    minh.open(path(home))
    assert "Chuyển hộ sang thôn khác" not in minh.words
    form = next(one for one in minh.read().forms if one.action.endswith("/correct"))
    moving = form.fields | {"to": server.villages[THERE].id}
    assert minh.post(f"{path(home)}/move", moving).status_code == 422
    both = Browser(server).sign_in(Role.LEAD, "Vũ Văn Hai", HERE, THERE)
    both.open(path(home))
    both.send("/move", to=server.villages[THERE].id)
    assert "Đã ghi thay đổi." in both.words


@pytest.mark.parametrize(
    ("who", "village", "status"),
    [("official", HERE, 200), ("official", THERE, 200), ("lead", HERE, 200), ("lead", THERE, 403), ("nobody", HERE, 0)],
)
@pytest.mark.parametrize("page", ["", "/phone", "/correct", "/move", "/again"])
def test_every_role_at_every_page_of_every_village(
    server: Server, lan_member: Device, tuyet_member: Device, who: str, village: str, status: int, page: str
) -> None:
    owner, home = (lan_member if village == HERE else tuyet_member), an_id()
    owner.send(owner.change("household", home, {"head_name": "Lê Thị Bé", "phone": "0912345678"}))
    browser = Browser(server)
    if who != "nobody":
        browser.sign_in(Role(who), "Người thử", *([HERE] if who == "lead" else []))
    typed = "Lê Thị Bé" if status == 200 else "Tên gõ vào"  # a page that refuses shows what was typed, and no more
    fields = {"change": an_id(), "seen": "99", "village": owner.village, "head_name": typed, "to": "x"}
    answer = browser.open(path(home)) if not page else browser.post(path(home) + page, fields)
    if who == "nobody":
        assert "Lê Thị Bé" not in answer.text
        assert answer.status_code == (401 if page else 200)
        assert "Mã đăng nhập" in browser.words or "chưa được ghi danh" in browser.words
    else:
        assert answer.status_code == (422 if status == 200 and page in {"/move", "/again"} else status)
        assert ("Lê Thị Bé" in answer.text) is (status == 200)


def test_what_there_is_not_is_no_page(hoa: Browser, home: str) -> None:
    assert hoa.open(path(an_id())).status_code == 404
    assert "Không tìm thấy hộ này" in hoa.words
    assert hoa.open(path("x")).status_code == 422
    for page in ("/phone", "/correct", "/move", "/again"):
        assert hoa.post(path(an_id()) + page, {"change": an_id(), "seen": "0", "village": an_id()}).status_code == 404
    for wrong in ({"change": "x"}, {"seen": "x"}):
        assert hoa.post(path(home) + "/correct", {"change": an_id(), "seen": "0"} | wrong).status_code == 422
    assert hoa.post(path(home) + "/correct", {"change": an_id(), "seen": "0", "village": "x"}).status_code == 404
    answer = hoa.open(path(home) + "/phone", "POST", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert not re.search(r"912\D{0,3}345", answer.text)


def test_a_name_and_a_note_are_text(lan_member: Device, home: str, hoa: Browser) -> None:
    wild = "<script>alert(1)</script>"
    lan_member.send(lan_member.change("household", home, {"head_name": wild, "address": '"><img src=x>'}))
    lan_member.send(lan_member.visit(home, note=wild))
    page = hoa.open(path(home))
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    hoa.send("/correct", head_name=f'"{wild}', phone="x")
    assert hoa.page is not None
    assert "<script>alert" not in hoa.page.text


def test_a_visit_is_sent_back_with_the_questions_to_ask_again(lan_member: Device, home: str, hoa: Browser) -> None:
    lan_member.send(lan_member.visit(home))
    hoa.open(path(home))
    answer = hoa.send("/again", note="Hỏi lại anh số 001088123456")
    assert answer.status_code == 422
    assert "Nhờ tổ hỏi lại" in hoa.words
    assert hoa.send("/again", ask_has_fixed_internet="1", note="Nhà vừa lắp mạng").status_code == 200
    assert "Nhờ hỏi lại Đặng Thị Hoa, 22/11/2026: Nhà vừa lắp mạng" in hoa.words
    lan_member.pull()
    asked = lan_member.shown("household", home)["ask_again"]
    assert (asked["keys"], asked["note"]) == (["has_fixed_internet"], "Nhà vừa lắp mạng")
