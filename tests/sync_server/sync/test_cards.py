"""Cards at doors: one card leads to one household, whoever registers what without knowing of each other."""

import pytest

from survey.card_code import grouped, make_code
from survey.roles import Role
from sync_server.store.cards import Card, list_card_events, list_cards_of_village, save_cards
from tests.builders import an_id
from tests.sync_server.wire_client import COMMUNE, Device, Json, Server


def code(number: int) -> str:
    return make_code(number.to_bytes(10, "big"))


@pytest.fixture
def card(server: Server) -> Card:
    """An issued card of Đinh Xá that is bound to nothing."""
    village = server.villages["Đinh Xá"].id
    made = Card(an_id(), village, village, 1, code(7))
    with server.database.write() as session:
        save_cards(session, COMMUNE, [made])
    return made


def now(server: Server, card: Card) -> Card:
    with server.database.read() as session:
        every = list_cards_of_village(session, COMMUNE, card.village)
    return next(one for one in every if one.code == card.code)


def deeds(server: Server, card: Card) -> list[str]:
    with server.database.read() as session:
        return [f"{one.what} {one.by}" for one in list_card_events(session, COMMUNE, card.id)]


def registers(device: Device, card: Card, name: str, household: str | None = None, **more: str) -> Json:
    return device.change("household", household or an_id(), {"head_name": name, "card": grouped(card.code)} | more)


def test_registering_a_household_binds_the_card(server: Server, lan_member: Device, card: Card) -> None:
    change = registers(lan_member, card, "Nguyễn Văn An")
    assert lan_member.verdicts(change) == ["applied"]
    shown = lan_member.shown("card", card.id)
    assert shown == {"code": card.code, "state": "bound", "serial": 1, "household": change["subject"]}
    assert lan_member.shown("household", change["subject"])["card"] == card.code
    assert deeds(server, card) == ["bound Vũ Thị Lan"]


def test_two_phones_at_one_door_make_one_household(
    server: Server, lan_member: Device, binh_member: Device, minh_lead: Device, card: Card
) -> None:
    first = registers(lan_member, card, "Nguyễn Văn An", address="Ngõ 1")
    second = registers(binh_member, card, "Nguyễn Văn Ấn", phone="0912345678")
    met = lan_member.visit(first["subject"], answers={"has_fixed_internet": "yes"})
    also_met = binh_member.visit(second["subject"], answers={"has_fixed_internet": "no"})
    assert lan_member.verdicts(first, met) == ["applied", "applied"]
    assert binh_member.verdicts(second, also_met) == ["difference", "difference"]

    households = minh_lead.of_kind("household")
    assert [(one["head_name"], one["address"], one["phone"]) for one in households] == [
        ("Nguyễn Văn Ấn", "Ngõ 1", "+84912345678")
    ]
    assert now(server, card).household == first["subject"]
    differences = minh_lead.of_kind("difference")
    assert {one["household"] for one in differences} == {first["subject"]}
    said = [(field["key"], field["theirs"], field["mine"]) for one in differences for field in one["fields"]]
    assert ("head_name", "Nguyễn Văn An", "Nguyễn Văn Ấn") in said
    assert ("has_fixed_internet", "yes", "no") in said
    theirs = next(one for one in differences if one["fields"][0]["key"] == "head_name")
    assert theirs["theirs_by"] == "Vũ Thị Lan"


def test_what_comes_later_about_the_second_registration_is_taken_for_the_first(
    server: Server, lan_member: Device, binh_member: Device, card: Card
) -> None:
    first, second = registers(lan_member, card, "Nguyễn Văn An"), registers(binh_member, card, "Nguyễn Văn An")
    assert lan_member.verdicts(first) == ["applied"]
    assert binh_member.verdicts(second) == ["merged"]
    later = binh_member.change("household", second["subject"], {"address": "Ngõ 2"})
    assert binh_member.verdicts(binh_member.visit(second["subject"]), later) == ["applied", "merged"]
    assert binh_member.verdicts(second) == ["duplicate"]
    shown = lan_member.shown("household", first["subject"])
    assert (shown["address"], shown["current"]["outcome"]) == ("Ngõ 2", "completed")
    binh_member.pull()
    assert ("household", second["subject"]) not in binh_member.rows[binh_member.village]


def test_both_registrations_in_one_request(lan_member: Device, card: Card) -> None:
    first, second = registers(lan_member, card, "Nguyễn Văn An"), registers(lan_member, card, "Nguyễn Văn An")
    assert lan_member.verdicts(first, second, lan_member.visit(second["subject"])) == ["applied"] * 3
    assert len(lan_member.of_kind("household")) == 1


def test_a_bound_card_is_not_bound_to_another_household(
    server: Server, lan_member: Device, household: str, card: Card
) -> None:
    assert lan_member.verdicts(registers(lan_member, card, "Nguyễn Văn An")) == ["applied"]
    taken = lan_member.change("household", household, {"card": card.code})
    [verdict] = lan_member.send(taken)["verdicts"]
    assert (verdict["verdict"], verdict["problem"]["type"]) == ("invalid", "/problems/card-bound")
    by_card = lan_member.change("card", card.id, {"state": "bound", "household": household})
    assert lan_member.send(by_card)["verdicts"][0]["problem"]["type"] == "/problems/card-bound"
    assert now(server, card).household != household


def test_a_card_is_bound_unbound_and_revoked_by_hand(
    server: Server, lan_member: Device, minh_lead: Device, household: str, card: Card
) -> None:
    bound = lan_member.change("card", card.id, {"state": "bound", "household": household})
    assert lan_member.verdicts(bound) == ["applied"]
    assert lan_member.shown("household", household)["card"] == card.code
    free = lan_member.change("card", card.id, {"state": "issued"})
    assert lan_member.verdicts(free) == ["applied"]
    assert "card" not in lan_member.shown("household", household)
    again = lan_member.change("household", household, {"card": card.code}, seen=lan_member.seen("household", household))
    assert lan_member.verdicts(again) == ["applied"]
    assert lan_member.verdicts(lan_member.change("card", card.id, {"state": "revoked"})) == ["held"]
    assert minh_lead.verdicts(minh_lead.change("card", card.id, {"state": "revoked"})) == ["applied"]
    assert "card" not in lan_member.shown("household", household)
    assert lan_member.shown("card", card.id)["state"] == "revoked"
    names = ["bound Vũ Thị Lan", "unbound Vũ Thị Lan", "bound Vũ Thị Lan", "revoked Hoàng Văn Minh"]
    assert sorted(deeds(server, card)) == sorted(names)
    for late in (lan_member.change("card", card.id, {"state": "bound", "household": household}),):
        assert lan_member.send(late)["verdicts"][0]["problem"]["type"] == "/problems/card-revoked"


def test_a_household_with_a_void_card_is_registered_without_it(
    lan_member: Device, minh_lead: Device, card: Card
) -> None:
    assert minh_lead.verdicts(minh_lead.change("card", card.id, {"state": "revoked"})) == ["applied"]
    change = registers(lan_member, card, "Nguyễn Văn An")
    assert lan_member.verdicts(change, lan_member.visit(change["subject"])) == ["merged", "applied"]
    assert "card" not in lan_member.shown("household", change["subject"])


def test_a_card_that_the_server_forgot_is_known_again_when_it_is_used(server: Server, lan_member: Device) -> None:
    lost = code(99)
    change = lan_member.change("household", an_id(), {"head_name": "Nguyễn Văn An", "card": lost})
    assert lan_member.verdicts(change) == ["applied"]
    [shown] = lan_member.of_kind("card")
    assert shown == {"code": lost, "state": "bound", "household": change["subject"]}


def test_a_card_goes_along_when_its_household_moves(
    server: Server, lan_member: Device, hoa_official: Device, tuyet_member: Device, card: Card
) -> None:
    change = registers(lan_member, card, "Nguyễn Văn An")
    assert lan_member.verdicts(change) == ["applied"]
    target = server.villages["Nghinh Tiên"].id
    hoa_official.pull()
    moved = hoa_official.change("household", change["subject"], {"village": target}, village=card.village, seen=2**40)
    assert hoa_official.verdicts(moved) == ["applied"]
    assert tuyet_member.shown("card", card.id)["household"] == change["subject"]
    lan_member.pull()
    assert ("card", card.id) not in lan_member.rows[card.village]


def test_a_card_of_another_village_is_not_bound(server: Server, card: Card) -> None:
    both = server.enroll(Role.MEMBER, "Bùi Thị Nga", "Đinh Xá", "Nghinh Tiên")
    other = server.villages["Nghinh Tiên"].id
    home = an_id()
    assert both.verdicts(both.change("household", home, {"head_name": "Lê Văn Sơn"}, village=other)) == ["applied"]
    taken = both.change("household", home, {"card": card.code}, village=other)
    assert both.send(taken)["verdicts"][0]["problem"]["type"] == "/problems/card-of-other-village"


def test_a_card_of_a_village_that_was_not_given_is_out_of_reach(tuyet_member: Device, card: Card) -> None:
    reach = tuyet_member.change("card", card.id, {"state": "revoked"})
    assert tuyet_member.send(reach)["verdicts"][0]["problem"]["type"] == "/problems/out-of-scope"
    unknown = tuyet_member.change("card", an_id(), {"state": "issued"})
    assert tuyet_member.send(unknown)["verdicts"][0]["problem"]["type"] == "/problems/card-unknown"


@pytest.mark.parametrize("body", [{}, {"state": "lost"}, {"state": "bound", "household": "x"}, {"state": 7}])
def test_what_is_no_card_change_is_refused(lan_member: Device, card: Card, body: Json) -> None:
    assert lan_member.verdicts(lan_member.change("card", card.id, body)) == ["invalid"]
