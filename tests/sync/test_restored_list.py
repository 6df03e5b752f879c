"""What a phone's list shows while it gets in step with a server that was put back from a backup."""

import pytest

from app.sync.exchange import exchange
from survey.records import Outcome
from survey.roles import Role
from sync_server.commune.lineage import merge_villages
from tests.sync.rig import Rig
from tests.sync.test_restore import VILLAGE, Drill
from tests.sync.truth import COMMUNE

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
def drill(rig: Rig) -> Drill:
    return Drill(rig)


async def test_a_merger_is_lost_with_the_server_and_its_village_is_whole_again(drill: Drill) -> None:
    """The visit that was made in between is held; its household is on the list of its village again."""
    rig = drill.rig
    household = await rig.add_household(VILLAGE, "Trần Thị Hòa")
    await rig.add_household("Nghinh Tiên", "Lê Văn Khôi")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    copy = drill.back_up()
    with rig.server.state.database.write() as session:
        merge_villages(session, COMMUNE, "Nghinh Tiên", [VILLAGE], rig.clock())
    await lan.sync()
    lan.visit(household)
    drill.restore(copy)
    await drill.sync_all()
    assert lan.outbox().held == 1
    assert [(one.id, one.village_id) for one in lan.households()] == [(household, rig.villages[VILLAGE])]


async def test_what_was_held_shows_as_soon_as_it_is_offered_again(drill: Drill) -> None:
    """Also where the phone dies before the household's own page has come."""
    rig = drill.rig
    household = await rig.add_household(VILLAGE, "Trần Thị Hòa")
    hoa = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    hoa.visit(household)
    await hoa.sync()
    assert (hoa.outbox().held, hoa.listed(household).outcome) == (1, None)
    drill.restore(drill.back_up())
    await exchange(hoa.database, hoa.client, hoa.now, rows=1)
    assert (hoa.outbox().waiting, hoa.listed(household).outcome) == (1, Outcome.COMPLETED)
    await hoa.sync()
    assert (hoa.outbox().held, hoa.listed(household).outcome) == (1, None)
