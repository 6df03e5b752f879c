"""Keeps where the person is in the list of households, over the app's being closed or killed."""

import asyncio
from dataclasses import replace
from typing import Any

import flet as ft

from app.actions.settings import keep_list_place
from app.store.list_place import ListPlace, find_list_place
from app.ui.workspace import Workspace

REST = 1.0


class PlaceKeeper:
    """`place` is where the list is, at first where it was left, or what was searched before the app was there. It is
    written once it has not changed for a second, so that a letter typed costs nothing; the screens need not read again
    for it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.place = self._kept = workspace.read(find_list_place)
        if typed := workspace.place.early_search():
            self.place = ListPlace(self.place.shown, typed)

    def move(self, **changes: Any) -> None:
        """The list is elsewhere now: `changes` are fields of `ListPlace`."""
        place = replace(self.place, **changes)
        if place != self.place:
            self.place = place
            ft.context.page.run_task(self._keep)

    async def _keep(self) -> None:
        place = self.place
        await asyncio.sleep(REST)
        if place is self.place and place != self._kept:
            self._kept = place
            keep_list_place(self._workspace.database, place)
            await self._workspace.flush()
