"""A household that is on no list: its head and its address, at the door, also offline."""

from typing import Any

import flet as ft

from app.actions.households import HouseholdInvalid, add_household
from app.ui import theme
from app.ui.components.frame import notice, paragraph, primary_button, screen
from app.ui.components.storage import storage_banner
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.problem_shapes import FieldProblem


@ft.component
def NewHousehold(village: str, place: str, card: str) -> ft.Control:
    """The form of a new household in the village called `place`, bound to the card; then its page opens."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    # Not state of the screen: drawn again at each letter, a slow phone would put an earlier text over a later one.
    typed: dict[str, str] = ft.use_memo(lambda: {"name": "", "address": "", "phone": ""}, [])
    nothing: list[FieldProblem] = []
    problems, set_problems = ft.use_state(nothing)

    async def save(_event: Any) -> None:
        try:
            made = await workspace.save(add_household, workspace.clock(), village, *typed.values(), card)
        except HouseholdInvalid as invalid:
            set_problems(invalid.problems)
            return
        ft.context.page.navigate(f"/households/{made}")

    def cancel(_event: Any) -> None:
        ft.context.page.navigate("/households")

    def field(label: str, key: str, **more: Any) -> ft.Control:
        def keep(event: Any) -> None:
            typed[key] = event.control.value

        return ft.TextField(label=label, value=typed[key], on_change=keep, text_size=theme.LARGE, **more)

    body: list[ft.Control] = [
        paragraph(t("Hộ mới ở {village}", village=place), size=theme.LARGE, bold=True),
        *(notice(t.problem(one), icon=ft.Icons.ERROR_OUTLINE, warn=True) for one in problems),
        field(t("Họ tên chủ hộ"), "name", capitalization=ft.TextCapitalization.WORDS),
        field(t("Xóm, ngõ, số nhà"), "address"),
        field(t("Số điện thoại (không bắt buộc)"), "phone", keyboard_type=ft.KeyboardType.PHONE),
    ]
    return screen(
        t("Hộ mới"),
        body,
        back=cancel,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Lưu hộ này"), save),
        banner=storage_banner(t, workspace, state),
    )
