"""Before a household is added or corrected: the one of the village that is likely the same."""

import random

from app.store.households import save_households
from app.store.same_door import SameDoor, find_same_door
from app.store.stream import save_stream_rows
from survey.vietnamese import fold
from survey.wire import StreamItem
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import an_id


def find(device: VillageOnDevice, name: str, address: str, but: str = "") -> SameDoor | None:
    with device.database.read() as session:
        return find_same_door(session, VILLAGE, name, address, but)


def test_the_same_door_is_found_however_it_is_written(device: VillageOnDevice) -> None:
    there = device.add_household("Nguyễn Văn Đức", "Số 12, Ngõ Đình")
    found = find(device, "NGUYEN VAN DUC", "ngo dinh")
    assert found == SameDoor(there, "Nguyễn Văn Đức", "Số 12, Ngõ Đình")
    assert find(device, "Nguyễn Văn Đức", "Ngõ Đình", but=there) is None, "no household is its own double"
    assert find(device, "Nguyễn Văn Đạt", "Ngõ Đình") is None
    assert find(device, "Nguyễn Văn Đức", "Ngõ Chùa") is None
    assert find(device, "", "Ngõ Đình") is None


def test_a_household_that_moved_away_is_found_when_it_comes_back(device: VillageOnDevice) -> None:
    there = device.add_household("Trần Thị Hoà", "Xóm 2", status="moved")
    found = find(device, "Trần Thị Hòa", "Xóm 2")
    assert found is not None
    assert found.id == there


def test_it_is_found_among_1200_households(device: VillageOnDevice) -> None:
    choose = random.Random(7)
    last = ["An", "Bình", "Cường", "Đức", "Giang", "Hoà", "Lan", "Minh", "Tuyết", "Xuân"]
    bodies = [
        {
            "head_name": f"Nguyễn Văn {choose.choice(last)}",
            "address": f"Ngõ {choose.randint(1, 40)}",
            "status": "active",
        }
        for _ in range(1200)
    ]
    rows = [
        StreamItem(seq=seq, kind="household", subject=an_id(), body=body) for seq, body in enumerate(bodies, start=1)
    ]
    with device.database.write() as session:
        save_stream_rows(session, VILLAGE, rows)
        save_households(session, VILLAGE, rows)
    device.add_household("Lò Thị Ánh", "Ngõ 7")
    assert find(device, fold("Lò Thị Ánh"), "ngõ 7") is not None
    assert find(device, "Nguyễn Văn Đức Anh", "Ngõ 7") is None
