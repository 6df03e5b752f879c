"""What a code leads to on a device: each outcome of the closed list."""

import pytest

from app.actions.households import add_household, bind_card
from app.store.cards import CardOutcome, ReadCard, count_free_cards, find_card
from survey.card_code import grouped, make_code
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, an_id

CODE, OTHER = (make_code(number.to_bytes(10, "big")) for number in (7, 8))


def read(device: VillageOnDevice, text: str) -> ReadCard:
    with device.database.read() as session:
        return find_card(session, text)


def issue(device: VillageOnDevice, code: str = CODE, **more: object) -> str:
    card = an_id()
    device.receive("card", card, {"code": code, "state": "issued", "serial": 17} | more)
    return card


@pytest.mark.parametrize("text", [CODE, grouped(CODE), f"https://xa.example.vn/app/#/c/{CODE}", CODE.lower()])
def test_a_free_card_says_its_number_and_village(device: VillageOnDevice, text: str) -> None:
    card = issue(device)
    assert read(device, text) == ReadCard(CardOutcome.UNBOUND, CODE, village=VILLAGE, serial=17, card=card)
    with device.database.read() as session:
        assert count_free_cards(session, VILLAGE) == 1


def test_a_card_that_is_bound_leads_to_its_household(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn An")
    issue(device, state="bound", household=household)
    found = read(device, CODE)
    assert (found.outcome, found.household) == (CardOutcome.KNOWN, household)


def test_what_was_registered_or_bound_here_is_known_before_the_sync(device: VillageOnDevice) -> None:
    issue(device)
    issue(device, OTHER)
    made = add_household(device.database, NOW, VILLAGE, "Lê Văn Sơn", card=grouped(CODE))
    assert read(device, CODE).household == made
    listed = device.add_household("Nguyễn Văn An")
    assert bind_card(device.database, NOW, listed, OTHER)
    assert read(device, OTHER).household == listed


def test_cards_that_lead_nowhere_here(device: VillageOnDevice) -> None:
    card = issue(device, state="revoked")
    assert read(device, CODE).outcome is CardOutcome.REVOKED
    device.receive("card", card, None)
    assert read(device, CODE).outcome is CardOutcome.UNKNOWN
    issue(device, state="bound", household=an_id())
    assert read(device, CODE).outcome is CardOutcome.OTHER_VILLAGE, "its household is on no stream of this phone"
    assert read(device, "7Q4M").outcome is CardOutcome.MALFORMED
    assert read(device, "https://example.vn/khac").outcome is CardOutcome.MALFORMED
