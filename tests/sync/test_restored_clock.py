"""A server restored while its clock was wrong still gets the phones' last 30 days."""

from datetime import timedelta

import pytest

from survey.roles import Role
from tests.sync.rig import Phone, Rig
from tests.sync.test_restore import VILLAGE, Drill, visits_on

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
AHEAD = timedelta(days=400)


async def team(rig: Rig) -> tuple[Phone, list[str]]:
    """A phone and three households."""
    homes = await rig.add_households(VILLAGE, 3)
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE), homes


async def work(rig: Rig, lan: Phone, homes: list[str]) -> None:
    """A visit a day is handed in."""
    for home in homes:
        rig.clock.pass_by(days=1)
        lan.now = rig.clock()
        lan.visit(home)
        await lan.sync()


def kept_by_the_server(drill: Drill) -> set[str]:
    return {str(row[0]) for row in drill.on_server("SELECT id FROM response")}


@pytest.mark.parametrize("phone_ahead", [timedelta(0), timedelta(days=-300), timedelta(days=900)])
async def test_the_clock_ran_ahead_during_the_restore(rig: Rig, phone_ahead: timedelta) -> None:
    drill, (lan, homes) = Drill(rig), await team(rig)
    copy = drill.back_up()
    await work(rig, lan, homes)
    rig.clock.pass_by(days=AHEAD.days)
    lan.now += phone_ahead
    drill.restore(copy)
    await lan.sync()
    assert kept_by_the_server(drill) == visits_on(lan)
    assert lan.outbox().waiting == 0


async def test_the_clock_ran_ahead_before_and_during_the_restore(rig: Rig) -> None:
    drill, (lan, homes) = Drill(rig), await team(rig)
    copy = drill.back_up()
    await work(rig, lan, homes)
    rig.clock.pass_by(days=AHEAD.days)
    lan.visit(homes[0], phones="no")
    await lan.sync()
    drill.restore(copy)
    await lan.sync()
    assert kept_by_the_server(drill) == visits_on(lan)


async def test_the_clock_ran_ahead_before_and_was_put_right(rig: Rig) -> None:
    drill, (lan, homes) = Drill(rig), await team(rig)
    copy = drill.back_up()
    rig.clock.pass_by(days=AHEAD.days)
    await work(rig, lan, homes)
    rig.clock.pass_by(days=-AHEAD.days)
    drill.restore(copy)
    await lan.sync()
    assert kept_by_the_server(drill) == visits_on(lan)
