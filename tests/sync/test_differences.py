"""Two people write different things of one household: both are kept, the lead answers with one tap, and that stays."""

from datetime import timedelta
from typing import Any

import pytest

from app.actions.differences import Choice, settle_difference
from app.actions.households import edit_household
from app.actions.responses import NotReady
from app.store.differences import OpenDifference, list_asked_again, list_open_differences
from app.store.household_list import count_households
from app.store.households import find_household
from app.store.outbox import list_next_batch, mark_offered_again
from app.store.sync_state import list_villages
from survey.records import Outcome
from survey.roles import Role
from tests.sync.rig import Phone, Rig
from tests.sync.truth import assert_counted_once, differences

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def open_differences(phone: Phone) -> list[OpenDifference]:
    with phone.database.read() as session:
        return list_open_differences(session, [village.id for village in list_villages(session)])


def current(phone: Phone, household: str) -> dict[str, Any]:
    with phone.database.read() as session:
        found = find_household(session, household)
    assert found
    assert found[2].current
    return found[2].current


def smartphone(phone: Phone, household: str) -> Any:
    return current(phone, household)["residents"][0]["answers"]["has_smartphone"]


class Team:
    """Two members who surveyed one family apart, their lead, and the difference on the lead's phone."""

    def __init__(self, rig: Rig, household: str, lan: Phone, binh: Phone, minh: Phone) -> None:
        self.rig, self.household, self.lan, self.binh, self.minh = rig, household, lan, binh, minh

    async def everybody_syncs(self) -> None:
        for phone in (self.lan, self.binh, self.minh):
            await phone.sync()

    async def answer(self, choice: Choice, note: str = "") -> None:
        [found] = open_differences(self.minh)
        settle_difference(self.minh.database, self.minh.now, found.id, choice, note)
        assert open_differences(self.minh) == [], "one tap, and it is off the list"
        await self.minh.sync()
        await self.everybody_syncs()


@pytest.fixture
async def team(rig: Rig) -> Team:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    binh = await rig.phone(Role.MEMBER, "Trần Văn Bình", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.now -= timedelta(hours=2)
    binh.now -= timedelta(hours=1)
    lan.visit(household, phones="no")
    binh.visit(household, phones="yes")
    made = Team(rig, household, lan, binh, minh)
    await made.everybody_syncs()
    return made


def settled(team: Team) -> dict[str, Any]:
    """The one difference of the commune, as it stands on the stream."""
    [body] = differences(team.rig).values()
    return body


async def test_the_lead_sees_both_values_who_wrote_them_and_when(team: Team) -> None:
    [found] = open_differences(team.minh)
    [field] = found.fields
    assert (found.household, found.head_name, found.about) == (team.household, "Nguyễn Văn Đức", "response")
    assert (field.key, field.shown, field.other) == ("has_smartphone", "yes", "no")
    assert (field.relation, field.birth_year, field.sex) == ("head", 1980, "m")
    assert (found.shown_by, found.other_by) == ("Trần Văn Bình", "Vũ Thị Lan")
    assert (found.shown_at, found.other_at) == (team.binh.now, team.lan.now)


async def test_what_shows_is_kept(team: Team) -> None:
    await team.answer("shown")
    assert smartphone(team.lan, team.household) == "yes"
    body = settled(team)
    assert (body["state"], body["choice"], body["settled_by"]) == ("settled", "shown", "Hoàng Văn Minh")
    assert open_differences(team.minh) == []
    assert_counted_once(team.rig)


async def test_the_other_word_comes_into_the_answers_and_is_counted(team: Team) -> None:
    await team.answer("other", "Tôi hỏi lại rồi")
    for phone in (team.lan, team.binh, team.minh):
        assert smartphone(phone, team.household) == "no"
    [line] = [line for line in team.minh.reports()["Đinh Xá"].criteria if line.no == "1"]
    assert (line.numerator, line.denominator) == (0, 1)
    assert settled(team)["note"] == "Tôi hỏi lại rồi"
    assert_counted_once(team.rig)


async def test_a_phone_that_did_not_see_the_answer_does_not_undo_it(team: Team) -> None:
    """Bình fills a visit in on top of what he had shown before the lead answered; he says nothing new of the phone."""
    draft_made_before_the_answer = team.binh.visit
    await team.minh.sync()
    [found] = open_differences(team.minh)
    settle_difference(team.minh.database, team.minh.now, found.id, "other")
    await team.minh.sync()
    team.binh.now += timedelta(minutes=5)
    draft_made_before_the_answer(team.household, phones="yes")
    await team.everybody_syncs()
    assert smartphone(team.minh, team.household) == "no"
    assert open_differences(team.minh) == []
    assert_counted_once(team.rig)


async def test_a_visit_on_top_of_the_answer_may_say_otherwise(team: Team) -> None:
    await team.answer("other")
    team.lan.now += timedelta(days=30)
    team.lan.visit(team.household, phones="yes")
    await team.everybody_syncs()
    assert smartphone(team.minh, team.household) == "yes"
    assert open_differences(team.minh) == [], "she saw the answer, and asked again"
    assert team.lan.outbox().confirmed == 2


async def test_a_household_is_asked_again_until_the_next_completed_visit(team: Team) -> None:
    await team.answer("new_visit", "Hỏi cả nhà")
    villages = list(team.rig.villages.values())
    assert team.lan.listed(team.household).ask_again
    assert not team.lan.listed(team.household).is_visited
    with team.lan.database.read() as session:
        [asked] = list_asked_again(session, villages)
        assert count_households(session, villages, shown="open") == 1
    assert (asked.household, asked.ask.keys, asked.ask.by) == (team.household, ["has_smartphone"], "Hoàng Văn Minh")
    assert asked.ask.note == "Hỏi cả nhà"

    team.lan.end(team.household, Outcome.ABSENT)
    await team.everybody_syncs()
    assert team.binh.listed(team.household).ask_again, "nobody at home: still to be asked"
    team.lan.now += timedelta(hours=3)
    team.lan.visit(team.household, phones="no")
    assert not team.lan.listed(team.household).ask_again, "at once on her own phone"
    await team.everybody_syncs()
    assert not team.binh.listed(team.household).ask_again
    assert smartphone(team.binh, team.household) == "no"
    assert_counted_once(team.rig)


async def test_who_declines_is_not_asked_again_and_again(team: Team) -> None:
    await team.answer("new_visit")
    team.lan.end(team.household, Outcome.REFUSED)
    assert not team.lan.listed(team.household).ask_again
    await team.everybody_syncs()
    listed = team.binh.listed(team.household)
    assert (listed.ask_again, listed.outcome, listed.is_visited) == (False, "refused", True)


@pytest.mark.parametrize("choice", ["shown", "other", "new_visit"])
async def test_the_same_answer_sent_again_changes_nothing(team: Team, choice: Choice) -> None:
    [found] = open_differences(team.minh)
    settle_difference(team.minh.database, team.minh.now, found.id, choice)
    with team.minh.database.read() as session:
        again = list_next_batch(session, 500)
    await team.minh.sync()
    before = current(team.minh, team.household)
    with team.minh.database.write() as session:
        mark_offered_again(session, team.minh.now - timedelta(days=40), team.minh.now)
        assert [one["id"] for one in list_next_batch(session, 500)][-1] == again[-1]["id"]
    await team.minh.sync()
    assert current(team.minh, team.household) == before
    assert team.minh.outbox().waiting == 0
    assert len(differences(team.rig)) == 1
    assert_counted_once(team.rig)


async def test_of_two_answers_the_first_stands_and_the_second_is_written_beside_it(rig: Rig, team: Team) -> None:
    hung = await rig.phone(Role.LEAD, "Phạm Văn Hùng", "Đinh Xá")
    [found] = open_differences(hung)
    settle_difference(hung.database, hung.now, found.id, "shown")
    await team.answer("other")
    await hung.sync()
    assert smartphone(hung, team.household) == "no"
    assert hung.outbox().confirmed == 1
    body = settled(team)
    assert (body["choice"], body["settled_by"]) == ("other", "Hoàng Văn Minh")
    assert [(one["choice"], one["settled_by"]) for one in body["also_answered"]] == [("shown", "Phạm Văn Hùng")]


async def test_a_difference_about_who_lives_there_brings_the_person_back(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(household, birth_year=1950)
    minh.visit(household, birth_year=1980)
    await lan.sync()
    await minh.sync()
    [found] = open_differences(minh)
    assert [(field.key, field.shown, field.other, field.birth_year) for field in found.fields] == [
        ("resident", None, True, 1950)
    ]
    settle_difference(minh.database, minh.now, found.id, "other")
    await minh.sync()
    assert {one["birth_year"] for one in current(minh, household)["residents"]} == {1950, 1980}
    assert_counted_once(rig)


async def test_a_refusal_that_lost_against_answers_can_be_made_to_count(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(household)
    minh.end(household, Outcome.REFUSED)
    await lan.sync()
    await minh.sync()
    [found] = open_differences(minh)
    assert [(one.key, one.shown, one.other) for one in found.fields] == [("outcome", "completed", "refused")]
    assert (found.shown_by, found.other_by) == ("Vũ Thị Lan", "Hoàng Văn Minh")
    settle_difference(minh.database, minh.now, found.id, "other")
    await minh.sync()
    listed = minh.listed(household)
    assert (listed.outcome, listed.status, listed.visited_by) == ("refused", "refused", "Hoàng Văn Minh")
    assert (minh.reports()["Đinh Xá"].surveyed, minh.reports()["Đinh Xá"].refused) == (0, 1)
    assert_counted_once(rig)


async def test_two_edits_of_one_field_name_both_people(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.now -= timedelta(minutes=30)
    edit_household(lan.database, lan.now, household, address="Ngõ 3")
    edit_household(minh.database, minh.now, household, address="Ngõ 8")
    await lan.sync()
    await minh.sync()
    [found] = open_differences(minh)
    assert [(one.key, one.shown, one.other) for one in found.fields] == [("address", "Ngõ 8", "Ngõ 3")]
    assert (found.shown_by, found.other_by, found.other_at) == ("Hoàng Văn Minh", "Vũ Thị Lan", lan.now)
    settle_difference(minh.database, minh.now, found.id, "other")
    await minh.sync()
    await lan.sync()
    assert (minh.listed(household).address, lan.listed(household).address) == ("Ngõ 3", "Ngõ 3")


async def test_a_member_does_not_answer(team: Team) -> None:
    await team.lan.sync()
    [found] = open_differences(team.lan)
    settle_difference(team.lan.database, team.lan.now, found.id, "other")
    await team.lan.sync()
    assert team.lan.outbox().held == 1
    assert smartphone(team.minh, team.household) == "yes"
    assert len(open_differences(team.minh)) == 1


async def test_a_difference_that_this_phone_does_not_have_cannot_be_answered(team: Team) -> None:
    with pytest.raises(NotReady):
        settle_difference(team.minh.database, team.minh.now, team.household, "shown")
