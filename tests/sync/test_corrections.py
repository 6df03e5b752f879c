"""A correction made at a door without coverage reaches the others; a visit's note stands there for the next one."""

import pytest

from app.actions.households import HouseholdInvalid, edit_household
from app.actions.responses import AnswersIncomplete
from app.store.households import find_household
from survey.records import Household, HouseholdStatus
from survey.roles import Role
from tests.sync.rig import Phone, Rig

pytestmark = pytest.mark.anyio


@pytest.fixture
async def two(rig: Rig) -> tuple[str, Phone, Phone]:
    household = await rig.add_household("Đinh Xá", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    return household, lan, await rig.phone(Role.MEMBER, "Ngô Văn Sơn", "Đinh Xá")


def record_of(phone: Phone, household: str) -> Household:
    with phone.database.read() as session:
        found = find_household(session, household)
    assert found is not None
    return found[2]


async def test_a_correction_without_coverage_shows_at_once_and_reaches_the_others(
    two: tuple[str, Phone, Phone],
) -> None:
    household, lan, son = two
    edit_household(
        lan.database, lan.now, household, head_name="Trần Thị Hoa", address="Ngõ 7", phone="0912345678", status="vacant"
    )
    assert lan.listed(household).has_left
    await lan.sync()
    await son.sync()
    record = record_of(son, household)
    assert (record.head_name, record.address, record.phone) == ("Trần Thị Hoa", "Ngõ 7", "+84912345678")
    assert record.status is HouseholdStatus.VACANT
    assert record.left_at is not None


@pytest.mark.parametrize("field", ["head_name", "address"])
async def test_a_long_number_is_refused_before_it_is_kept(two: tuple[str, Phone, Phone], field: str) -> None:
    household, lan, _ = two
    with pytest.raises(HouseholdInvalid) as refused:
        edit_household(lan.database, lan.now, household, **{field: "An 001085012345"})
    assert refused.value.problems[0].pointer == f"/{field}"
    assert lan.outbox().waiting == 0


async def test_the_note_of_a_visit_stands_there_for_the_next_one(two: tuple[str, Phone, Phone]) -> None:
    household, lan, son = two
    lan.visit(household, note="Buổi tối mới có nhà")
    await lan.sync()
    await son.sync()
    assert (record_of(son, household).current or {})["note"] == "Buổi tối mới có nhà"


async def test_a_note_with_a_long_number_keeps_the_form_open(two: tuple[str, Phone, Phone]) -> None:
    household, lan, _ = two
    with pytest.raises(AnswersIncomplete) as refused:
        lan.visit(household, note="Gọi 0912 345 678")
    assert [one.pointer for one in refused.value.problems] == ["/note"]


async def test_a_child_is_not_the_head_of_a_form(two: tuple[str, Phone, Phone]) -> None:
    household, lan, _ = two
    with pytest.raises(AnswersIncomplete) as refused:
        lan.visit(household, birth_year=lan.now.year - 12)
    assert refused.value.problems[0].pointer == "/residents/0/birth_year"
