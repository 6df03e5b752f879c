"""The list shows the server's word with what waits here on top: no more, and no less."""

import pytest
from sqlalchemy import text

from app.actions.households import edit_household
from survey.records import Outcome
from survey.roles import Role
from sync_server.backup import back_up, restore
from sync_server.main import create_app
from tests.sync.rig import Link, Rig

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_an_edit_after_an_unsent_visit_hid_the_visit(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.visit(household)
    edit_household(lan.database, lan.now, household, address="Ngõ 7")
    shown = lan.listed(household)
    assert (shown.outcome, shown.visited_by, shown.address) == (Outcome.COMPLETED, "Vũ Thị Lan", "Ngõ 7")


async def test_a_visit_offered_again_after_a_restore_hid_the_later_one_of_a_colleague(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    lan.visit(household)
    await lan.sync()
    await minh.sync()
    rig.clock.pass_by(hours=1)
    minh.now = rig.clock()
    minh.visit(household, phones="no")
    await minh.sync()
    await lan.sync()
    copy = rig.folder / "copy.db"
    back_up(rig.server.state.settings, copy)
    rig.server.state.database.close()
    restore(rig.server.state.settings, copy, rig.clock())
    rig.server = create_app(rig.server.state.settings, rig.clock)
    lan.link = Link(rig.server)
    await lan.sync()
    assert lan.outbox().waiting == 0
    assert lan.listed(household).visited_by == "Hoàng Văn Minh"


async def test_a_visit_that_was_held_went_on_showing_as_done(rig: Rig) -> None:
    household = await rig.add_household("Đinh Xá", "Nguyễn Văn Đức")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")
    lan.visit(household)
    with lan.database.write() as session:
        session.connection().execute(text("UPDATE outbox SET kind = 'from_tomorrow'"))
    await lan.sync()
    shown = lan.listed(household)
    assert (shown.outcome, shown.to_fix, shown.waiting) == (None, 1, 0)
