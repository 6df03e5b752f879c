"""Where the code of a card is typed: large, in capitals, without a Vietnamese keyboard in the way."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui.components.typed_field import Typed, typed_field
from app.ui.texts import Texts


def code_field(
    t: Texts,
    typed: Typed,
    go_on: Callable[[Any], Any],
    *,
    label: str = "",
    disabled: bool = False,
) -> ft.Control:
    """The field with what was typed so far; `go_on` when the person is done."""
    return typed_field(
        label or t("Mã trên thẻ"),
        typed,
        hint_text="7Q4M-2KXP-…",
        on_submit=go_on,
        capitalization=ft.TextCapitalization.CHARACTERS,
        keyboard_type=ft.KeyboardType.VISIBLE_PASSWORD,  # the plain keys, without a Vietnamese keyboard
        autocorrect=False,
        enable_suggestions=False,
        text_size=22,
        disabled=disabled,
    )
