"""Differences on the pages: side by side, one click, and what a second person is told."""

import pytest

from survey.roles import Role
from tests.sync_server.office.browser import Browser
from tests.sync_server.sync.test_resolutions import internet
from tests.sync_server.wire_client import Device, Server, a_person

HERE, THERE = "Đinh Xá", "Nghinh Tiên"


@pytest.fixture
def difference(lan_member: Device, binh_member: Device, household: str) -> str:
    """Lan wrote that there is Internet, Bình that there is none, and his word shows."""
    person = a_person()
    lan_member.send(lan_member.visit(household, residents=[person]))
    second = binh_member.visit(household, residents=[person], answers={"has_fixed_internet": "no"})
    assert binh_member.verdicts(second) == ["difference"]
    identity: str = second["id"]
    return identity


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


def form_of(browser: Browser) -> tuple[str, dict[str, str]]:
    browser.open("/office/differences")
    form = next(one for one in browser.read().forms if "/differences/" in one.action)
    return form.action, {name: value for name, value in form.fields.items() if name}


def test_both_sides_stand_beside_each_other_and_one_click_answers(
    hoa: Browser, difference: str, lan_member: Device, household: str
) -> None:
    action, fields = form_of(hoa)
    assert "1 mục cần xem" in hoa.words
    assert "Nguyễn Văn Đức , thôn Đinh Xá" in hoa.words
    assert "Nhà có lắp Internet cáp quang không? Không Có" in hoa.words
    for _ in range(2):
        hoa.post(action, fields | {"choice": "other"})
        assert "Đặng Thị Hoa đã chọn lấy điều ghi khác" in hoa.words
        assert "Không có gì cần xem lại" in hoa.words
    assert internet(lan_member, household) == "yes"
    hoa.open("/office/differences")
    assert difference not in hoa.page.text if hoa.page else True


def test_who_comes_second_is_told_what_the_first_chose(server: Server, hoa: Browser, difference: str) -> None:
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    first, second = form_of(minh), form_of(hoa)
    minh.post(first[0], first[1] | {"choice": "shown"})
    hoa.post(second[0], second[1] | {"choice": "other"})
    assert "Hoàng Văn Minh đã chọn giữ điều đang hiện" in hoa.words


def test_asking_again_reaches_the_team(hoa: Browser, difference: str, lan_member: Device, household: str) -> None:
    action, fields = form_of(hoa)
    hoa.post(action, fields | {"choice": "new_visit"})
    assert lan_member.shown("household", household)["ask_again"]


@pytest.mark.parametrize("choice", ["", "perhaps"])
def test_what_is_no_choice_leaves_it_open(hoa: Browser, difference: str, choice: str) -> None:
    action, fields = form_of(hoa)
    hoa.post(action, fields | {"choice": choice})
    assert "1 mục cần xem" in hoa.words


def test_a_lead_of_another_village_sees_and_answers_nothing(server: Server, hoa: Browser, difference: str) -> None:
    stranger = Browser(server).sign_in(Role.LEAD, "Đỗ Văn Ước", THERE)
    action, fields = form_of(hoa)
    stranger.open("/office/differences")
    assert "Không có gì cần xem lại" in stranger.words
    assert stranger.post(action, fields | {"choice": "other"}).status_code == 404
    hoa.open("/office/differences")
    assert "1 mục cần xem" in hoa.words


def test_a_wrong_click_is_taken_back_by_who_made_it(
    server: Server, hoa: Browser, difference: str, lan_member: Device, household: str
) -> None:
    action, fields = form_of(hoa)
    hoa.post(action, fields | {"choice": "other"})
    assert internet(lan_member, household) == "yes"
    hoa.post(action, hoa.form(action).fields | {"choice": "undo"})
    assert "1 mục cần xem" in hoa.words
    assert internet(lan_member, household) == "no"
    hoa.post(action, hoa.form(action).fields | {"choice": "shown"})
    minh = Browser(server).sign_in(Role.LEAD, "Hoàng Văn Minh", HERE)
    minh.open(f"/office/differences?done={difference}")
    assert "Đặng Thị Hoa đã chọn giữ điều đang hiện" in minh.words
    assert "Hoàn tác" not in minh.words
