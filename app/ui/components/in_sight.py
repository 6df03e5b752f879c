"""How far the body of a screen is scrolled: which of its sections is in sight, and whether its end is near."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import flet as ft

from app.ui import theme

NEAR_THE_END = 800
SCROLL_INTERVAL_MS = 50


@dataclass(frozen=True)
class Section:
    """Lines under one heading; empty words are a section without one."""

    words: str
    lines: list[ft.Control] = field(default_factory=list)


@ft.observable
@dataclass
class Heading:
    """The heading of the section at the upper edge of the body; empty while what is above all sections is there."""

    words: str = ""


class Scrolled:
    """Follows the body of one screen, which ends with sections and `below` pixels under them.

    Where a section begins is counted from the end of the body: what stands above the sections may be as high as it
    likes, and so may the letters, since the heights are those that were drawn. `wanted` is how far to scroll as soon as
    the sections are drawn; what the person scrolls comes first.
    """

    def __init__(self, below: float, wanted: float = 0) -> None:
        self.column: ft.Ref[ft.Column] = ft.Ref()
        self.heading = Heading()
        self.near_end: Callable[[], Any] = lambda: None
        self.ended: Callable[[float], Any] = lambda _offset: None
        self._below, self._wanted = below, wanted
        self._gap: float = 0
        self._words: list[str] = []
        self._heights: dict[int, float] = {}
        self._total: float = 0
        self._offset: float = 0
        self._extent_told = -1.0

    def show(self, sections: list[Section], gap: int) -> list[ft.Control]:
        """The sections as parts of the body, `gap` apart."""
        self._gap, self._words = gap, [section.words for section in sections]
        self._heights = {place: self._heights[place] for place in range(len(sections)) if place in self._heights}
        return [self._drawn(place, section) for place, section in enumerate(sections)]

    def _drawn(self, place: int, section: Section) -> ft.Control:
        async def measure(event: ft.LayoutSizeChangeEvent[Any]) -> None:
            self._heights[place] = event.height
            self._say()
            if self._wanted and len(self._heights) == len(self._words) and self.column.current:
                wanted, self._wanted = self._wanted, 0
                await self.column.current.scroll_to(offset=wanted)

        title = [heading(section.words)] if section.words else []
        lines = ft.Column(
            [*title, *section.lines], spacing=self._gap, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
        return ft.Container(lines, on_size_change=measure)

    def measure(self, event: ft.LayoutSizeChangeEvent[Any]) -> None:
        """Take note of how high the whole body is."""
        self._total = event.height
        self._say()

    def hear(self, event: ft.OnScrollEvent) -> None:
        """Take note of where the body is scrolled to."""
        if event.event_type is ft.ScrollType.USER:
            self._wanted = 0
        self._offset = event.pixels
        self._say()
        if event.extent_after < NEAR_THE_END and event.max_scroll_extent != self._extent_told:
            self._extent_told = event.max_scroll_extent
            self.near_end()
        if event.event_type is ft.ScrollType.END:
            self.ended(max(0, round(event.pixels)))

    def _say(self) -> None:
        steps = [self._heights.get(place, 0) + self._gap for place in range(len(self._words))]
        begin = self._total - self._below + self._gap - sum(steps)
        begins = list(accumulate(steps[:-1], initial=begin))
        above = bisect_left(begins, self._offset) - 1  # the last section that begins above the edge
        self.heading.words = self._words[above] if 0 <= above < len(self._words) else ""


def heading(words: str) -> ft.Control:
    """The heading of a section, in its place."""
    return ft.Semantics(header=True, content=ft.Container(_words(words), padding=ft.Padding(4, 6, 4, 0)))


@ft.component
def HeadingInSight(of: Heading, side: float) -> ft.Control:
    """The heading of the section in sight, over the body. It is not said: it is said where it stands in the list."""
    now, _ = ft.use_state(of)
    bar = ft.Container(
        _words(now.words),
        padding=ft.Padding(side + 4, 8, side + 4, 8),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border=ft.Border(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )
    return ft.Semantics(exclude_semantics=True, content=bar, visible=bool(now.words))


def _words(words: str) -> ft.Text:
    return ft.Text(words, size=theme.SMALL + 1, weight=ft.FontWeight.W_600, color=ft.Colors.ON_SURFACE_VARIANT)
