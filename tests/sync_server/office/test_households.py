"""Households on the pages: filters, the search of the phones, a household's history, corrections."""

import logging

import pytest

from survey.roles import Role
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.wire_client import Device, Server

HERE, THERE = "Đinh Xá", "Nghinh Tiên"


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def homes(lan_member: Device, household: str) -> dict[str, str]:
    """Nguyễn Văn Đức was surveyed, Lê Thị Bé not, and Trần An has moved away."""
    lan_member.send(lan_member.visit(household, answers={"has_fixed_internet": "no"}))
    made = {"Lê Thị Bé": an_id(), "Trần An": an_id()}
    bodies = {
        "Lê Thị Bé": {"head_name": "Lê Thị Bé", "address": "Số 3, Ngõ Đình", "phone": "0912345678"},
        "Trần An": {"head_name": "Trần An", "address": "Ngõ Chùa", "status": "moved"},
    }
    for name, identity in made.items():
        assert lan_member.verdicts(lan_member.change("household", identity, bodies[name])) == ["applied"]
    return made | {"Nguyễn Văn Đức": household}


def heads(browser: Browser, query: str = "") -> set[str]:
    browser.open(f"/office/households{query}")
    return {name for name in ("Nguyễn Văn Đức", "Lê Thị Bé", "Trần An") if name in browser.words}


def test_filters(server: Server, hoa: Browser, homes: dict[str, str]) -> None:
    village, other = server.villages[HERE].id, server.villages[THERE].id
    assert heads(hoa) == {"Nguyễn Văn Đức", "Lê Thị Bé"}
    assert heads(hoa, f"?village={other}") == set()
    assert "Không có hộ nào khớp" in hoa.words
    assert heads(hoa, f"?village={village}&state=open") == {"Lê Thị Bé"}
    assert "Chưa khảo sát (1)" in hoa.words
    assert heads(hoa, "?state=moved") == {"Trần An"}
    assert heads(hoa, f"?village={village}&alley=ngo+dinh") == set()
    from survey.alleys import alley_key

    assert heads(hoa, f"?village={village}&alley={alley_key('Ngõ Đình')}") == {"Lê Thị Bé"}
    assert heads(hoa, "?no=2&answer=no") == {"Nguyễn Văn Đức"}
    assert hoa.open("/office/households?no=77").status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("be", "Lê Thị Bé"),
        ("LTB", "Lê Thị Bé"),
        ("0912345678", "Lê Thị Bé"),
        ("ngo dinh", "Lê Thị Bé"),
        ("an", "Trần An"),
        ("đức", "Nguyễn Văn Đức"),
    ],
)
def test_the_search_of_the_phones_leaves_no_trace(
    hoa: Browser, homes: dict[str, str], caplog: pytest.LogCaptureFixture, typed: str, found: str
) -> None:
    caplog.set_level(logging.DEBUG)
    hoa.open("/office/households")
    hoa.send("/search", words=typed)
    assert found in hoa.words
    assert hoa.page is not None
    assert str(hoa.page.request.url).endswith("/office/households"), "nothing typed stands in the address"
    assert not [one for one in caplog.records if one.name.startswith("tungnha") and typed in one.getMessage()]
    hoa.send("/search", words="")
    assert "Bỏ tìm" not in hoa.words


def test_200_on_a_page(hoa: Browser, lan_member: Device) -> None:
    names = [f"Hộ {number:03d}" for number in range(450)]
    for start in range(0, 450, 150):
        lan_member.send(
            *(lan_member.change("household", an_id(), {"head_name": one}) for one in names[start : start + 150])
        )
    hoa.open("/office/households?page=3")
    assert "450 hộ" in hoa.words
    assert "Trang 3 trên 3" in hoa.words
    assert hoa.words.count("Hộ 4") == 50


def test_a_household_with_its_answers_and_history(hoa: Browser, homes: dict[str, str]) -> None:
    hoa.open(f"/office/households/{homes['Nguyễn Văn Đức']}")
    assert "Nhà có lắp Internet cáp quang không? Không" in hoa.words
    assert "Vũ Thị Lan Khảo sát: Đã khảo sát" in hoa.words


def test_a_number_is_masked_and_who_looks_is_logged(
    hoa: Browser, homes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    home = homes["Lê Thị Bé"]
    hoa.open(f"/office/households/{home}")
    assert hoa.page is not None
    assert "345" not in hoa.words
    assert "0912345678" not in hoa.page.text
    hoa.send("/phone")
    assert "0912 345 678" in hoa.words
    said = [one.getMessage() for one in caplog.records if "saw the phone number" in one.getMessage()]
    assert len(said) == 1
    assert home in said[0]
    assert "0912" not in said[0]


def test_a_correction_is_recorded_once_and_a_wrong_one_comes_back_as_typed(
    hoa: Browser, homes: dict[str, str], lan_member: Device
) -> None:
    home = homes["Lê Thị Bé"]
    hoa.open(f"/office/households/{home}")
    form = next(one for one in hoa.read().forms if one.action.endswith(home))
    fields = form.fields | {"address": "Số 5, Ngõ Đình", "status": "active"}
    for _ in range(2):
        hoa.post(form.action, fields)
        assert "Số 5, Ngõ Đình" in hoa.words
    shown = lan_member.shown("household", home)
    assert (shown["address"], shown["phone"]) == ("Số 5, Ngõ Đình", "+84912345678"), "a masked number stays"
    hoa.send(home, phone="123", head_name="Lê Thị Bế", status="active")
    assert "cần 10 chữ số" in hoa.words
    assert hoa.page is not None
    assert 'value="Lê Thị Bế"' in hoa.page.text


def test_moved_to_another_village(server: Server, hoa: Browser, homes: dict[str, str], tuyet_member: Device) -> None:
    home, there = homes["Lê Thị Bé"], server.villages[THERE].id
    hoa.open(f"/office/households/{home}")
    hoa.send(home, village=there, status="active")
    assert tuyet_member.shown("household", home)["head_name"] == "Lê Thị Bé"


def test_a_lead_sees_no_household_of_another_village(server: Server, homes: dict[str, str]) -> None:
    stranger = Browser(server).sign_in(Role.LEAD, "Đỗ Văn Ước", THERE)
    stranger.open("/office/households")
    assert "0 hộ" in stranger.words
    for home in homes.values():
        assert stranger.open(f"/office/households/{home}").status_code == 404
        assert stranger.post(f"/office/households/{home}/phone", {}).status_code == 404
        assert stranger.post(f"/office/households/{home}", {"head_name": "X"}).status_code == 404
    assert stranger.open(f"/office/households?village={server.villages[HERE].id}").status_code == 403
