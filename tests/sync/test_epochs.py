"""An epoch is another one or the same, never an earlier or a later one: whatever a restored server calls its own."""

from collections.abc import Callable

import pytest

from app.store.sync_state import find_setting
from tests.sync.rig import Phone, Rig
from tests.sync.test_restore import VILLAGE, Drill, a_team, assert_nothing_is_missing, rows_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
EPOCHS = ["00000000-0000-7000-8000-000000000000", "ffffffff-ffff-7fff-bfff-ffffffffffff"]


@pytest.fixture(params=EPOCHS, ids=["sorts before", "sorts after"])
def epoch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The epoch that the next restore begins."""
    made: Callable[[object], str] = lambda _now: request.param  # noqa: E731
    monkeypatch.setattr("sync_server.backup.new_id", made)
    chosen: str = request.param
    return chosen


def epoch_on(phone: Phone) -> str | None:
    with phone.database.read() as session:
        return find_setting(session, "server_epoch")


async def test_phones_start_over_under_any_other_epoch(rig: Rig, epoch: str) -> None:
    drill = Drill(rig)
    phones, homes = await a_team(rig)
    lan, binh, minh, _ = phones
    village = rig.villages[VILLAGE]
    await drill.sync_all()
    copy = drill.back_up()
    lan.visit(homes[0])
    await drill.sync_all()
    assert epoch_on(lan) not in EPOCHS
    drill.restore(copy)
    await binh.sync()
    assert rows_of(binh, village) != rows_of(minh, village), "what only the lost server knew is gone at once"
    await lan.sync()
    assert drill.on_server("SELECT count(*) FROM response") == [(1,)], "what it had handed in is offered again"
    assert epoch_on(lan) == epoch
    await drill.sync_all()
    assert_nothing_is_missing(drill, phones)


async def test_under_the_same_epoch_nothing_is_sent_again(rig: Rig) -> None:
    drill = Drill(rig)
    phones, homes = await a_team(rig)
    lan = phones[0]
    lan.visit(homes[0])
    await lan.sync()
    taken = drill.on_server("SELECT count(*) FROM change")
    done = await lan.sync()
    assert (done.judged, done.received, done.changed) == (0, 0, False)
    assert drill.on_server("SELECT count(*) FROM change") == taken
