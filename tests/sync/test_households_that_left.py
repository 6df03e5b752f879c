"""A household ended by one slip stays within reach, comes back with a visit, and is counted apart meanwhile."""

from datetime import UTC, datetime

import pytest

from app.actions.households import edit_household
from app.store.household_list import count_households, list_households
from survey.records import Outcome
from survey.roles import Role
from tests.sync.rig import Phone, Rig
from tests.sync.truth import assert_counted_once

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
NEW_YEAR = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def left(phone: Phone, rig: Rig) -> list[str]:
    with phone.database.read() as session:
        return [row.id for row in list_households(session, [rig.villages["Đinh Xá"]], shown="gone")]


@pytest.mark.parametrize("slip", [Outcome.MOVED, Outcome.VACANT])
async def test_a_slip_took_a_household_away_from_everybody(rig: Rig, slip: Outcome) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.end(household, slip)
    assert left(lan, rig) == [household]
    await lan.sync()
    await minh.sync()
    assert left(minh, rig) == [household]
    report = minh.reports()["Đinh Xá"]
    assert (report.registered, report.left, report.left_in_round) == (0, 1, 1)
    assert (report.moved, report.vacant) == ((1, 0) if slip is Outcome.MOVED else (0, 1))

    minh.visit(household)
    assert (left(minh, rig), [row.id for row in minh.households()]) == ([], [household])
    await minh.sync()
    await lan.sync()
    report = lan.reports()["Đinh Xá"]
    assert (report.registered, report.surveyed, report.left, report.left_in_round) == (1, 1, 0, 0)
    assert [row.id for row in lan.households()] == [household]
    assert_counted_once(rig)


async def test_only_who_left_since_the_round_began_is_said_to_have(rig: Rig) -> None:
    """The round of 2026 began at midnight in Vietnam on 1 January; who left before is counted apart."""
    homes = await rig.add_households("Đinh Xá", 3)
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.now = NEW_YEAR.replace(year=2025, hour=16, minute=59)
    lan.end(homes[0], Outcome.MOVED)
    lan.now = NEW_YEAR.replace(year=2025)
    lan.end(homes[1], Outcome.MOVED)
    lan.now = rig.clock()
    edit_household(lan.database, lan.now, homes[2], status="vacant")
    await lan.sync()
    report = lan.reports()["Đinh Xá"]
    assert (report.moved, report.vacant, report.left_in_round) == (2, 1, 2)
    assert_counted_once(rig)


async def test_a_household_written_down_as_moved_again_left_when_it_did_first(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.now = NEW_YEAR.replace(year=2024)
    lan.end(household, Outcome.MOVED)
    lan.now = rig.clock()
    lan.end(household, Outcome.VACANT)
    await lan.sync()
    report = lan.reports()["Đinh Xá"]
    assert (report.vacant, report.left_in_round) == (1, 0)
    with lan.database.read() as session:
        assert count_households(session, [rig.villages["Đinh Xá"]], shown="gone") == 1
