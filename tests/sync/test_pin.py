"""A forgotten PIN: a new code of the same person takes it away, and nothing on the phone is lost; and one that the lead
requires."""

import pytest

from app.actions.pin import require_pin, set_pin
from app.actions.responses import find_campaign, keep_draft, open_draft
from app.store.pin import KeptPin, find_pin, find_pin_due, find_pin_rule, find_required_pin
from app.store.responses import list_drafts
from survey.roles import Role
from tests.sync.rig import Rig

pytestmark = pytest.mark.anyio
VILLAGE = "Đinh Xá"


async def test_a_new_code_takes_the_pin_away_and_keeps_everything(rig: Rig) -> None:
    begun, visited = await rig.add_households(VILLAGE, 2)
    phone = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    await phone.sync()
    campaign = find_campaign(phone.database)
    draft = open_draft(phone.database, phone.now, begun, campaign).agree(True, phone.now)
    keep_draft(phone.database, phone.now, draft)
    phone.visit(visited)
    set_pin(phone.database, KeptPin(b"s" * 16, 1, b"h" * 32))

    await phone.enroll(rig.code(Role.MEMBER, "Vũ Thị Lan", VILLAGE), same_person=True)
    with phone.database.read() as session:
        assert find_pin(session) is None
        assert [one.household for one in list_drafts(session)] == [begun]
    assert phone.outbox().waiting == 1
    await phone.sync()
    assert (phone.outbox().waiting, phone.outbox().confirmed) == (0, 1)


async def test_a_pin_that_the_lead_requires_is_due_on_each_phone_of_the_team(rig: Rig) -> None:
    lead = await rig.phone(Role.LEAD, "Trần Văn Bình", VILLAGE)
    member = await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE)
    village = rig.villages[VILLAGE]
    require_pin(lead.database, lead.now, village, True)
    with lead.database.read() as session:
        assert find_required_pin(session), "on the lead's own phone at once, without a network"
    await lead.sync()
    await member.sync()
    with member.database.read() as session:
        rule = find_required_pin(session)
        assert rule is not None
        assert rule.asked_by == "Trần Văn Bình"
        assert find_pin_due(session)
    office = await rig.phone(Role.OFFICIAL, "Đặng Thị Hoa")
    await office.sync()
    with office.database.read() as session:
        assert find_required_pin(session) is None, "an official is in no team"
        assert (find_pin_rule(session, village) or rule).required

    require_pin(lead.database, lead.now, village, False)
    await lead.sync()
    await member.sync()
    with member.database.read() as session:
        assert not find_pin_due(session)
