"""What the app leaves with the page to show before Python has started: the list as it is, and nothing under a PIN."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.actions.pin import set_pin
from app.actions.responses import find_campaign, keep_draft, open_draft
from app.store.early_list import ASK_AGAIN, ASKED_FOR, BEGUN, FIRST, OPEN
from app.store.errands import list_errands, save_chosen_criterion
from app.store.household_list import list_households
from app.store.pin import KeptPin
from app.ui import early_list
from app.ui.early_list import EarlyList, make_early_list
from app.ui.state import AppState, Looks
from app.ui.workspace import Workspace
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.app.test_doors import doors
from tests.builders import NOW

__all__ = ["doors"]
COLUMNS = ("id", "village", "alley", "name", "address", "status", "outcome", "at", "marks")


class Kept:
    """A place that shows the list early: what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def keep_early_list(self, text: str) -> None:
        self.texts.append(text)


def workspace_of(device: VillageOnDevice) -> Workspace:
    place = cast(Any, Kept())
    nothing = cast(Any, SimpleNamespace())
    looks = Looks("vi")
    return Workspace(device.database, place, lambda: NOW, nothing, nothing, AppState(), looks, nothing)


def left(device: VillageOnDevice) -> dict[str, Any]:
    text = make_early_list(workspace_of(device))
    assert text is not None
    found: dict[str, Any] = json.loads(text)
    found["rows"] = [dict(zip(COLUMNS, row, strict=True)) for row in found["rows"]]
    return found


def test_the_rows_are_those_of_the_list_in_its_order(device: VillageOnDevice, doors: dict[str, str]) -> None:
    campaign = find_campaign(device.database)
    keep_draft(device.database, NOW, open_draft(device.database, NOW, doors["Phú"], campaign))
    rows = left(device)["rows"]
    with device.database.read() as session:
        for shown, has in (("open", lambda row: row["marks"] & OPEN), ("gone", lambda row: row["status"] == "moved")):
            listed = [one.id for one in list_households(session, [VILLAGE], shown=shown)]
            assert [row["id"] for row in rows if has(row)] == listed
    marks = {row["id"]: row["marks"] for row in rows}
    assert marks[doors["Phú"]] == BEGUN | OPEN | FIRST
    assert marks[doors["Em"]] == ASK_AGAIN | OPEN | FIRST
    assert marks[doors["Quý"]] == 0


def test_the_frame_is_that_of_the_list(device: VillageOnDevice, doors: dict[str, str]) -> None:
    found = left(device)
    assert found["title"] == "Thôn Đinh Xá"
    assert {part: count for part, _, count in found["chips"]}["open"] == 5
    assert found["places"][0][0] == "/households"
    assert set(found["alleys"].values()) == {"Ngõ Đình", "Ngõ Giếng"}
    assert set(found) <= {
        "version", "title", "subtitle", "progress", "progress_words", "shown", "offset", "villages", "alleys", "chips",
        "places", "words", "rows", "notices",
    }, "nothing that the list itself does not show"  # fmt: skip
    assert "+84" not in json.dumps(found)


def test_what_is_to_be_done_first_is_said(device: VillageOnDevice, doors: dict[str, str]) -> None:
    assert left(device)["notices"] == []
    measured = next(one for one in device.criteria_set.criteria if one.measure)
    with device.database.write() as session:
        save_chosen_criterion(session, VILLAGE, measured.no)
    found = left(device)
    [notice] = found["notices"]
    first = [row for row in found["rows"] if row["marks"] & ASKED_FOR]
    assert all(row["marks"] & FIRST for row in first)
    assert notice["icon"] == "first"
    assert notice["text"].startswith("Đi trước ")
    with device.database.read() as session:
        [errand] = list_errands(session, [VILLAGE])
    assert {row["id"] for row in first} == set(errand.households)
    assert set(errand.households) <= set(doors.values())


@pytest.mark.usefixtures("doors")
def test_nothing_is_left_under_a_pin(device: VillageOnDevice) -> None:
    set_pin(device.database, KeptPin(b"salt", 1, b"hash"))
    assert make_early_list(workspace_of(device)) is None


def test_nothing_is_left_of_an_empty_list(device: VillageOnDevice) -> None:
    assert make_early_list(workspace_of(device)) is None


@pytest.mark.usefixtures("doors")
def test_it_is_left_once_nothing_more_is_saved(device: VillageOnDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early_list, "REST", 0.01)
    workspace = workspace_of(device)
    early = EarlyList(workspace)

    async def three_saves() -> None:
        await asyncio.gather(early.keep(), early.keep(), early.keep())

    asyncio.run(three_saves())
    assert len(cast(Kept, workspace.place).texts) == 1
