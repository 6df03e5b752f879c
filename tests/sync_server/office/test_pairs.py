"""Hai hộ có thể là một, on the page: both beside each other; kept apart, made one, and made two again."""

import pytest
from sqlalchemy import text

from survey.roles import Role
from sync_server.review.noticing import notice
from tests.builders import an_id
from tests.sync_server.office.browser import Browser
from tests.sync_server.office.test_review import HERE, doubts, fields_of
from tests.sync_server.wire_client import COMMUNE, Device, Server, a_person

PEOPLE = (("m", 1961), ("f", 1964), ("m", 1990))


@pytest.fixture
def hoa(server: Server) -> Browser:
    return Browser(server).sign_in(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def both(lan_member: Device) -> tuple[str, str]:
    first, second = an_id(), an_id()
    lan_member.send(
        lan_member.change("household", first, {"head_name": "Nguyễn Văn Khiêm", "address": "Số 3, Ngõ Đình"}),
        lan_member.change("household", second, {"head_name": "Nguyển Văn Khiêm", "phone": "0912345678"}),
    )
    for home in (first, second):
        residents = [a_person(sex=sex, birth_year=year, relation="other") for sex, year in PEOPLE]
        lan_member.send(lan_member.visit(home, residents=residents))
    return first, second


@pytest.fixture
def pair(server: Server, both: tuple[str, str]) -> str:
    notice(server.database, COMMUNE, server.clock())
    [(identity, body)] = [(one, body) for one, body in doubts(server).items() if body["check"] == "pair"]
    assert sorted(body["households"]) == sorted(both)
    assert dict(body["evidence"]["reasons"]) == {"same_name": 1, "same_people": 3}
    return identity


def homes(device: Device) -> list[str]:
    return sorted(body["head_name"] for body in device.of_kind("household"))


def visits(server: Server) -> int:
    with server.database.read() as session:
        return int(session.execute(text("SELECT count(*) FROM response")).scalar_one())


def test_both_stand_beside_each_other(hoa: Browser, pair: str) -> None:
    hoa.open("/office/review")
    assert "Hai hộ này cùng tên chủ hộ, có thể khác dấu và có 3 người cùng giới tính, năm sinh." in hoa.words
    for said in ("Ngõ Đình", "09•• ••• •78", "nam 1961, nữ 1964, nam 1990", "Nếu là một hộ, giữ lại"):
        assert said in hoa.words
    assert "0912" not in hoa.words


def test_kept_apart_they_are_not_asked_about_again(server: Server, hoa: Browser, lan_member: Device, pair: str) -> None:
    hoa.post(f"/office/review/{pair}", fields_of(hoa, pair) | {"step": "settle", "outcome": "two_households"})
    assert "Không có gì cần xem" in hoa.words
    assert notice(server.database, COMMUNE, server.clock()) == 0
    assert homes(lan_member) == ["Nguyển Văn Khiêm", "Nguyễn Văn Khiêm"]


def test_made_one_and_two_again(
    server: Server, hoa: Browser, lan_member: Device, binh_member: Device, pair: str, both: tuple[str, str]
) -> None:
    kept, other = both
    binh_member.pull()
    unsaid = fields_of(hoa, pair) | {"step": "settle", "outcome": "one_household"}
    assert hoa.post(f"/office/review/{pair}", unsaid).status_code == 422
    assert "Chọn hộ giữ lại." in hoa.words
    fields = fields_of(hoa, pair) | {"step": "settle", "outcome": "one_household", "kept": kept}
    for _ in range(2):  # a double click is one step
        hoa.post(f"/office/review/{pair}", fields)
        assert "kết thúc: là một hộ" in hoa.words
    assert homes(lan_member) == ["Nguyễn Văn Khiêm"]
    assert lan_member.shown("household", kept)["phone"] == "+84912345678"
    late = binh_member.visit(other, based_on=None, outcome="absent")
    assert binh_member.verdicts(late)[0] in {"applied", "merged"}
    assert visits(server) == 3
    notice(server.database, COMMUNE, server.clock())
    assert doubts(server)[pair]["state"] == "settled"
    hoa.open(f"/office/households/{kept}")
    assert "Ghép với hộ Nguyển Văn Khiêm" in hoa.words
    assert hoa.words.count("Đến nhà") == 3, "the visits of both"
    hoa.open(f"/office/households/{other}")
    assert hoa.went_to[-1].endswith(kept)
    hoa.post(f"/office/review/{pair}", fields_of(hoa, pair, f"/office/review?done={pair}") | {"step": "undo"})
    assert homes(lan_member) == ["Nguyển Văn Khiêm", "Nguyễn Văn Khiêm"]
    assert visits(server) == 3
    for home in both:
        hoa.open(f"/office/households/{home}")
        assert "Ghép với hộ" in hoa.words
        assert "Tách ra lại" in hoa.words
    notice(server.database, COMMUNE, server.clock())
    assert doubts(server)[pair].get("state", "new") == "new"


def test_one_of_them_had_turned_out_to_be_a_third(
    server: Server, hoa: Browser, lan_member: Device, minh_lead: Device, pair: str, both: tuple[str, str]
) -> None:
    (kept, other), third = both, an_id()
    lan_member.send(lan_member.change("household", third, {"head_name": "Trần Thị Mơ"}))
    fields = fields_of(hoa, pair) | {"step": "settle", "outcome": "one_household", "kept": kept}
    join = minh_lead.change("join", an_id(), {"household": third, "other": other, "undo": False})
    assert minh_lead.verdicts(join) == ["applied"]  # while the official looks at the page
    hoa.post(f"/office/review/{pair}", fields)
    assert homes(lan_member) == ["Nguyễn Văn Khiêm"]
    hoa.post(f"/office/review/{pair}", fields_of(hoa, pair, f"/office/review?done={pair}") | {"step": "undo"})
    assert homes(lan_member) == ["Nguyễn Văn Khiêm", "Trần Thị Mơ"], "what was joined before stays joined"


def test_two_officials_at_once(
    server: Server, hoa: Browser, lan_member: Device, pair: str, both: tuple[str, str]
) -> None:
    other = Browser(server).sign_in(Role.OFFICIAL, "Trần Văn Sáu")
    mine, theirs = (fields_of(one, pair) | {"step": "settle"} for one in (hoa, other))
    hoa.post(f"/office/review/{pair}", mine | {"outcome": "two_households"})
    late = other.post(f"/office/review/{pair}", theirs | {"outcome": "one_household", "kept": both[0]})
    assert late.status_code == 422
    assert "Người khác vừa làm việc này" in other.words
    assert len(homes(lan_member)) == 2


def test_a_lead_of_another_village(server: Server, pair: str, both: tuple[str, str]) -> None:
    stranger = Browser(server).sign_in(Role.LEAD, "Lý Văn Xa", "Nghinh Tiên")
    fields = {"step": "settle", "outcome": "one_household", "kept": both[0], "change": an_id(), "seen": "1"}
    assert stranger.post(f"/office/review/{pair}", fields | {"join": an_id()}).status_code == 404
    lead = Browser(server).sign_in(Role.LEAD, "Đỗ Văn Ước", HERE)
    fields = fields_of(lead, pair) | {"step": "settle", "outcome": "one_household", "kept": both[1]}
    lead.post(f"/office/review/{pair}", fields)
    assert "kết thúc: là một hộ" in lead.words


def test_who_sees_only_one_of_the_two_hears_who_can_join_them(
    server: Server, hoa: Browser, hoa_official: Device, pair: str, both: tuple[str, str]
) -> None:
    change = hoa_official.change(
        "household", both[1], {"village": server.villages["Nghinh Tiên"].id}, village=server.villages[HERE].id
    )
    assert hoa_official.verdicts(change) == ["merged"]
    lead = Browser(server).sign_in(Role.LEAD, "Đỗ Văn Ước", HERE)
    fields = fields_of(lead, pair) | {"step": "settle", "outcome": "one_household", "kept": both[0]}
    assert "Là một hộ" not in lead.words
    assert "Hai hộ khác nhau" in lead.words
    assert "Cán bộ xã, hoặc người phụ trách cả hai thôn, ghép hay tách được." in lead.words
    assert lead.post(f"/office/review/{pair}", fields).status_code == 422
    assert "steps" not in doubts(server)[pair]
    hoa.post(f"/office/review/{pair}", fields | fields_of(hoa, pair))
    assert "ghép hay tách được" not in hoa.words
    assert doubts(server)[pair]["state"] == "settled"
    undo = fields_of(lead, pair, f"/office/review?done={pair}") | {"step": "undo"}
    assert "Hoàn tác" not in lead.words
    assert lead.post(f"/office/review/{pair}", undo).status_code == 422
    assert doubts(server)[pair]["state"] == "settled"
    hoa.post(f"/office/review/{pair}", fields_of(hoa, pair, f"/office/review?done={pair}") | {"step": "undo"})
    assert doubts(server)[pair].get("state", "new") == "new"


def test_less_likely_pairs_are_for_who_asks_for_pairs(
    server: Server, hoa: Browser, lan_member: Device, pair: str
) -> None:
    for name in ("Lê Văn Mạnh", "Lê Thị Mạnh"):
        lan_member.send(lan_member.change("household", an_id(), {"head_name": name}))
    notice(server.database, COMMUNE, server.clock())
    scores = [body["evidence"]["score"] for body in doubts(server).values() if body["check"] == "pair"]
    assert [7 <= one < 9 for one in sorted(scores)] == [True, False]
    hoa.open("/office/review")
    assert "1 cặp hộ có thể trùng" in hoa.words
    assert "Cần xem (1)" in hoa.words
    assert "Có thể trùng," not in hoa.words
    hoa.open("/office/review?kind=pair")
    assert hoa.words.index("Có thể một hộ ghi hai lần,") < hoa.words.index("Có thể trùng,")
