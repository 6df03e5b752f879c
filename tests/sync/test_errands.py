"""An errand on the phone: the doors that are left stand first, and each goes when it is done, before any sync."""

import pytest

from app.actions.settings import choose_doors_first
from app.store.coverage import find_report
from app.store.doors import find_way_to_pass
from app.store.errands import list_errands
from app.store.household_list import list_households
from app.store.outbox import add_to_outbox
from survey.roles import Role
from tests.builders import an_id
from tests.sync.rig import Phone, Rig

pytestmark = pytest.mark.anyio
HERE = "Đinh Xá"


async def give(rig: Rig, criterion: str | None) -> None:
    """The office asks for this criterion first."""
    office, village = rig.office, rig.villages[HERE]
    assert office is not None
    with office.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="errand", subject=village, household=None, village=village,
            captured_at=office.now, seen=0, body={"criterion": criterion},
        )  # fmt: skip
    await office.sync()


def first_of(rig: Rig, phone: Phone) -> tuple[list[str], str]:
    """The heads that are asked for first, and the title of the criterion."""
    with phone.database.read() as session:
        errands = list_errands(session, rig.villages.values())
        asked = [home for one in errands for home in one.households]
        rows = list_households(session, list(rig.villages.values()), first=asked)
    assert {row.id for row in rows[: len(asked)]} == set(asked)
    return [row.head_name for row in rows[: len(asked)]], errands[0].criterion.no if errands else ""


async def test_doors_of_the_errand_stand_first_until_they_are_done(rig: Rig) -> None:
    done = await rig.add_household(HERE, "An Văn A", address="A")
    missing = await rig.add_household(HERE, "Bùi Văn B", address="B")
    new = await rig.add_household(HERE, "Cao Văn C", address="C")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", HERE)
    lan.visit(done)
    lan.visit(missing, phones="no")
    await lan.sync()
    assert first_of(rig, lan) == ([], "")
    await give(rig, "1")
    await lan.sync()
    assert first_of(rig, lan) == (["Bùi Văn B", "Cao Văn C"], "1")
    lan.visit(new)
    assert first_of(rig, lan) == (["Bùi Văn B"], "1")
    lan.visit(missing, phones="yes")
    assert first_of(rig, lan) == ([], "")
    await give(rig, None)
    await lan.sync()
    assert first_of(rig, lan) == ([], "")


async def test_a_member_sees_how_few_doors_are_enough_and_goes_to_them_first(rig: Rig) -> None:
    names = ("An Văn A", "Bùi Văn B", "Cao Văn C", "Đỗ Văn D")
    homes = [await rig.add_household(HERE, name, address=name[0]) for name in names]
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", HERE)
    for home, phones in zip(homes, ("yes", "no", "no", "no"), strict=True):
        lan.visit(home, phones=phones)
    await lan.sync()
    village = rig.villages[HERE]
    with lan.database.read() as session:
        report = find_report(session, village)
        way = find_way_to_pass(session, village, "1", lan.now)
    assert report
    assert way
    line = next(one for one in report.criteria if one.no == "1")
    assert (way.way.missing.count, way.way.enough) == (line.missing, line.missing), "one person a home"
    assert [row.head_name for _, row in way.doors][-1] != "An Văn A"
    assert {row.head_name for _, row in way.doors} == set(names[1:])
    assert way.by is not None

    choose_doors_first(lan.database, village, "1")
    assert set(first_of(rig, lan)[0]) == set(names[1:])
    choose_doors_first(lan.database, village, None)
    assert first_of(rig, lan) == ([], "")
