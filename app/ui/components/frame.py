"""The frame of every screen: a top bar, a body that scrolls, and at most one primary action at the bottom."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme

READING_WIDTH = 720


def screen(
    title: str,
    body: list[ft.Control],
    *,
    back: Callable[[Any], Any] | None = None,
    back_label: str = "",
    actions: list[ft.Control] | None = None,
    bottom: ft.Control | None = None,
    navigation: ft.Control | None = None,
    banner: ft.Control | None = None,
    width: int = READING_WIDTH,
    scroll: bool = True,
    gap: int = theme.GAP,
    subtitle: str = "",
    scroller: ft.Ref[ft.Column] | None = None,
) -> ft.Control:
    """A whole screen. `bottom` stays in sight under the scrolling body, whose parts are `gap` apart. Through `scroller`
    the body can be scrolled."""
    parts: list[ft.Control] = [_top_bar(title, subtitle, back, back_label, actions or [])]
    if banner is not None:
        parts.append(banner)
    side = _side(width)
    content: ft.Control = ft.Column(
        body, spacing=gap, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, expand=not scroll
    )
    content = _Scrolling(content, scroller) if scroll else content
    parts.append(ft.Container(content, padding=ft.Padding(side, 12, side, 12), expand=True))
    if bottom is not None:
        parts.append(ft.Container(bottom, padding=ft.Padding(side, 8, side, 12)))
    if navigation is not None:
        parts.append(navigation)
    return ft.SafeArea(
        ft.Column(parts, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH), expand=True
    )


@ft.component
def _Scrolling(content: ft.Control, scroller: ft.Ref[ft.Column] | None = None) -> ft.Control:
    """The content with room to scroll, always one pixel more than there is to see.

    In the browser the names that a screen reader says stay where they were when scrolled content becomes so short
    that nothing is left to scroll: they then answer for what is drawn elsewhere. Here that moment never comes.
    """
    height, set_height = ft.use_state(0.0)
    least = ft.Container(height=height + 1)
    column = ft.Column(
        [ft.Stack([least, content])],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ref=scroller,
    )
    return ft.Container(column, expand=True, on_size_change=lambda event: set_height(event.height))


def _side(width: int) -> int:
    """The space left and right that keeps lines short enough to read on a wide screen."""
    page_width = int(ft.context.page.width or 0)
    return max(16, (page_width - width) // 2)


def _top_bar(
    title: str, subtitle: str, back: Callable[[Any], Any] | None, back_label: str, actions: list[ft.Control]
) -> ft.Control:
    start: list[ft.Control] = []
    if back is not None:
        start.append(icon_button(ft.Icons.ARROW_BACK, back_label, back))
    heading = ft.Semantics(
        header=True,
        content=ft.Text(
            title,
            size=theme.TITLE - 2,
            weight=ft.FontWeight.W_600,
            max_lines=1 if subtitle else 2,
            overflow=ft.TextOverflow.ELLIPSIS,
        ),
        expand=not subtitle,
    )
    named: ft.Control = heading
    if subtitle:
        named = ft.Column([heading, ft.Text(subtitle, size=theme.SMALL)], spacing=0, tight=True, expand=True)
    return ft.Container(
        ft.Row([*start, named, *actions], spacing=4, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        padding=ft.Padding(8 if start else 16, 6, 8, 6),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        height=64,
    )


def icon_button(icon: ft.IconData, label: str, on_click: Callable[[Any], Any]) -> ft.Control:
    """A button with only an icon; the label is the tooltip and what a screen reader says."""
    return ft.IconButton(
        ft.Icon(icon, semantics_label=label), tooltip=label, on_click=on_click, width=theme.TOUCH, height=theme.TOUCH
    )


def primary_button(
    label: str, on_click: Callable[[Any], Any] | None, *, icon: ft.IconData | None = None, disabled: bool = False
) -> ft.Control:
    """The one thing to do on a screen: as wide as the screen, 56 px high."""
    return ft.Row(
        [
            ft.FilledButton(
                content=label,
                icon=icon,
                on_click=on_click,
                disabled=disabled,
                height=theme.PRIMARY_HEIGHT,
                expand=True,
                style=ft.ButtonStyle(text_style=theme.label_style(theme.LARGE, bold=True)),
            )
        ]
    )


def secondary_button(
    label: str, on_click: Callable[[Any], Any] | None, *, icon: ft.IconData | None = None, disabled: bool = False
) -> ft.OutlinedButton:
    """A button for any other action; as easy to hit as the primary one, but less prominent."""
    return ft.OutlinedButton(
        content=label,
        icon=icon,
        on_click=on_click,
        disabled=disabled,
        height=theme.TOUCH + 4,
        style=ft.ButtonStyle(text_style=theme.label_style(theme.BODY)),
    )


def quiet_button(label: str, on_click: Callable[[Any], Any]) -> ft.TextButton:
    """A way that few need: it does not compete with what a screen is for."""
    return ft.TextButton(
        content=label,
        on_click=on_click,
        height=theme.TOUCH,
        style=ft.ButtonStyle(text_style=theme.label_style(theme.BODY)),
    )


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
