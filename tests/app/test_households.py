"""The household list of a device: found however it is typed, sorted as people sort, never a thousand lines at once."""

import flet as ft
import pytest

from app.store.household_list import count_households, list_households
from app.ui.components.visit_state import visit_state
from app.ui.texts import Texts
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


def test_who_left_is_not_on_the_way_but_found_by_search_and_a_filter_of_their_own(device: VillageOnDevice) -> None:
    device.add_household("Nguyễn Văn Đi", status="moved", current={"outcome": "completed"})
    device.add_household("Nguyễn Văn Trống", status="vacant", current={"outcome": "vacant"})
    device.add_household("Nguyễn Văn Ở")
    assert names(device) == names(device, shown="open") == ["Nguyễn Văn Ở"]
    assert names(device, shown="visited") == []
    assert names(device, shown="gone") == ["Nguyễn Văn Đi", "Nguyễn Văn Trống"]
    assert names(device, "văn đi") == ["Nguyễn Văn Đi"]
    assert names(device, "văn đi", shown="open") == []
    with device.database.read() as session:
        assert count_households(session, [VILLAGE], shown="gone") == 2
        assert count_households(session, [VILLAGE]) == 1


@pytest.mark.parametrize(("status", "words"), [("moved", "Đã chuyển đi"), ("vacant", "Nhà bỏ trống")])
def test_who_left_is_shown_with_it_in_a_weak_colour(device: VillageOnDevice, status: str, words: str) -> None:
    device.add_household("Nguyễn Văn Đi", status=status, current={"outcome": "completed"}, visited_at=NOW.isoformat())
    device.add_household("Nguyễn Văn Mới", status=status)
    with device.database.read() as session:
        for row in list_households(session, [VILLAGE], shown="gone"):
            _, said, colour = visit_state(Texts("vi"), row)
            assert said == words, "the day of the visit is not that of the departure"
            assert colour == ft.Colors.OUTLINE


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
