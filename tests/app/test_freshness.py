"""A household that was surveyed too long ago is open again, until it is visited."""

from datetime import datetime, timedelta
from typing import Any

import flet as ft
import pytest

from app.actions.responses import find_campaign, open_draft, record_response
from app.store.household_counts import count_by_filter, count_open_by_alley
from app.store.household_list import count_households, find_listed, list_households
from app.store.next_door import find_next_door
from app.store.rounds import find_fresh_since
from app.ui.components.visit_state import visit_state
from app.ui.texts import Texts
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, a_response, a_round, an_id

DAYS = 365


def surveyed(at: datetime, outcome: str = "completed") -> dict[str, Any]:
    body = a_response(outcome=outcome).model_dump(mode="json") | {"id": an_id()}
    return {"current": body, "visited_at": at.isoformat(), "visited_by": "Lan"}


def hold(device: VillageOnDevice, days: int | None) -> None:
    changes = {"criteria_set": device.criteria_set.code, "answers_hold_days": days}
    survey_round = a_round(**changes)
    device.receive("round", survey_round.id, survey_round.model_dump(mode="json"))


@pytest.fixture
def homes(device: VillageOnDevice) -> dict[str, str]:
    """One surveyed a day too early, one whose answers hold for one more second, one that refused, one never met, and
    one that has left."""
    too_old, just_held = NOW - timedelta(days=DAYS + 1), NOW - timedelta(days=DAYS, seconds=-1)
    hold(device, DAYS)
    return {
        "An": device.add_household("Lê Văn An", **surveyed(too_old)),
        "Bình": device.add_household("Lê Văn Bình", **surveyed(just_held)),
        "Cúc": device.add_household("Lê Thị Cúc", **surveyed(too_old, "refused")),
        "Dũng": device.add_household("Lê Văn Dũng"),
        "Giang": device.add_household("Lê Văn Giang", status="moved", **surveyed(too_old)),
    }


def fresh_since(device: VillageOnDevice, at: datetime = NOW) -> datetime | None:
    with device.database.read() as session:
        return find_fresh_since(session, at)


def names(device: VillageOnDevice, shown: str, at: datetime = NOW) -> list[str]:
    with device.database.read() as session:
        rows = list_households(session, [VILLAGE], shown=shown, fresh_since=find_fresh_since(session, at))
        return [row.head_name.split()[-1] for row in rows]


@pytest.mark.usefixtures("homes")
def test_it_comes_back_to_the_open_doors_and_is_counted_there(device: VillageOnDevice) -> None:
    assert names(device, "open") == ["An", "Dũng"]
    assert names(device, "visited") == ["Bình", "Cúc"]
    assert names(device, "open", NOW + timedelta(seconds=2)) == ["An", "Bình", "Dũng"]
    since = fresh_since(device)
    with device.database.read() as session:
        sizes = count_by_filter(session, [VILLAGE], since)
        assert sizes == {shown: count_households(session, [VILLAGE], shown=shown, fresh_since=since) for shown in sizes}
        assert (sizes["open"], sizes["visited"], sizes["gone"]) == (2, 2, 1)
        assert list(count_open_by_alley(session, [VILLAGE], since).values()) == [2]


@pytest.mark.usefixtures("homes")
def test_where_answers_hold_for_ever_nothing_comes_back(device: VillageOnDevice) -> None:
    hold(device, None)
    assert fresh_since(device) is None
    assert names(device, "open") == ["Dũng"]


def test_it_is_the_next_door_and_says_since_when(device: VillageOnDevice, homes: dict[str, str]) -> None:
    since = fresh_since(device)
    with device.database.read() as session:
        assert find_next_door(session, homes["Dũng"], since) == (homes["An"], "Lê Văn An")
        assert find_next_door(session, homes["Dũng"]) is None
        listed = find_listed(session, homes["An"], since)
        held = find_listed(session, homes["Bình"], since)
        left = find_listed(session, homes["Giang"], since)
    assert listed is not None
    assert held is not None
    assert left is not None
    assert (listed.is_visited, held.is_visited) == (False, True)
    t = Texts("vi")
    day = t.day(NOW - timedelta(days=DAYS + 1))
    assert visit_state(t, listed)[:2] == (ft.Icons.HISTORY, f"Đã khảo sát {day} · cần hỏi lại")
    assert "cần hỏi lại" not in visit_state(t, held)[1] + visit_state(t, left)[1]


def test_a_visit_makes_it_fresh_before_any_sync(device: VillageOnDevice, homes: dict[str, str]) -> None:
    campaign = find_campaign(device.database)
    draft = open_draft(device.database, NOW, homes["An"], campaign).agree(False, NOW)
    record_response(device.database, NOW, draft, campaign)
    assert names(device, "open") == ["Dũng"]
