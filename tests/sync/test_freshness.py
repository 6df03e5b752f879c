"""The commune says how long answers hold: phones hear of it at their next sync, and what is older is open again."""

from datetime import timedelta

import pytest

from app.store.household_counts import count_by_filter
from app.store.rounds import find_fresh_since
from app.store.stream import list_stream_bodies
from survey.roles import Role
from sync_server.commune.rounds import hold_answers
from tests.sync.rig import Phone, Rig

pytestmark = pytest.mark.anyio
HERE = "Đinh Xá"


def hold(rig: Rig, days: int | None) -> None:
    with rig.server.state.database.write() as session:
        hold_answers(session, "09052", days)


def open_doors(rig: Rig, phone: Phone) -> int:
    with phone.database.read() as session:
        since = find_fresh_since(session, phone.now)
        return count_by_filter(session, list(rig.villages.values()), since)["open"]


async def test_what_is_older_is_open_again_on_every_phone_until_it_is_visited(rig: Rig) -> None:
    household = await rig.add_household(HERE, "Nguyễn Văn Đức")
    lan, tu = [await rig.phone(Role.MEMBER, name, HERE) for name in ("Vũ Thị Lan", "Lê Văn Tư")]
    lan.visit(household)
    await lan.sync()
    hold(rig, 90)
    rig.clock.now = lan.now = tu.now = lan.now + timedelta(days=91)
    assert open_doors(rig, lan) == 0, "it has not heard of it"
    await lan.sync()
    await tu.sync()
    assert (open_doors(rig, lan), open_doors(rig, tu)) == (1, 1)
    tu.visit(household)
    assert open_doors(rig, tu) == 0
    await tu.sync()
    await lan.sync()
    assert open_doors(rig, lan) == 0


async def test_answers_hold_for_ever_again_and_what_changes_nothing_is_not_sent(rig: Rig) -> None:
    household = await rig.add_household(HERE, "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", HERE)
    lan.visit(household)
    await lan.sync()
    lan.now = rig.clock.now = lan.now + timedelta(days=400)
    for days, doors in ((365, 1), (365, 1), (None, 0)):
        hold(rig, days)
        await lan.sync()
        with lan.database.read() as session:
            assert [body["answers_hold_days"] for body in list_stream_bodies(session, "round")] == [days]
        assert open_doors(rig, lan) == doors
