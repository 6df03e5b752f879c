"""The lead gives alleys to members, offline; what was given stays with the household's history on the server."""

from app.actions.households import add_household, assign_alley
from app.store.households import find_household
from app.store.outbox import list_waiting
from app.store.team import Alley, list_alleys, list_team
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, an_id

LAN, SEN = an_id(31), an_id(32)


def alleys(device: VillageOnDevice) -> dict[str, Alley]:
    with device.database.read() as session:
        return {one.name: one for one in list_alleys(session, VILLAGE)}


def assigned(device: VillageOnDevice, household: str) -> str | None:
    with device.database.read() as session:
        found = find_household(session, household)
    assert found
    return found[2].assigned_to


def test_the_team_is_leads_first_then_by_given_name(device: VillageOnDevice) -> None:
    for identity, name, role in (
        (SEN, "Trần Thị Sen", "member"),
        (LAN, "Vũ Thị Lan", "member"),
        (an_id(), "Z", "lead"),
    ):
        device.receive("member", identity, {"name": name, "role": role})
    with device.database.read() as session:
        assert [one.name for one in list_team(session, VILLAGE)] == ["Z", "Vũ Thị Lan", "Trần Thị Sen"]


def test_an_alley_is_given_with_all_its_households_whatever_their_spelling(device: VillageOnDevice) -> None:
    there = [
        device.add_household(f"Hộ {n}", address) for n, address in enumerate(("Số 2, Ngõ Hòa", "ngõ Hoà", "Ngõ Hòa"))
    ]
    gone = device.add_household("Đã đi", "Ngõ Hòa", status="moved")
    other = device.add_household("Khác", "Ngõ Hoa")
    assert alleys(device)["Ngõ Hòa"] == Alley(alleys(device)["Ngõ Hòa"].key, "Ngõ Hòa", 3, 0, {None: 3})
    assert assign_alley(device.database, NOW, VILLAGE, alleys(device)["Ngõ Hòa"].key, LAN) == 3
    assert [assigned(device, one) for one in [*there, gone, other]] == [LAN, LAN, LAN, None, None]
    assert alleys(device)["Ngõ Hòa"].only_member == LAN
    assert assign_alley(device.database, NOW, VILLAGE, alleys(device)["Ngõ Hòa"].key, LAN) == 0, "nothing to change"
    with device.database.read() as session:
        waiting = list_waiting(session, 10)
    assert [one["body"] for one in waiting] == [{"assigned_to": LAN}] * 3


def test_a_house_that_is_new_in_an_alley_goes_to_whoever_has_it(device: VillageOnDevice) -> None:
    device.add_household("An", "Ngõ Đình", assigned_to=LAN)
    assert assigned(device, add_household(device.database, NOW, VILLAGE, "Bình", "Số 3, ngõ Đình")) == LAN
    device.add_household("Chi", "Ngõ Đình", assigned_to=SEN)
    assert assigned(device, add_household(device.database, NOW, VILLAGE, "Dung", "Ngõ Đình")) is None
    assert assigned(device, add_household(device.database, NOW, VILLAGE, "Em", "")) is None


def test_taking_an_alley_back_is_a_change_too(device: VillageOnDevice) -> None:
    home = device.add_household("An", "Ngõ Đình", assigned_to=LAN)
    assert assign_alley(device.database, NOW, VILLAGE, alleys(device)["Ngõ Đình"].key, None) == 1
    assert assigned(device, home) is None
