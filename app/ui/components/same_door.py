"""The question before a household is saved that the village seems to have already."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.store.same_door import SameDoor
from app.ui.components.frame import notice, secondary_button
from app.ui.texts import Texts


def same_door_question(t: Texts, found: SameDoor, words: str, go_on: Callable[[Any], Any]) -> ft.Control:
    """Which household it may be, a way to open it, and `words` to go on with what was written."""
    if found.address:
        asked = t(
            "Trong thôn đã có hộ {name} ở {address}. Có phải nhà này không?",
            name=found.head_name,
            address=found.address,
        )
    else:
        asked = t("Trong thôn đã có hộ {name}. Có phải nhà này không?", name=found.head_name)
    there = secondary_button(
        t("Mở hộ ấy"), lambda _event: ft.context.page.navigate(f"/households/{found.id}"), icon=ft.Icons.OPEN_IN_NEW
    )
    ways = ft.Column([there, secondary_button(words, go_on)], spacing=8, tight=True)
    return notice(asked, icon=ft.Icons.HELP_OUTLINE, action=ways)
