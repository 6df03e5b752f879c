"""The household list of a device: found however it is typed, sorted as people sort, never a thousand lines at once."""

import pytest

from app.store.households import count_households, list_households
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW


def names(device: VillageOnDevice, search: str = "", shown: str = "all", **more: int) -> list[str]:
    with device.database.read() as session:
        return [row.head_name for row in list_households(session, [VILLAGE], search, shown, **more)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("duc", "Nguyễn Văn Đức"),
        ("ĐỨC", "Nguyễn Văn Đức"),
        ("đư", "Nguyễn Văn Đức"),
        ("nvđ", "Nguyễn Văn Đức"),
        ("hoà", "Trần Thị Hòa"),
        ("Hòa", "Trần Thị Hòa"),
        ("hoa tran", "Trần Thị Hòa"),
        ("345 678", "Lê Quang Thủy"),
        ("678", "Lê Quang Thủy"),
        ("xom dinh", "Lê Quang Thủy"),
    ],
)
def test_a_household_is_found_however_it_is_typed(device: VillageOnDevice, typed: str, found: str) -> None:
    device.add_household("Nguyễn Văn Đức")
    device.add_household("Trần Thị Hòa")
    device.add_household("Lê Quang Thủy", "Xóm Đình", phone="+84912345678")
    assert names(device, typed) == [found]


def test_signs_of_a_pattern_are_plain_letters_in_a_search(device: VillageOnDevice) -> None:
    device.add_household("Nguyễn Văn Đức")
    assert names(device, "%") == []
    assert names(device, "_") == []


def test_the_list_goes_by_alley_then_by_given_name(device: VillageOnDevice) -> None:
    for name, alley in (("Lê Văn Ước", "Xóm 1"), ("Vũ Thị Ánh", "Xóm 2"), ("Phạm Đình An", "Xóm 1")):
        device.add_household(name, alley)
    device.add_household("Bùi Thị Ẩn", "Xóm 1")
    assert names(device) == ["Phạm Đình An", "Bùi Thị Ẩn", "Lê Văn Ước", "Vũ Thị Ánh"]


def test_a_page_is_a_page(device: VillageOnDevice) -> None:
    for number in range(7):
        device.add_household(f"Nguyễn Văn An {number}")
    assert len(names(device, limit=5)) == 5
    assert len(names(device, limit=5, offset=5)) == 2
    with device.database.read() as session:
        assert count_households(session, [VILLAGE]) == 7


def test_houses_that_stand_empty_are_not_in_the_list(device: VillageOnDevice) -> None:
    device.add_household("Nguyễn Văn Đi", status="moved")
    device.add_household("Nguyễn Văn Ở")
    assert names(device) == ["Nguyễn Văn Ở"]


def test_the_filters_tell_who_was_met(device: VillageOnDevice) -> None:
    device.add_household("Nguyễn Văn Mới")
    device.add_household("Nguyễn Văn Xong", current={"outcome": "completed"}, visited_at=NOW.isoformat())
    device.add_household("Nguyễn Văn Vắng", current={"outcome": "absent"}, visited_at=NOW.isoformat())
    device.add_household(
        "Nguyễn Văn Thôi", current={"outcome": "refused"}, visited_at=NOW.isoformat(), status="refused"
    )
    assert set(names(device, shown="visited")) == {"Nguyễn Văn Xong", "Nguyễn Văn Thôi"}
    assert set(names(device, shown="open")) == {"Nguyễn Văn Mới", "Nguyễn Văn Vắng"}
    assert names(device, shown="waiting") == []


def test_a_later_state_replaces_the_earlier_one_and_a_removed_subject_goes(device: VillageOnDevice) -> None:
    identity = device.add_household("Nguyễn Văn Cũ")
    device.receive("household", identity, {"head_name": "Nguyễn Văn Mới", "status": "active"})
    assert names(device) == ["Nguyễn Văn Mới"]
    device.receive("household", identity, None)
    assert names(device) == []
