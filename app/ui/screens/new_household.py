"""A household that is on no list: its head and its address, at the door, also offline."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.households import HouseholdInvalid, add_household
from app.store.same_door import SameDoor, find_same_door
from app.store.sync_state import list_villages
from app.ui import theme
from app.ui.components.frame import notice, paragraph, primary_button, screen, secondary_button
from app.ui.components.same_door import same_door_question
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.state import use_optional
from app.ui.workspace import use_texts, use_workspace
from survey.problem_shapes import FieldProblem


@ft.component
def NewHousehold(village: str, place: str, card: str) -> ft.Control:
    """The form of a new household in the village called `place`, bound to the card; then its page opens."""
    workspace, t = use_workspace(), use_texts()
    name, address, phone = use_typed(), use_typed(), use_typed()
    nothing: list[FieldProblem] = []
    problems, set_problems = ft.use_state(nothing)

    same, set_same = use_optional(SameDoor)

    async def save(_event: Any) -> None:
        found = workspace.read(find_same_door, village, name.text, address.text)
        set_same(found)
        if found is None:
            await save_anyhow(_event)

    async def save_anyhow(_event: Any) -> None:
        try:
            made = await workspace.save(
                add_household, workspace.clock(), village, name.text, address.text, phone.text, card
            )
        except HouseholdInvalid as invalid:
            set_same(None)
            set_problems(invalid.problems)
            return
        ft.context.page.navigate(f"/households/{made}")

    def cancel(_event: Any) -> None:
        ft.context.page.navigate("/households")

    body: list[ft.Control] = [
        paragraph(t("Hộ mới ở {village}", village=place), size=theme.LARGE, bold=True),
        *(notice(t.problem(one), icon=ft.Icons.ERROR_OUTLINE, warn=True) for one in problems),
        *([same_door_question(t, same, t("Vẫn là hộ mới"), save_anyhow)] if same else []),
        typed_field(t("Họ tên chủ hộ (người lớn)"), name, capitalization=ft.TextCapitalization.WORDS),
        typed_field(t("Xóm, ngõ, số nhà"), address),
        typed_field(t("Số điện thoại (không bắt buộc)"), phone, keyboard_type=ft.KeyboardType.PHONE),
    ]
    return screen(
        t("Hộ mới"),
        body,
        back=cancel,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Lưu hộ này"), save),
        banner=StorageBanner(),
    )


@ft.component
def NewHouseholdScreen() -> ft.Control:
    """A new household without a card, in the person's village; where there are several, they choose first."""
    workspace, t = use_workspace(), use_texts()
    villages = workspace.read(list_villages)
    chosen, set_chosen = ft.use_state(villages[0].id if len(villages) == 1 else "")
    village = next((one for one in villages if one.id == chosen), None)
    if village:
        return NewHousehold(village.id, village.name, "")

    def choose(identity: str) -> Callable[[Any], Any]:
        return lambda _event: set_chosen(identity)

    ways = [secondary_button(one.name, choose(one.id)) for one in villages]
    body: list[ft.Control] = [paragraph(t("Hộ ở thôn nào?"), size=theme.LARGE, bold=True), *ways]
    return screen(
        t("Hộ mới"), body, back=lambda _event: ft.context.page.navigate("/households"), back_label=t("Quay lại")
    )
