"""What the server held and an official took over after all: the phone that sent it hears of it."""

import pytest

from app.store.outbox import add_to_outbox
from survey.roles import Role
from sync_server.review.releasing import release
from tests.builders import NOW, an_id
from tests.sync.rig import Rig

pytestmark = pytest.mark.anyio


async def test_the_phone_asks_again_a_day_later_and_hears_that_it_was_taken_over(rig: Rig) -> None:
    elsewhere = await rig.add_household("Nghinh Tiên", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    change = an_id()
    with lan.database.write() as session:
        add_to_outbox(
            session, identity=change, kind="household", subject=elsewhere, household=elsewhere,
            village=rig.villages["Nghinh Tiên"], captured_at=NOW, seen=0, body={"address": "Ngõ Đình"},
        )  # fmt: skip
    await lan.sync()
    assert lan.outbox().held == 1
    state = rig.server.state
    release(state.database, state.writers, rig.commune, change, rig.clock())
    await lan.sync()
    assert lan.outbox().held == 1, "nobody is asked at every sync"
    rig.clock.pass_by(hours=25)
    await lan.sync()
    await lan.sync()
    assert (lan.outbox().held, lan.outbox().confirmed) == (0, 1)


async def test_what_is_still_held_stays_so(rig: Rig) -> None:
    elsewhere = await rig.add_household("Nghinh Tiên", "Trần Thị Hòa")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    with lan.database.write() as session:
        add_to_outbox(
            session, identity=an_id(), kind="household", subject=elsewhere, household=elsewhere,
            village=rig.villages["Nghinh Tiên"], captured_at=NOW, seen=0, body={"address": "Ngõ Đình"},
        )  # fmt: skip
    await lan.sync()
    rig.clock.pass_by(hours=25)
    for _ in range(3):
        await lan.sync()
    assert (lan.outbox().held, lan.outbox().waiting) == (1, 0)
