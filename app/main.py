"""Composes the app: place, file, way to the server, screens. Nothing is built when this module is imported."""

import random
from datetime import UTC, datetime

import flet as ft
import httpx

from app.device import Place, this_place
from app.store.database import Database, DatabaseDamaged, DatabaseTooNew
from app.store.pin import find_pin_due
from app.store.salvage import salvage
from app.store.sync_state import find_setting, find_sign_in
from app.sync.client import ServerClient
from app.sync.loop import QUIET_SECONDS, SyncLoop
from app.sync.status import SyncStatus
from app.ui import theme
from app.ui.app import App, NewerAppNeeded
from app.ui.attention import watch
from app.ui.components.navigation import home_of
from app.ui.early_list import EarlyList
from app.ui.flet_repairs import keep_parents
from app.ui.on_demand import import_by_and_by
from app.ui.state import AppState, Looks, Syncing, Window
from app.ui.texts import DEFAULT_LANGUAGE
from app.ui.workspace import Workspace


def now() -> datetime:
    return datetime.now(UTC)


async def open_database(place: Place) -> Database:
    """Open this place's file and migrate it. A damaged file is replaced by a new one with what can still be read.

    Raises `DatabaseTooNew` for a file of a newer program.
    """
    try:
        return Database(place.DATABASE)
    except DatabaseDamaged:
        await place.keep_damaged()
        database = salvage(place.DATABASE)
        await place.flush()
        return database


async def open_workspace(place: Place, quiet_seconds: float = QUIET_SECONDS) -> Workspace:
    """Open this place's file and build what the screens need. The loop syncs every `quiet_seconds`, or sooner."""
    database = await open_database(place)
    client = ServerClient(httpx.AsyncClient(transport=place.transport(), base_url=place.server_url()))
    with database.read() as session:
        looks = Looks(find_setting(session, "language") or DEFAULT_LANGUAGE, locked=find_pin_due(session))
    state, syncing = AppState(), Syncing()

    def on_change(status: SyncStatus, rows_changed: bool) -> None:
        syncing.status = status
        if rows_changed:
            state.revision += 1

    # The spread of retries needs no secrecy.
    loop = SyncLoop(database, client, now, random.random, lambda: workspace.flush(), on_change, quiet_seconds)
    workspace = Workspace(database, place, now, client, loop, state, looks, syncing)
    return workspace


def show(page: ft.Page, workspace: Workspace) -> None:
    """Draw the app on a page and keep it in step with the server."""
    keep_parents()
    page.title = "Từng Nhà"
    page.padding = 0
    page.theme = theme.app_theme(ft.Brightness.LIGHT)
    page.dark_theme = theme.app_theme(ft.Brightness.DARK)
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[ft.Locale("vi", "VN"), ft.Locale("en", "US")],
        current_locale=ft.Locale("vi", "VN") if workspace.looks.language == "vi" else ft.Locale("en", "US"),
    )

    async def measure(_event: object = None) -> None:
        workspace.looks.window = Window(page.width or 0, page.height or 0, workspace.place.text_scale())

    page.on_resize = measure
    workspace.place.on_text_scale(lambda: page.run_task(measure))  # drawing needs Flet's context, which a task has
    with workspace.database.read() as session:
        signed_in = find_sign_in(session)
    if page.route in {"", "/"} and signed_in:
        page.route = home_of(signed_in.role)
    workspace.looks.window = Window(page.width or 0, page.height or 0, workspace.place.text_scale())
    page.render(App, workspace)
    page.run_task(workspace.loop.run)
    if workspace.place.shows_early_list():
        early = EarlyList(workspace)
        workspace.saved = lambda: page.run_task(early.keep)
        workspace.saved()
    page.run_task(import_by_and_by)
    watch(page, workspace)
    workspace.place.on_online(workspace.loop.nudge)


async def main(page: ft.Page) -> None:
    """Show the app on this page, or that a newer version is needed."""
    try:
        workspace = await open_workspace(this_place())
    except DatabaseTooNew:
        page.render(NewerAppNeeded)
    else:
        show(page, workspace)


def run() -> None:
    """Start the app: on a phone, in the browser, or as a developer's window."""
    ft.run(main, assets_dir="assets", route_url_strategy=ft.RouteUrlStrategy.HASH, no_cdn=True)
