"""Whether somebody is there: after five minutes without a touch the PIN is asked again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import flet as ft

from app.store.pin import find_pin_due
from app.ui.workspace import Workspace
from survey.pin import was_away

LOOK_EVERY_SECONDS = 20
_SEEN_AGAIN = {ft.AppLifecycleState.SHOW, ft.AppLifecycleState.RESUME}


@dataclass
class Attention:
    """When somebody was last there. `lock` is called when it was too long ago."""

    clock: Callable[[], datetime]
    lock: Callable[[], object]
    last: datetime

    def look(self) -> None:
        """Lock if nobody was there for long, as time goes by and when the app is seen again."""
        if was_away(self.last, self.clock()):
            self.lock()

    def seen(self) -> None:
        """Somebody is there. A touch that comes too late locks first."""
        self.look()
        self.last = self.clock()


def watch(page: ft.Page, workspace: Workspace) -> None:
    """Lock the screens when nobody is there, on a device that has a PIN or must have one. Nothing that was typed is
    lost: a form keeps every tap."""

    def lock() -> None:
        if not workspace.looks.locked and workspace.read(find_pin_due):
            workspace.looks.locked = True

    attention = Attention(workspace.clock, lock, workspace.clock())

    async def seen() -> None:
        attention.seen()

    notices = workspace.place.on_touch(lambda: page.run_task(seen))

    def turned(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in _SEEN_AGAIN:
            attention.look()
        elif not notices:
            attention.last = workspace.clock()

    async def look_again() -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            attention.look()

    page.on_app_lifecycle_state_change = turned
    if notices:
        page.run_task(look_again)
