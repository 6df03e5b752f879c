"""The frame of every screen: a top bar, a body that scrolls, and at most one primary action at the bottom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.in_sight import SCROLL_INTERVAL_MS, HeadingInSight, Scrolled
from app.ui.components.navigation import Navigation
from app.ui.state import NARROW, Window
from app.ui.workspace import use_window

READING_WIDTH = 720
EDGE = 12


def screen(
    title: str,
    body: list[ft.Control],
    *,
    back: Callable[[Any], Any] | None = None,
    back_label: str = "",
    actions: list[ft.Control] | None = None,
    bottom: ft.Control | None = None,
    navigation: Navigation | None = None,
    banner: ft.Control | None = None,
    width: int = READING_WIDTH,
    gap: int = theme.GAP,
    subtitle: str = "",
    scroller: ft.Ref[ft.Column] | None = None,
    scrolled: Scrolled | None = None,
) -> ft.Control:
    """A whole screen. `bottom` stays in sight under the scrolling body, whose parts are `gap` apart; `EDGE` pixels are
    above and below them. Through `scroller` the body can be scrolled; `scrolled` follows it, and its heading stands
    over it. In a low window everything scrolls, and the places are a menu at the top."""
    start = [icon_button(ft.Icons.ARROW_BACK, back_label, back)] if back is not None else []
    content = ft.Column(body, spacing=gap, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    top = _Top(title, subtitle, start, actions or [], navigation)
    return _Frame(top, content, banner, bottom, width, scroller, scrolled)


@dataclass(frozen=True)
class _Top:
    """What the top bar shows. `start` stands before the title, the rest after it."""

    title: str
    subtitle: str
    start: list[ft.Control]
    actions: list[ft.Control]
    navigation: Navigation | None


@ft.component
def _Frame(
    top: _Top,
    body: ft.Control,
    banner: ft.Control | None,
    bottom: ft.Control | None,
    width: int,
    scroller: ft.Ref[ft.Column] | None,
    followed: Scrolled | None,
) -> ft.Control:
    """Every part has its place once where it stays in sight and once where it scrolls. So the body is never put
    elsewhere: when the phone is turned, what is open or half typed in it stays."""
    window = use_window()
    side = max(16, (int(window.width) - width) // 2)
    bar = _top_bar(top, window)
    end = ft.Container(bottom, padding=ft.Padding(side, 8, side, 12)) if bottom is not None else None
    places = top.navigation.bar() if top.navigation is not None else None

    def place(part: ft.Control | None, *, shown: bool) -> ft.Control:
        return ft.Container(part if shown else None)

    scrolled = ft.Column(
        [
            place(bar, shown=window.low),
            place(banner, shown=window.low),
            ft.Container(body, padding=ft.Padding(side, EDGE, side, EDGE)),
            place(end, shown=window.low),
        ],
        spacing=0,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    parts = [
        place(bar, shown=not window.low),
        place(banner, shown=not window.low),
        _Scrolling(scrolled, scroller, followed, side),
        place(end, shown=not window.low),
        place(places, shown=not window.low),
    ]
    return ft.SafeArea(
        ft.Column(parts, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH), expand=True
    )


@ft.component
def _Scrolling(
    content: ft.Control, scroller: ft.Ref[ft.Column] | None, followed: Scrolled | None, side: float
) -> ft.Control:
    """The content with room to scroll, always one pixel more than there is to see.

    In the browser the names that a screen reader says stay where they were when scrolled content becomes so short
    that nothing is left to scroll: they then answer for what is drawn elsewhere. Here that moment never comes.
    """
    height, set_height = ft.use_state(0.0)
    least = ft.Container(height=height + 1)
    measured = ft.Container(content, on_size_change=followed.measure if followed else None)
    column = ft.Column(
        [ft.Stack([least, measured])],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ref=followed.column if followed else scroller,
        on_scroll=followed.hear if followed else None,
        scroll_interval=SCROLL_INTERVAL_MS,
    )
    over: list[ft.Control] = []
    if followed is not None:
        over = [ft.Container(HeadingInSight(followed.heading, side), left=0, top=0, right=0)]
    shown = ft.Stack([column, *over], fit=ft.StackFit.EXPAND)
    return ft.Container(shown, expand=True, on_size_change=lambda event: set_height(event.height))


def _top_bar(top: _Top, window: Window) -> ft.Control:
    """Back, title, actions in one line; in a narrow window the title stands below."""
    heading: ft.Control = ft.Semantics(
        header=True, content=ft.Text(top.title, size=theme.TITLE - 2, weight=ft.FontWeight.W_600)
    )
    if top.subtitle:
        heading = ft.Column([heading, ft.Text(top.subtitle, size=theme.SMALL)], spacing=0, tight=True)
    named = ft.Container(heading, expand=True)
    menu = [top.navigation.menu()] if top.navigation is not None and window.low else []
    after = [*top.actions, *menu]
    least = ft.Container(height=theme.TOUCH)  # a title alone makes the bar no lower
    if window.narrow and (top.start or after):
        tools = ft.Row([*top.start, ft.Container(expand=True), *after], spacing=4)
        content: ft.Control = ft.Column([tools, ft.Container(heading, padding=ft.Padding(8, 0, 8, 4))], spacing=0)
    else:
        content = ft.Row([*top.start, named, least, *after], spacing=4, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    return ft.Container(
        content,
        padding=ft.Padding(8 if top.start or window.narrow else 16, 8, 8, 8),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
    )


@ft.component
def SideBySide(parts: list[ft.Control], grow: int | None = None, spacing: int = 8, least: int = NARROW) -> ft.Control:
    """The parts in one row, or below each other where there are fewer than `least` pixels for words of ordinary size.
    All share the width, or the one at `grow` has what the others leave."""
    window = use_window()
    if window.width / window.scale < least:
        below: list[ft.Control] = [ft.Container(part) for part in parts]
        return ft.Column(below, spacing=spacing, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    row: list[ft.Control] = [
        ft.Container(part, expand=grow is None or grow == place or None) for place, part in enumerate(parts)
    ]
    return ft.Row(row, spacing=spacing)


def icon_button(icon: ft.IconData, label: str, on_click: Callable[[Any], Any]) -> ft.Control:
    """A button with only an icon; the label is the tooltip and what a screen reader says."""
    return ft.IconButton(
        ft.Icon(icon, semantics_label=label), tooltip=label, on_click=on_click, width=theme.TOUCH, height=theme.TOUCH
    )


def primary_button(
    label: str, on_click: Callable[[Any], Any] | None, *, icon: ft.IconData | None = None, disabled: bool = False
) -> ft.Control:
    """The one thing to do on a screen: as wide as the screen, at least 56 px high."""
    return ft.Row(
        [
            ft.FilledButton(
                content=_words(label),
                icon=icon,
                on_click=on_click,
                disabled=disabled,
                expand=True,
                style=ft.ButtonStyle(
                    text_style=theme.label_style(theme.LARGE, bold=True), padding=ft.Padding(20, 16, 20, 16)
                ),
            )
        ]
    )


def secondary_button(
    label: str, on_click: Callable[[Any], Any] | None, *, icon: ft.IconData | None = None, disabled: bool = False
) -> ft.OutlinedButton:
    """A button for any other action; as easy to hit as the primary one, but less prominent."""
    return ft.OutlinedButton(
        content=_words(label),
        icon=icon,
        on_click=on_click,
        disabled=disabled,
        style=ft.ButtonStyle(text_style=theme.label_style(theme.BODY), padding=ft.Padding(20, 14, 20, 14)),
    )


def quiet_button(label: str, on_click: Callable[[Any], Any] | None, *, disabled: bool = False) -> ft.TextButton:
    """A button for what is seldom wanted, without a border; as easy to hit as the others."""
    return ft.TextButton(
        content=_words(label),
        on_click=on_click,
        disabled=disabled,
        style=ft.ButtonStyle(text_style=theme.label_style(theme.BODY), padding=ft.Padding(14, 14, 14, 14)),
    )


def _words(label: str) -> ft.Control:
    """What stands on a button. Padding makes the button high enough, not a height: the words may grow and wrap."""
    return ft.Text(label, text_align=ft.TextAlign.CENTER)


def panel(content: ft.Control, *, colour: ft.ColorValue = ft.Colors.SURFACE_CONTAINER_LOW) -> ft.Control:
    """A block of things that belong together."""
    return ft.Container(content, padding=16, border_radius=16, bgcolor=colour)


def notice(text: str, *, icon: ft.IconData, warn: bool = False, action: ft.Control | None = None) -> ft.Control:
    """A sentence that must be seen, with the next step."""
    colour = ft.Colors.ON_ERROR_CONTAINER if warn else ft.Colors.ON_SECONDARY_CONTAINER
    sentence = ft.Text(text, size=theme.BODY, color=colour)
    body: ft.Control = ft.Column([sentence, action], spacing=8, tight=True) if action else sentence
    body.expand = True
    return ft.Container(
        ft.Row([ft.Icon(icon, color=colour), body], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=16,
        border_radius=16,
        bgcolor=ft.Colors.ERROR_CONTAINER if warn else ft.Colors.SECONDARY_CONTAINER,
    )


def paragraph(text: str, *, size: int = theme.BODY, weak: bool = False, bold: bool = False) -> ft.Text:
    return ft.Text(
        text,
        size=size,
        color=ft.Colors.ON_SURFACE_VARIANT if weak else None,
        weight=ft.FontWeight.W_600 if bold else None,
    )
