"""A part of a family becomes a household of its own: both phones know who went, and nobody is asked twice."""

import pytest

from app.actions.households import HouseholdInvalid, split_household
from app.store.outbox import list_next_batch
from app.store.splits import find_kin
from app.ui.screens.household import people_panel
from app.ui.texts import Texts
from survey.records import Departure
from survey.roles import Role
from tests.builders import an_id
from tests.sync.rig import Phone, Rig
from tests.sync.test_people_who_left import A, form, kept_visit, save, sentences, shown
from tests.sync.truth import differences

pytestmark = pytest.mark.anyio
HEAD, SON, WIFE = an_id(101), an_id(102), an_id(103)


async def the_family(rig: Rig) -> tuple[Phone, Phone, str]:
    """Two members, and a surveyed household of an old man, his son and the son's wife."""
    household = await rig.add_household(A, "Nguyễn Văn Đức")
    lan, son = await rig.phone(Role.MEMBER, "Vũ Thị Lan", A), await rig.phone(Role.MEMBER, "Ngô Văn Sơn", A)
    draft = form(lan, household)
    for who, relation, year, sex in ((HEAD, "head", 1958, "m"), (SON, "child", 1990, "m"), (WIFE, "other", 1992, "f")):
        draft = draft.add_resident(who, relation).change_resident(who, birth_year=year, sex=sex)
    save(lan, draft)
    await lan.sync()
    await son.sync()
    return lan, son, household


def split(phone: Phone, household: str, *who: str) -> str:
    return split_household(phone.database, phone.now, household, "Nguyễn Văn Nam", "Xóm Đình", came_with=who)


async def test_the_other_phone_asks_both_households_with_the_right_people(rig: Rig) -> None:
    lan, other, household = await the_family(rig)
    made = split(lan, household, SON, WIFE)
    await lan.sync()
    await other.sync()

    first = form(other, made)
    assert [(one.id, one.relation, one.former_relation) for one in first.residents] == [
        (SON, "", "child"),
        (WIFE, "", "other"),
    ]
    told = {one["id"]: one["answers"] for one in (shown(other, household).current or {})["residents"]}
    assert {one.id: one.answers for one in first.residents} == {SON: told[SON], WIFE: told[WIFE]}
    assert all(one.answers.keys() == one.same_as_last.keys() for one in first.residents)
    assert (first.is_repeat, first.compares) == (False, True)

    again = form(other, household)
    assert [one.id for one in again.present] == [HEAD]
    assert [(one.id, one.split_to) for one in again.residents if one.taken_out] == [(SON, made), (WIFE, made)]
    visit = save(other, again)
    save(other, first.change_resident(SON, relation="head").change_resident(WIFE, relation="spouse"))
    await other.sync()
    await lan.sync()
    left = kept_visit(rig, visit)["left"]
    assert [(one["id"], one["reason"], one["split_to"]) for one in left] == [
        (SON, "moved_away", made),
        (WIFE, "moved_away", made),
    ]
    people = (shown(lan, made).current or {})["residents"]
    assert [(one["id"], one["relation"]) for one in people] == [(SON, "head"), (WIFE, "spouse")]
    assert [one.id for one in form(lan, household).residents] == [HEAD]
    assert differences(rig) == {}


async def test_it_shows_before_the_sync_and_is_one_change(rig: Rig) -> None:
    lan, _other, household = await the_family(rig)
    made = split(lan, household, SON)
    before = shown(lan, household)
    with lan.database.read() as session:
        assert [one["subject"] for one in list_next_batch(session, 200)] == [made]
        kin = find_kin(session, household, before)
    assert list(kin.split_off) == [made]
    assert [one.id for one in form(lan, household).present] == [HEAD, WIFE]
    assert [one.id for one in form(lan, made).present] == [SON]


async def test_who_is_put_back_stays_and_the_new_household_has_the_last_word(rig: Rig) -> None:
    lan, _other, household = await the_family(rig)
    made = split(lan, household, SON, WIFE)
    save(lan, form(lan, household).put_back(WIFE))
    first = form(lan, made).take_out(WIFE)
    save(lan, first.change_resident(SON, relation="head"))
    await lan.sync()
    assert [one.id for one in form(lan, household).present] == [HEAD, WIFE]
    assert [one.id for one in form(lan, made).present] == [SON]


async def test_somebody_must_go_and_somebody_must_stay(rig: Rig) -> None:
    lan, _other, household = await the_family(rig)
    for who in ([], [an_id()], [HEAD, SON, WIFE]):
        with pytest.raises(HouseholdInvalid) as refused:
            split(lan, household, *who)
        assert [one.pointer for one in refused.value.problems] == ["/came_with"]
    assert lan.outbox().waiting == 0


async def test_the_lead_reads_why_they_are_not_there(rig: Rig) -> None:
    lan, _other, household = await the_family(rig)
    split(lan, household, SON)
    save(lan, form(lan, household).take_out(WIFE, Departure.DIED))
    await lan.sync()
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", A)
    assert sentences(people_panel(Texts("vi"), shown(minh, household)))[1:] == [
        "Đã tách hộ: Con trai, sinh năm 1990 (Vũ Thị Lan ghi ngày 22/11/2026)",
        "Đã mất: Người khác, sinh năm 1992 (Vũ Thị Lan ghi ngày 22/11/2026)",
    ]
