"""A visit that is sent back: it comes first in the member's list, asks the named questions, and the fix ends it."""

import pytest

from app.actions.responses import find_campaign, open_draft
from app.actions.reviews import send_back
from app.store.household_list import list_households
from app.store.households import find_household
from app.store.outbox import list_next_batch
from survey.finishing import open_questions
from survey.records import Household
from survey.roles import Role
from tests.sync.rig import Phone, Rig

pytestmark = pytest.mark.anyio
HERE = "Đinh Xá"


def the_household(phone: Phone, home: str) -> Household:
    with phone.database.read() as session:
        found = find_household(session, home)
    assert found
    return found[2]


async def test_a_visit_that_is_sent_back_is_fixed_offline_and_updates_the_household(rig: Rig) -> None:
    first = await rig.add_household(HERE, "An Văn A", address="A")
    home = await rig.add_household(HERE, "Bùi Văn B", address="B")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", HERE)
    minh = await rig.phone(Role.LEAD, "Trần Văn Minh", HERE)
    lan.visit(home, phones="no")
    lan.visit(first)
    await lan.sync()
    await minh.sync()
    send_back(minh.database, minh.now, home, ["has_smartphone"], "Con trai bác có máy")
    await minh.sync()
    await lan.sync()

    asked = the_household(lan, home).ask_again
    assert asked
    assert (asked.by, asked.keys, asked.note) == ("Trần Văn Minh", ["has_smartphone"], "Con trai bác có máy")
    with lan.database.read() as session:
        rows = list_households(session, [rig.villages[HERE]], shown="to_fix")
        everything = list_households(session, [rig.villages[HERE]], shown="all")
    assert [row.id for row in rows] == [home]
    assert everything[0].id == home, "what was sent back comes first"

    campaign = find_campaign(lan.database)
    draft = open_draft(lan.database, lan.now, home, campaign)
    missing = [one.pointer for one in open_questions(draft, campaign.form, campaign.round, lan.now)]
    assert [one for one in missing if "has_smartphone" in one], "the question is asked again"
    assert draft.answers, "and no other"
    lan.visit(home, phones="yes")
    assert the_household(lan, home).ask_again is None, "offline already"
    await lan.sync()
    await minh.sync()
    for phone in (lan, minh):
        shown = the_household(phone, home)
        assert shown.ask_again is None
        assert {one["answers"]["has_smartphone"] for one in (shown.current or {})["residents"]} == {"yes"}


async def test_a_visit_that_shows_no_more_is_not_sent_back(rig: Rig) -> None:
    home = await rig.add_household(HERE, "Bùi Văn B", address="B")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", HERE)
    minh = await rig.phone(Role.LEAD, "Trần Văn Minh", HERE)
    lan.visit(home, phones="no")
    await lan.sync()
    await minh.sync()
    send_back(minh.database, minh.now, home, ["has_smartphone"])
    lan.visit(home, phones="yes")
    await lan.sync()
    await minh.sync()
    assert the_household(minh, home).ask_again is None
    with minh.database.read() as session:
        assert list_next_batch(session, 10) == [], "merged: nothing waits"


async def test_a_member_cannot_send_back(rig: Rig) -> None:
    home = await rig.add_household(HERE, "Bùi Văn B", address="B")
    lan = await rig.phone(Role.MEMBER, "Vũ Thị Lan", HERE)
    lan.visit(home)
    await lan.sync()
    send_back(lan.database, lan.now, home, ["has_smartphone"])
    await lan.sync()
    assert the_household(lan, home).ask_again is None
