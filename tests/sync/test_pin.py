"""A forgotten PIN: a new code of the same person takes it away, and nothing on the phone is lost."""

import pytest

from app.actions.pin import set_pin
from app.actions.responses import find_campaign, keep_draft, open_draft
from app.store.pin import KeptPin, find_pin
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
