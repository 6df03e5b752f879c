"""Controls that are kept while what they show stays the same: Flet passes over a control that it knows already."""

from collections.abc import Callable, Hashable

import flet as ft


class Retained:
    """The controls of one component, by their places in what it drew last.

    A control is given out again at the same place only, and only to the next drawing: Flet moves the identity of what
    stood at a place to what stands there now, so the same control at two places would answer for the wrong one.
    """

    def __init__(self) -> None:
        self._before: dict[Hashable, tuple[Hashable, ft.Control]] = {}
        self._now: dict[Hashable, tuple[Hashable, ft.Control]] = {}

    def begin(self) -> None:
        """Call once at each drawing, before the first `at`."""
        self._before, self._now = self._now, {}

    def at(self, place: Hashable, shows: Hashable, make: Callable[[], ft.Control]) -> ft.Control:
        """The control of this place: the one that stood there if it shows the same, else a new one."""
        kept = self._before.get(place)
        self._now[place] = kept if kept is not None and kept[0] == shows else (shows, make())
        return self._now[place][1]
