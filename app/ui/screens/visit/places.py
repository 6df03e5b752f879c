"""Where things are in a form: a screen scrolls to a question, or to a person's card, by these keys."""

import flet as ft

HOUSE = "house"
"""Who the questions about the house are about."""
START = ""
"""Where the body begins."""


def scroll_key(who: str, field: str = "") -> str:
    """The key of a person's card, or of one question about them."""
    return f"{who}/{field}"


def scroll_place(control: ft.Control, who: str, field: str = "") -> ft.Control:
    """The control as a place that can be scrolled to."""
    key = ft.ScrollKey(scroll_key(who, field))  # type: ignore[call-arg]  # Flet makes the class late, unseen by mypy
    return ft.Container(control, key=key)
