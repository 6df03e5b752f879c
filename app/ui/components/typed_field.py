"""Fields for typing. A letter that was typed is never overwritten by a redraw of the screen, however slow the phone is.

A field whose value is given back to it from state loses letters: the answer to an earlier letter is drawn over later
ones. Here a redraw gives a field the text that it has.
"""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.workspace import Workspace, WorkspaceContext


class Typed:
    """What is being typed into one field: `text`, and `put` to set it on purpose."""

    def __init__(self, text: str, keep: Callable[[str], Any] = lambda _text: None) -> None:
        self.text = text
        self.keep = keep
        self.field: ft.Ref[ft.TextField] = ft.Ref()
        self.is_put = False
        self.redraw: Callable[[], Any] = lambda: None

    def put(self, text: str) -> None:
        """Set the text instead of the person, whatever the field holds."""
        self.text, self.is_put = text, True
        self.redraw()

    def take_value(self) -> str:
        """The value for the field that is about to be drawn: what it holds already, unless another was put."""
        shown = self.field.current
        if shown is None or self.is_put:
            self.is_put = False
            return self.text
        return str(shown.value or "")


def use_typed(text: str = "", kept_as: str = "") -> Typed:
    """What is typed into a field of this screen, beginning with `text`; it stays while the screen is there, and under
    the name `kept_as` until the form is saved (`Workspace.typed`)."""
    workspace: Workspace | None = ft.use_context(WorkspaceContext)
    kept = workspace.typed if workspace and kept_as else {}
    typed = ft.use_memo(lambda: Typed(kept.get(kept_as, text), lambda now: kept.update({kept_as: now})), [])
    puts, set_puts = ft.use_state(0)
    typed.redraw = lambda: set_puts(puts + 1)
    return typed


def typed_field(label: str, typed: Typed, on_change: Callable[[str], Any] | None = None, **looks: Any) -> ft.TextField:
    """The field with what was typed into it so far. `on_change` hears the text after each letter; it may redraw. Two
    fields side by side need labels of their own."""

    def hear(event: Any) -> None:
        typed.text = str(event.control.value or "")
        typed.keep(typed.text)
        if on_change is not None:
            on_change(typed.text)

    looks.setdefault("text_size", theme.LARGE)
    # The key keeps it the same field, with the letters that are still under way, when what is above it changes.
    return ft.TextField(label=label, value=typed.take_value(), ref=typed.field, on_change=hear, key=label, **looks)
