"""Radio buttons and boxes to tick: their words wrap however large the letters are, and are tapped with the mark."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme


def one_of(words: dict[str, str], value: str, choose: Callable[[str], Any]) -> ft.Control:
    """One of these, by their keys."""
    lines: list[ft.Control] = [_line(ft.Radio(value=one), said) for one, said in words.items()]
    return ft.RadioGroup(
        ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        value=value,
        on_change=lambda event: choose(event.control.value),
    )


def tick(words: str, value: bool, choose: Callable[[bool], Any]) -> ft.Control:
    """A box to tick."""
    return _line(ft.Checkbox(value=value, on_change=lambda event: choose(bool(event.control.value))), words)


def _line(mark: ft.Control, words: str) -> ft.Control:
    return ft.MergeSemantics(
        ft.ListTile(
            leading=mark,
            title=ft.Text(words, size=theme.LARGE),
            toggle_inputs=True,
            content_padding=ft.Padding(0, 4, 8, 4),
            horizontal_spacing=4,
            min_height=theme.TOUCH,
        )
    )
