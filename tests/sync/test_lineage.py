"""Villages merge and split: nobody's work is lost or counted twice, and everybody can see where it went."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.actions.differences import settle_difference
from app.actions.households import add_household, edit_household, move_household
from app.actions.responses import find_campaign, keep_draft, open_draft
from app.store.differences import list_open_differences
from app.store.outbox import add_to_outbox, mark_offered_again
from app.store.stream import find_stream_body
from app.store.sync_state import find_sign_in, list_villages
from survey.records import VillageState
from survey.roles import Role
from sync_server.commune.lineage import Regrouped, merge_villages, split_village
from sync_server.commune.setup import invite
from sync_server.problems import Problem
from tests.builders import an_id
from tests.sync.rig import Phone, Rig
from tests.sync.truth import COMMUNE, assert_counted_once, households_by_village, visits_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
A, B = "Đinh Xá", "Nghinh Tiên"


def merge(rig: Rig, into: str, *names: str) -> Regrouped:
    with rig.server.state.database.write() as session:
        done = merge_villages(session, COMMUNE, into, names, rig.clock())
    rig.villages[into] = done.village.id
    return done


def split(rig: Rig, source: str, new: str, households: Path | None = None, *alleys: str) -> Regrouped:
    with rig.server.state.database.write() as session:
        done = split_village(session, COMMUNE, source, new, rig.clock(), households=households, alleys=alleys)
    rig.villages[new] = done.village.id
    return done


def villages(phone: Phone) -> list[str]:
    with phone.database.read() as session:
        return [village.name for village in list_villages(session)]


def village_row(phone: Phone, village: str) -> VillageState:
    with phone.database.read() as session:
        found = find_stream_body(session, "village", village)
    assert found
    return VillageState.model_validate(found[1])


async def test_two_villages_become_a_new_one_and_their_teams_work_there(rig: Rig) -> None:
    first, second = await rig.add_household(A, "Nguyễn Văn Đức"), await rig.add_household(B, "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    tuyet = await rig.phone(Role.MEMBER, "Lê Thị Tuyết", B)
    visit = lan.visit(first)
    await lan.sync()
    with lan.database.read() as session:
        before = find_sign_in(session)
    rig.clock.pass_by(days=1)
    done = merge(rig, "Đinh Nghinh", A, B)
    assert (done.households, done.people) == (2, 2)
    for phone in (lan, tuyet):
        await phone.sync()
        assert villages(phone) == ["Đinh Nghinh"]
        assert {row.id for row in phone.households()} == {first, second}
        assert set(phone.reports()) == {"Đinh Nghinh"}
    with lan.database.read() as session:
        after = find_sign_in(session)
    assert before
    assert after
    assert after.scope_version > before.scope_version
    assert lan.reports()["Đinh Nghinh"].surveyed == 1
    assert list(visits_of(rig, first).values()) == [rig.villages[A]], "surveyed in the old village, for ever"
    assert list(visits_of(rig, first)) == [visit]
    assert_counted_once(rig)


async def test_the_old_stream_ends_by_saying_where_it_went_and_the_new_one_where_it_came_from(rig: Rig) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    merge(rig, "Đinh Nghinh", A, B)
    await lan.sync()
    ended, made = village_row(lan, rig.villages[A]), village_row(lan, rig.villages["Đinh Nghinh"])
    assert ended.into
    assert (ended.name, ended.into.name, ended.ended_at) == (A, "Đinh Nghinh", rig.clock())
    assert [(one.name, one.how) for one in made.came_from] == [(A, "merge"), (B, "merge")]


async def test_work_that_waited_on_phones_is_taken_over_in_the_new_village_once(rig: Rig) -> None:
    """Visits, edits, a new household with its visit, a draft, a lead's answer: all made before anybody knew."""
    first, second = await rig.add_household(A, "Nguyễn Văn Đức"), await rig.add_household(A, "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", A)
    lan.visit(second, phones="yes")
    minh.visit(second, phones="no")
    await lan.sync()
    await minh.sync()
    with minh.database.read() as session:
        [found] = list_open_differences(session, [rig.villages[A]])

    settle_difference(minh.database, minh.now, found.id, "other")
    lan.visit(first)
    edit_household(lan.database, lan.now, second, address="Ngõ 9")
    made = add_household(lan.database, lan.now, rig.villages[A], "Lê Quang Thủy", "Ngõ 3")
    lan.visit(made)
    merge(rig, B, A)
    for phone in (lan, minh, lan):
        await phone.sync()
    assert (lan.outbox().waiting, lan.outbox().held, lan.outbox().confirmed) == (0, 0, 5)
    assert (minh.outbox().waiting, minh.outbox().held) == (0, 0)
    assert {row.id for row in lan.households()} == {first, second, made}
    assert set(households_by_village(rig)[rig.villages[B]]) == {first, second, made}
    assert lan.listed(second).address == "Ngõ 9"
    assert lan.reports()[B].surveyed == 3
    with lan.database.write() as session:
        mark_offered_again(session, lan.now - timedelta(days=2), lan.now)
    await lan.sync()
    assert [len(visits_of(rig, one)) for one in (first, second, made)] == [1, 2, 1]
    assert lan.reports()[B].surveyed == 3
    assert_counted_once(rig)


async def test_a_form_that_was_open_when_its_village_ended_is_finished(rig: Rig) -> None:
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    campaign = find_campaign(lan.database)
    keep_draft(lan.database, lan.now, open_draft(lan.database, lan.now, household, campaign))
    merge(rig, B, A)
    await lan.sync()
    assert lan.listed(household).has_draft
    lan.visit(household)
    await lan.sync()
    assert (lan.outbox().confirmed, lan.listed(household).outcome) == (1, "completed")
    assert_counted_once(rig)


async def test_villages_that_were_merged_twice_still_take_what_comes_late(rig: Rig) -> None:
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    lan.visit(household)
    made = add_household(lan.database, lan.now, rig.villages[A], "Lê Quang Thủy")
    merge(rig, "Thôn Một", A)
    merge(rig, B, "Thôn Một")
    await lan.sync()
    await lan.sync()
    assert lan.outbox().confirmed == 2
    assert set(households_by_village(rig)[rig.villages[B]]) == {household, made}
    assert villages(lan) == [B]
    assert_counted_once(rig)


async def test_what_was_attested_for_a_village_that_ended_waits_for_a_person(rig: Rig) -> None:
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", A)
    with minh.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="attestation", subject=an_id(), household=None, village=rig.villages[A],
            captured_at=minh.now, seen=0, body={"criterion": "9", "value": True},
        )  # fmt: skip
    merge(rig, B, A)
    await minh.sync()
    assert (minh.outbox().held, minh.outbox().invalid) == (1, 0)


async def test_a_part_of_a_village_becomes_one_of_its_own_by_alley(rig: Rig) -> None:
    near = await rig.add_household(A, "Nguyễn Văn Đức", address="Số 2, ngõ 3")
    far = await rig.add_household(A, "Trần Thị Hòa", address="Ngõ 31")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    lan.visit(near)
    lan.visit(far)
    made = add_household(lan.database, lan.now, rig.villages[A], "Lê Quang Thủy")
    done = split(rig, A, "Đinh Xá Ngoài", None, "Ngõ 3")
    assert (done.households, done.people) == (1, 1)
    await lan.sync()
    await lan.sync()
    assert lan.outbox().confirmed == 3
    homes = households_by_village(rig)
    assert set(homes[rig.villages["Đinh Xá Ngoài"]]) == {near}
    assert set(homes[rig.villages[A]]) == {far, made}
    assert set(villages(lan)) == {A, "Đinh Xá Ngoài"}
    assert {name: report.surveyed for name, report in lan.reports().items()} == {A: 1, "Đinh Xá Ngoài": 1}
    assert visits_of(rig, near).popitem()[1] == rig.villages[A]
    [former] = village_row(lan, rig.villages["Đinh Xá Ngoài"]).came_from
    assert (former.name, former.how) == (A, "split")
    assert_counted_once(rig)


async def test_a_part_of_a_village_becomes_one_of_its_own_by_a_list(rig: Rig, tmp_path: Path) -> None:
    ids = [await rig.add_household(A, f"Nguyễn Văn {name}") for name in ("An", "Bình", "Cường")]
    listed = tmp_path / "hộ.txt"
    listed.write_text("\n".join([*ids[:2], "", an_id()]), encoding="utf-8")
    with pytest.raises(Problem) as refused:
        split(rig, A, "Thôn Mới", listed)
    assert refused.value.details.slug == "village-not-merged"
    assert set(households_by_village(rig)[rig.villages[A]]) == set(ids), "nothing was changed"
    listed.write_text("\n".join(ids[:2]), encoding="utf-8")
    assert split(rig, A, "Thôn Mới", listed).households == 2
    assert set(households_by_village(rig)[rig.villages["Thôn Mới"]]) == set(ids[:2])
    assert_counted_once(rig)


async def test_a_household_of_a_merged_village_moves_on(rig: Rig) -> None:
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    lan.visit(household)
    merge(rig, "Thôn Một", A)
    hoa = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    move_household(hoa.database, hoa.now, household, rig.villages[B])
    await hoa.sync()
    await lan.sync()
    assert lan.outbox().confirmed == 1
    assert lan.households() == []
    await hoa.sync()
    assert (hoa.listed(household).outcome, hoa.reports()[B].surveyed) == ("completed", 1)
    assert_counted_once(rig)


async def test_who_joins_after_the_merger_has_only_the_new_village(rig: Rig) -> None:
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A)
    merge(rig, B, A)
    again = await rig.phone(Role.MEMBER, "Vũ Thị Lan", B)
    await lan.sync()
    assert villages(again) == villages(lan) == [B]
    with rig.server.state.database.write() as session:
        second = invite(session, COMMUNE, Role.MEMBER, "Vũ Thị Lan", [B], rig.clock(), public_url="http://server")
    with lan.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in
    assert second.member.id == signed_in.member_id, "the same person, in the village that theirs became"
    official = await rig.phone(Role.OFFICIAL, "Ngô Văn Phúc")
    assert set(villages(official)) == {B}
    assert set(official.reports()) == {B}


@pytest.mark.parametrize("names", [(B,), (B, B)])
async def test_a_village_is_not_merged_into_itself(rig: Rig, names: tuple[str, ...]) -> None:
    with pytest.raises(Problem) as refused:
        merge(rig, B, *names)
    assert refused.value.details.slug == "village-not-merged"


async def test_nothing_is_split_from_an_alley_that_is_not_there(rig: Rig) -> None:
    await rig.add_household(A, "Nguyễn Văn Đức", address="Ngõ 31")
    with pytest.raises(Problem) as refused:
        split(rig, A, "Thôn Mới", None, "Ngõ 3")
    assert "Ngõ 3" in refused.value.details.detail
    assert set(rig.villages) == {A, B}
