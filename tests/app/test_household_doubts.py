"""What was noticed about a household, on its screen: all for a lead, for others what is about their visits."""

from datetime import timedelta
from typing import Any

import pytest

from app.store.doubts import count_asked_here, find_doubt, list_doubts_of
from survey.asked_again import AskedAgain
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, an_id


def notice(device: VillageOnDevice, household: str, member: str | None = None, **more: Any) -> str:
    identity = an_id()
    usual = {"check": "pace", "fingerprint": identity, "found_at": NOW.isoformat(), "households": [household]}
    device.receive("doubt", identity, usual | ({"member": member} if member else {}) | more)
    return identity


def listed(device: VillageOnDevice, household: str, whose: str | None) -> list[str]:
    with device.database.read() as session:
        return [one.id for one in list_doubts_of(session, household, [VILLAGE], whose)]


def test_a_lead_sees_all_and_who_made_the_visits_their_own(device: VillageOnDevice) -> None:
    home, next_door, other = device.add_household("Nguyễn Văn Đức"), device.add_household("Lê Thị Bé"), an_id()
    later = (NOW + timedelta(hours=1)).isoformat()
    of_other = notice(device, home, other, found_at=later)
    own = notice(device, home, device.member)
    of_nobody = notice(device, home, check="pair", found_at=(NOW + timedelta(hours=2)).isoformat())
    notice(device, home, device.member, state="settled")
    held = notice(device, home, device.member, check="held", found_at=(NOW + timedelta(hours=3)).isoformat())
    elsewhere = notice(device, next_door, other)
    assert listed(device, home, None) == [own, of_other, of_nobody, held]
    assert listed(device, home, device.member) == [own]
    assert listed(device, home, an_id()) == []
    assert listed(device, next_door, None) == [elsewhere]


@pytest.mark.parametrize(
    ("minutes", "outcome", "count"),
    [(-5, "completed", 0), (5, "completed", 1), (5, "absent", 0), (5, "refused", 1)],
)
def test_how_many_were_asked_again(device: VillageOnDevice, minutes: int, outcome: str, count: int) -> None:
    visited_at = (NOW + timedelta(minutes=minutes)).isoformat()
    home = device.add_household("Lê Thị Bé", visited_at=visited_at, current={"outcome": outcome})
    step = {"step": "ask", "by": "Hoa", "at": NOW.isoformat(), "households": [home, an_id()]}
    identity = notice(device, home, state="asked", steps=[step])
    with device.database.read() as session:
        found = find_doubt(session, identity)
        assert found
        assert count_asked_here(session, found.doubt) == AskedAgain(1, count), "what is not there is not waited for"
