"""Two members, both offline, scan one unbound card at one door and register: afterwards it is one household."""

import pytest

from app.actions.cards import revoke_card
from app.actions.households import add_household, bind_card
from app.actions.responses import NotReady
from app.store.cards import CardOutcome, find_card
from app.store.differences import list_open_differences
from survey.roles import Role
from sync_server.cards.issue import issue_cards
from tests.sync.rig import Phone, Rig
from tests.sync.truth import assert_counted_once, visits_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def lan(rig: Rig) -> Phone:
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")


@pytest.fixture
async def binh(rig: Rig) -> Phone:
    return await rig.phone(Role.MEMBER, "Trần Văn Bình", "Đinh Xá")


@pytest.fixture
async def codes(rig: Rig, lan: Phone, binh: Phone) -> list[str]:
    """Two cards of the village that both phones have."""
    with rig.server.state.database.write() as session:
        cards = issue_cards(session, "09052", rig.villages["Đinh Xá"], "Minh", rig.clock(), 2)
    await lan.sync()
    await binh.sync()
    return [one.code for one in cards]


def scan(phone: Phone, code: str) -> tuple[CardOutcome, str]:
    with phone.database.read() as session:
        read = find_card(session, code)
    return read.outcome, read.household


def register(rig: Rig, phone: Phone, name: str, code: str, address: str = "") -> str:
    assert scan(phone, code)[0] is CardOutcome.UNBOUND
    return add_household(phone.database, phone.now, rig.villages["Đinh Xá"], name, address, card=code)


async def test_one_door_is_one_household_with_both_visits(rig: Rig, lan: Phone, binh: Phone, codes: list[str]) -> None:
    first = register(rig, lan, "Nguyễn Văn An", codes[0], "Ngõ 1")
    second = register(rig, binh, "Nguyễn Văn Ân", codes[0])
    visits = {lan.visit(first, phones="yes"), binh.visit(second, phones="no")}
    for phone in (lan, binh, lan, binh):
        await phone.sync()
    for phone in (lan, binh):
        assert [one.id for one in phone.households()] == [first]
        assert scan(phone, codes[0]) == (CardOutcome.KNOWN, first)
    assert set(visits_of(rig, first)) == visits, "both visits are kept, and both count for the one household"
    lead = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    with lead.database.read() as session:
        fields = {
            field.key for one in list_open_differences(session, [rig.villages["Đinh Xá"]]) for field in one.fields
        }
    assert {"head_name", "has_smartphone"} <= fields
    assert lead.reports()["Đinh Xá"].surveyed == 1
    assert_counted_once(rig)


async def test_a_form_begun_before_the_sync_is_finished_after_it(
    rig: Rig, lan: Phone, binh: Phone, codes: list[str]
) -> None:
    first, second = (register(rig, phone, "Nguyễn Văn An", codes[0]) for phone in (lan, binh))
    await lan.sync()
    await binh.sync()
    visit = binh.visit(second) if second in {one.id for one in binh.households()} else binh.visit(first)
    await binh.sync()
    assert binh.outbox().waiting == 0
    assert list(visits_of(rig, first)) == [visit]


async def test_a_card_that_was_bound_elsewhere_meanwhile_comes_back(
    rig: Rig, lan: Phone, binh: Phone, codes: list[str]
) -> None:
    one, other = await rig.add_household("Đinh Xá", "Lê Văn Sơn"), await rig.add_household("Đinh Xá", "Lê Văn Hải")
    for phone in (lan, binh):
        await phone.sync()
    bind_card(lan.database, lan.now, one, codes[1])
    bind_card(binh.database, binh.now, other, codes[1])
    for phone in (lan, binh, lan, binh):
        await phone.sync()
    assert scan(lan, codes[1]) == scan(binh, codes[1]) == (CardOutcome.KNOWN, one)
    assert (binh.outbox().invalid, lan.outbox().invalid) == (1, 0), "who came second is told, and nothing is lost"


async def test_a_lead_makes_a_lost_card_void(rig: Rig, lan: Phone, codes: list[str]) -> None:
    household = register(rig, lan, "Nguyễn Văn An", codes[0])
    await lan.sync()
    lead = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    revoke_card(lead.database, lead.now, codes[0])
    for phone in (lead, lan):
        await phone.sync()
        assert scan(phone, codes[0]) == (CardOutcome.REVOKED, "")
    with pytest.raises(NotReady):
        revoke_card(lead.database, lead.now, "0" * 16)
    bind_card(lan.database, lan.now, household, codes[1])
    await lan.sync()
    assert scan(lan, codes[1]) == (CardOutcome.KNOWN, household)
    assert (lead.outbox().confirmed, lan.outbox().invalid) == (1, 0)
