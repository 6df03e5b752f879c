"""A household is written down, corrected, moved to another village: with all its work, whoever sends it."""

from datetime import timedelta

import pytest

from app.actions.differences import settle_difference
from app.actions.households import HouseholdInvalid, add_household, correct_household, edit_household, move_household
from app.actions.responses import NotReady
from app.store.differences import list_open_differences
from app.store.households import find_household
from app.store.outbox import mark_offered_again
from app.sync.exchange import exchange
from survey.roles import Role
from tests.builders import an_id
from tests.sync.rig import Phone, Rig
from tests.sync.truth import assert_counted_once, differences, households_by_village, visits_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def where(rig: Rig, household: str) -> list[str]:
    """The names of the villages on whose streams the household is."""
    names = {identity: name for name, identity in rig.villages.items()}
    return [names[village] for village, there in households_by_village(rig).items() if household in there]


def move(phone: Phone, household: str, village: str) -> None:
    assert move_household(phone.database, phone.now, household, village)


@pytest.fixture
async def household(rig: Rig) -> str:
    return await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")


@pytest.fixture
async def hoa(rig: Rig, household: str) -> Phone:
    """The commune's official, who sees every village."""
    return await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")


async def test_a_move_takes_the_household_with_its_answers_to_the_other_village(
    rig: Rig, household: str, hoa: Phone
) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    tuyet = await rig.phone(Role.MEMBER, "Lê Thị Tuyết", "Nghinh Tiên")
    visit = lan.visit(household)
    await lan.sync()
    await hoa.sync()
    move(hoa, household, rig.villages["Nghinh Tiên"])
    assert hoa.listed(household).village_id == rig.villages["Nghinh Tiên"], "shown there at once"
    for phone in (hoa, lan, tuyet, hoa):
        await phone.sync()
    assert where(rig, household) == ["Nghinh Tiên"]
    assert lan.households() == []
    [listed] = tuyet.households()
    assert (listed.id, listed.visited_by, listed.outcome) == (household, "Vũ Thị Lan", "completed")
    assert list(visits_of(rig, household)) == [visit]
    assert {name: report.surveyed for name, report in hoa.reports().items()} == {"Đinh Xá": 0, "Nghinh Tiên": 1}
    assert_counted_once(rig)


async def test_an_offline_visit_to_a_household_that_moved_away_is_applied_where_it_is_now(
    rig: Rig, household: str, hoa: Phone
) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    visit = lan.visit(household)
    move(hoa, household, rig.villages["Nghinh Tiên"])
    await hoa.sync()
    await lan.sync()
    assert (lan.outbox().confirmed, lan.outbox().held, lan.outbox().invalid) == (1, 0, 0)
    assert lan.households() == [], "it went with the work that tied it here"
    assert visits_of(rig, household) == {visit: rig.villages["Đinh Xá"]}, "recorded where it was surveyed"
    with lan.database.write() as session:
        mark_offered_again(session, lan.now - timedelta(days=1), lan.now)
    await lan.sync()
    assert list(visits_of(rig, household)) == [visit]
    await hoa.sync()
    assert {name: report.surveyed for name, report in hoa.reports().items()} == {"Đinh Xá": 0, "Nghinh Tiên": 1}
    assert_counted_once(rig)


async def test_an_unsent_visit_and_an_edit_keep_the_household_on_the_phone_that_loses_it(
    rig: Rig, household: str, hoa: Phone
) -> None:
    """The removal comes first, the work is made on a screen that was open, and goes up with the next round trip."""
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    move(hoa, household, rig.villages["Nghinh Tiên"])
    await hoa.sync()
    edit_household(lan.database, lan.now, household, address="Ngõ 3")
    lan.visit(household)
    assert lan.listed(household).waiting == 2
    await lan.sync()
    assert lan.outbox().confirmed == 2
    assert lan.households() == []
    await hoa.sync()
    assert (hoa.listed(household).address, hoa.listed(household).outcome) == ("Ngõ 3", "completed")


async def test_a_household_that_moves_there_and_back_is_once_where_it_began(
    rig: Rig, household: str, hoa: Phone
) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.visit(household)
    move(hoa, household, rig.villages["Nghinh Tiên"])
    await hoa.sync()
    move(hoa, household, rig.villages["Đinh Xá"])
    await hoa.sync()
    for phone in (lan, hoa):
        await phone.sync()
    assert where(rig, household) == ["Đinh Xá"]
    assert lan.listed(household).visited_by == "Vũ Thị Lan"
    assert lan.reports()["Đinh Xá"].surveyed == 1
    assert_counted_once(rig)


async def test_what_waits_for_the_lead_moves_along_and_is_answered_from_either_side(
    rig: Rig, household: str, hoa: Phone
) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(household, phones="yes")
    minh.visit(household, phones="no")
    await lan.sync()
    await minh.sync()
    with minh.database.read() as session:
        [found] = list_open_differences(session, [rig.villages["Đinh Xá"]])
    await hoa.sync()
    move(hoa, household, rig.villages["Nghinh Tiên"])
    await hoa.sync()
    assert [village for village, _ in differences(rig)] == [rig.villages["Nghinh Tiên"]]
    settle_difference(minh.database, minh.now, found.id, "other")  # offline: he does not know of the move
    await minh.sync()
    assert minh.outbox().held == 0
    [body] = differences(rig).values()
    assert (body["state"], body["settled_by"]) == ("settled", "Hoàng Văn Minh")
    with hoa.database.read() as session:
        assert list_open_differences(session, rig.villages.values())
    await hoa.sync()
    with hoa.database.read() as session:
        assert list_open_differences(session, rig.villages.values()) == []
    assert_counted_once(rig)


async def test_two_people_who_move_it_apart_are_a_difference(rig: Rig, household: str, hoa: Phone) -> None:
    rig.open_village("Thôn Thượng")
    await hoa.sync()
    other = await rig.phone(Role.OFFICIAL, "Ngô Văn Phúc")
    move(hoa, household, rig.villages["Nghinh Tiên"])
    move(other, household, rig.villages["Thôn Thượng"])
    await hoa.sync()
    await other.sync()
    assert where(rig, household) == ["Thôn Thượng"]
    with other.database.read() as session:
        [found] = list_open_differences(session, rig.villages.values())
    assert [(one.key, one.other) for one in found.fields] == [("village", rig.villages["Nghinh Tiên"])]
    settle_difference(other.database, other.now, found.id, "other")
    await other.sync()
    assert where(rig, household) == ["Nghinh Tiên"]
    assert_counted_once(rig)


async def test_a_member_does_not_move_a_household_and_sees_it_where_it_is(rig: Rig, household: str) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá", "Nghinh Tiên")
    move(lan, household, rig.villages["Nghinh Tiên"])
    await lan.sync()
    assert lan.outbox().held == 1
    assert where(rig, household) == ["Đinh Xá"]
    assert lan.listed(household).village_id == rig.villages["Đinh Xá"]


async def test_a_lead_moves_only_to_a_village_of_their_own(rig: Rig, household: str) -> None:
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    with pytest.raises(HouseholdInvalid) as refused:
        move_household(minh.database, minh.now, household, rig.villages["Nghinh Tiên"])
    assert refused.value.problems[0].pointer == "/village"
    assert not move_household(minh.database, minh.now, household, rig.villages["Đinh Xá"])
    assert minh.outbox().waiting == 0


async def test_a_correction_is_saved_with_its_move_or_not_at_all(rig: Rig, household: str) -> None:
    there = rig.villages["Nghinh Tiên"]
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    with pytest.raises(HouseholdInvalid):
        correct_household(minh.database, minh.now, household, there, address="Ngõ 9")
    assert minh.outbox().waiting == 0
    hoa = await rig.phone(Role.LEAD, "Trần Thị Hoa", "Đinh Xá", "Nghinh Tiên")
    correct_household(hoa.database, hoa.now, household, there, address="Ngõ 9")
    assert hoa.outbox().waiting == 2
    await hoa.sync()
    assert hoa.outbox().waiting == 0
    assert where(rig, household) == ["Nghinh Tiên"]
    assert hoa.listed(household).address == "Ngõ 9"


async def test_a_new_household_is_visited_at_once_without_coverage(rig: Rig) -> None:
    await rig.add_household("Đinh Xá", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    village = rig.villages["Đinh Xá"]
    made = add_household(lan.database, lan.now, village, " Lê  Quang Thủy ", "Ngõ 3", "0912 345 678")
    lan.visit(made)
    edit_household(lan.database, lan.now, made, phone="0987 654 321")
    assert (lan.listed(made).head_name, lan.listed(made).waiting) == ("Lê Quang Thủy", 3)
    await lan.sync()
    assert (lan.outbox().confirmed, lan.listed(made).outcome) == (3, "completed")
    with lan.database.read() as session:
        found = find_household(session, made)
    assert found
    assert found[2].phone == "+84987654321"
    assert lan.reports()["Đinh Xá"].surveyed == 1
    assert_counted_once(rig)


async def test_what_was_written_here_stays_on_top_of_what_comes_down(rig: Rig, household: str) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    edit_household(minh.database, minh.now, household, number=7)
    await minh.sync()
    edit_household(lan.database, lan.now, household, address="Ngõ 5")
    assert not edit_household(lan.database, lan.now, household, address="Ngõ 5"), "nothing new, nothing queued"
    assert lan.listed(household).address == "Ngõ 5"
    await lan.sync()
    assert (lan.listed(household).address, lan.listed(household).number) == ("Ngõ 5", 7)
    assert lan.outbox().confirmed == 1


async def test_an_edit_that_still_waits_shows_above_what_a_colleague_sent(rig: Rig, household: str) -> None:
    other = await rig.add_household("Đinh Xá", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    edit_household(minh.database, minh.now, household, number=7)
    await minh.sync()
    edit_household(lan.database, lan.now, other, number=1)
    edit_household(lan.database, lan.now, household, address="Ngõ 5")
    await exchange(lan.database, lan.client, lan.now, most_changes=1)
    listed = lan.listed(household)
    assert (listed.address, listed.number, listed.waiting) == ("Ngõ 5", 7, 1)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"head_name": "  "}, "/head_name"),
        ({"head_name": "Nguyễn Văn Đức 038123456789"}, "/head_name"),
        ({"head_name": "Nguyễn Văn Đức", "address": "Ngõ 3, 0912 345 678"}, "/address"),
        ({"head_name": "Nguyễn Văn Đức", "phone": "12345"}, "/phone"),
        ({"head_name": "Đ" * 121}, "/head_name"),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_field_and_nothing_is_queued(
    rig: Rig, household: str, fields: dict[str, str], pointer: str
) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    with pytest.raises(HouseholdInvalid) as refused:
        add_household(lan.database, lan.now, rig.villages["Đinh Xá"], **fields)
    assert [one.pointer for one in refused.value.problems] == [pointer]
    assert refused.value.problems[0].detail
    with pytest.raises(HouseholdInvalid):
        edit_household(lan.database, lan.now, household, **fields)
    assert lan.outbox().waiting == 0
    assert len(lan.households()) == 1


async def test_a_household_that_is_not_here_is_not_edited(rig: Rig) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    with pytest.raises(NotReady):
        edit_household(lan.database, lan.now, an_id(), address="Ngõ 3")
