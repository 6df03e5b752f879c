"""What is rehearsed while a snapshot is made is what a start, a household and its form ask."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import flet as ft
import pytest
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.actions.responses import find_campaign, open_draft
from app.rehearsal import rehearse
from app.store.database import Database
from app.ui.screens.household import HouseholdScreen
from app.ui.screens.households import HouseholdsScreen
from app.ui.state import AppState, Looks, Syncing
from app.ui.workspace import Workspace, WorkspaceContext
from tests.app.conftest import VillageOnDevice
from tests.builders import NOW

pytestmark = pytest.mark.anyio


def compiled(database: Database) -> set[Any]:
    return set(database._engine._compiled_cache)


@pytest.fixture
def rehearsed() -> None:
    rehearse()


async def draw(workspace: Workspace, component: Any) -> None:
    """Draw a screen for a client that hears nothing."""
    client = Connection()
    client.pubsubhub = PubSubHub()
    client.loop = asyncio.get_running_loop()
    client.send_message = lambda _message: None  # type: ignore[method-assign]
    session = Session(client)
    _context_page.set(session.page)
    session.page.render(ft.component(lambda: WorkspaceContext(workspace, component)))
    session.get_page_patch()


@pytest.mark.parametrize("component", [HouseholdsScreen, HouseholdScreen])
async def test_the_screens_of_a_start_ask_what_was_rehearsed(
    rehearsed: None, device: VillageOnDevice, component: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = device.add_household("Lê Văn An")
    monkeypatch.setattr(ft, "use_route_params", lambda: {"household": home})
    place = SimpleNamespace(
        early_search=str,
        on_early_search=len,
        storage_state=lambda: "ready",
        storage_note=lambda: None,
        room=lambda: None,
        forgets_after_days=lambda: None,
        is_update_ready=lambda: False,
    )
    some = cast(Any, place)
    workspace = Workspace(device.database, some, lambda: NOW, some, some, AppState(), Looks("vi"), Syncing())
    known = compiled(device.database)
    await draw(workspace, component)
    new = compiled(device.database) - known
    assert len(new) == 0, f"{len(new)} statements are compiled at the first start"


def test_the_form_asks_what_was_rehearsed(rehearsed: None, device: VillageOnDevice) -> None:
    home = device.add_household("Lê Văn An")
    known = compiled(device.database)
    open_draft(device.database, NOW, home, find_campaign(device.database))
    assert compiled(device.database) == known


def test_a_rehearsal_leaves_nothing_in_the_file(rehearsed: None, device: VillageOnDevice) -> None:
    with device.database.read() as session:
        tables = session.connection().exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        for table in tables.all():
            rows = session.connection().exec_driver_sql(f"SELECT * FROM {table}").all()
            assert "-000000000004" not in repr(rows), table
    Database(device.database.path.with_name("other.db")).close()
