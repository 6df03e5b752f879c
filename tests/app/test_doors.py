"""The list as a round of doors: what comes first, how many are left where, and which door is next."""

import pytest

from app.actions.responses import find_campaign, keep_draft, open_draft
from app.store.household_counts import count_by_filter, count_open_by_alley
from app.store.household_list import count_households, list_households
from app.store.next_door import find_next_door
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, a_response


def visited(outcome: str) -> dict[str, object]:
    body = a_response(outcome=outcome).model_dump(mode="json")
    return {"current": body, "visited_at": NOW.isoformat(), "visited_by": "Lan"}


@pytest.fixture
def doors(device: VillageOnDevice) -> dict[str, str]:
    """Two alleys: five doors to be done, one of them mine, and three that are done or gone."""
    return {
        "An": device.add_household("Lê Văn An", "Ngõ Đình"),
        "Bình": device.add_household("Đỗ Thị Bình", "Ngõ Đình", assigned_to=device.member),
        "Cúc": device.add_household("Vũ Thị Cúc", "Ngõ Giếng", **visited("absent")),
        "Dũng": device.add_household("Vũ Văn Dũng", "Số 4, ngõ giếng"),
        "Em": device.add_household("Vũ Văn Em", "Ngõ Giếng", **visited("completed"), ask_again=True),
        "Phú": device.add_household("Vũ Văn Phú", "Ngõ Giếng", **visited("completed")),
        "Quý": device.add_household("Vũ Văn Quý", "Ngõ Giếng", **visited("refused")),
        "Sơn": device.add_household("Vũ Văn Sơn", "Ngõ Giếng", status="moved"),
    }


def order(device: VillageOnDevice, shown: str = "open") -> list[str]:
    with device.database.read() as session:
        return [row.head_name.split()[-1] for row in list_households(session, [VILLAGE], shown=shown)]


def test_each_part_of_the_list_counts_what_it_lists(device: VillageOnDevice, doors: dict[str, str]) -> None:
    with device.database.read() as session:
        sizes = count_by_filter(session, [VILLAGE])
        assert sizes == {shown: count_households(session, [VILLAGE], shown=shown) for shown in sizes}
    assert sizes == {"waiting": 0, "to_fix": 1} | {
        "open": 5, "refused": 1, "absent": 1, "visited": 2, "mine": 1, "gone": 1, "all": len(doors) - 1
    }  # fmt: skip


@pytest.mark.usefixtures("doors")
def test_all_spellings_of_an_alley_are_counted_as_one(device: VillageOnDevice) -> None:
    with device.database.read() as session:
        assert sorted(count_open_by_alley(session, [VILLAGE]).values()) == [2, 3]


def test_what_was_begun_comes_first_even_where_it_was_done(device: VillageOnDevice, doors: dict[str, str]) -> None:
    assert order(device) == ["Em", "An", "Bình", "Cúc", "Dũng"], "who is to be asked again; then alley by alley"
    campaign = find_campaign(device.database)
    keep_draft(device.database, NOW, open_draft(device.database, NOW, doors["Phú"], campaign))
    assert order(device) == ["Em", "Phú", "An", "Bình", "Cúc", "Dũng"]


def test_the_next_door_is_the_next_of_the_list_and_after_its_end_the_first(
    device: VillageOnDevice, doors: dict[str, str]
) -> None:
    def after(name: str) -> str | None:
        with device.database.read() as session:
            found = find_next_door(session, doors[name])
        return found[1].split()[-1] if found else None

    assert [after(name) for name in ("An", "Bình", "Cúc", "Phú", "Dũng")] == ["Bình", "Cúc", "Em", "Dũng", "An"]
    for name in ("An", "Bình", "Cúc", "Em"):
        device.receive("household", doors[name], {"head_name": name, "address": "Ngõ Đình", **visited("completed")})
    assert after("Dũng") is None
