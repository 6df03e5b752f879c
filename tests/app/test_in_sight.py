"""Which section of a scrolled body is in sight, counted from its end, whatever stands above the sections."""

import asyncio
from types import SimpleNamespace
from typing import Any

import flet as ft
from hypothesis import given
from hypothesis import strategies as st

from app.ui.components.in_sight import NEAR_THE_END, Scrolled, Section

GAP, BELOW, WINDOW = 5, 12, 700
HEIGHTS = st.lists(st.integers(40, 900), min_size=1, max_size=6)


def scrolled_body(heights: list[int], total: float = 3000) -> Scrolled:
    """A body with a section of each height, named by its number, as it was drawn."""
    scrolled = Scrolled(BELOW)
    shown: list[Any] = scrolled.show([Section(str(place)) for place in range(len(heights))], GAP)
    for section, height in zip(shown, heights, strict=True):
        asyncio.run(section.on_size_change(SimpleNamespace(height=height)))
    size: Any = SimpleNamespace(height=total)
    scrolled.measure(size)
    return scrolled


def at(offset: float, total: float, kind: ft.ScrollType = ft.ScrollType.UPDATE) -> Any:
    return SimpleNamespace(
        event_type=kind,
        pixels=offset,
        max_scroll_extent=total - WINDOW,
        extent_after=total - WINDOW - offset,
    )


@given(HEIGHTS, st.integers(0, 2000), st.integers(0, 6000))
def test_the_heading_is_that_of_the_section_at_the_edge(heights: list[int], above: int, offset: int) -> None:
    total = above + sum(heights) + GAP * (len(heights) - 1) + BELOW
    scrolled = scrolled_body(heights, total)
    scrolled.hear(at(offset, total))
    begins = [above + sum(heights[:place]) + GAP * place for place in range(len(heights))]
    passed = [str(place) for place, begin in enumerate(begins) if begin < offset]
    assert scrolled.heading.words == (passed[-1] if passed else "")


def test_more_is_asked_for_once_as_the_end_draws_near_and_again_when_it_has_come() -> None:
    scrolled, asked = scrolled_body([3000]), []
    scrolled.near_end = lambda: asked.append("more")
    for offset in (100, 3000 - WINDOW - NEAR_THE_END + 1, 2000, 2290):
        scrolled.hear(at(offset, 3000))
    assert asked == ["more"]
    scrolled.hear(at(2290, 5000))
    assert asked == ["more"]
    scrolled.hear(at(4000, 5000))
    assert asked == ["more", "more"]


def test_it_is_scrolled_back_once_all_is_drawn_unless_the_person_was_faster() -> None:
    def moves(*, touched: bool) -> list[float]:
        told: list[float] = []

        async def scroll_to(offset: float) -> None:
            told.append(offset)

        scrolled = Scrolled(BELOW, 900)
        first, second = scrolled.show([Section("a"), Section("b")], GAP)
        scrolled.column.current = column = ft.Column()
        object.__setattr__(column, "scroll_to", scroll_to)
        asyncio.run(first.on_size_change(SimpleNamespace(height=700)))  # type: ignore[attr-defined]
        assert told == []
        if touched:
            scrolled.hear(at(0, 1500, ft.ScrollType.USER))
        for _ in range(2):
            asyncio.run(second.on_size_change(SimpleNamespace(height=800)))  # type: ignore[attr-defined]
        return told

    assert moves(touched=False) == [900]
    assert moves(touched=True) == []


def test_where_scrolling_ended_is_told() -> None:
    scrolled, ended = scrolled_body([3000]), []
    scrolled.ended = ended.append
    scrolled.hear(at(411.6, 3000))
    scrolled.hear(at(412.3, 3000, ft.ScrollType.END))
    scrolled.hear(at(-8.0, 3000, ft.ScrollType.END))
    assert ended == [412, 0]
