"""A household that is on no list: its head and its address, at the door, also offline."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.households import add_household
from app.store.same_door import SameDoor, find_same_door
from app.store.sync_state import list_villages
from app.ui import theme
from app.ui.components.frame import paragraph, primary_button, screen, secondary_button
from app.ui.components.household_saving import use_household_saving
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.workspace import use_texts, use_workspace


@ft.component
def NewHousehold(village: str, place: str, card: str) -> ft.Control:
    """The form of a new household in the village called `place`, bound to the card; then its page opens."""
    workspace, t = use_workspace(), use_texts()
    name, address, phone = (use_typed(kept_as=f"new {village} {one}") for one in ("name", "address", "phone"))

    def find_same() -> SameDoor | None:
        return workspace.read(find_same_door, village, name.text, address.text)

    async def keep() -> None:
        typed = (name.text, address.text, phone.text, card)
        made = await workspace.save(add_household, workspace.clock(), village, *typed)
        ft.context.page.navigate(f"/households/{made}")

    saving = use_household_saving(find_same, keep, t("Vẫn là hộ mới"))

    def cancel(_event: Any) -> None:
        ft.context.page.navigate("/households")

    body: list[ft.Control] = [
        paragraph(t("Hộ mới ở {village}", village=place), size=theme.LARGE, bold=True),
        *saving.notices,
        typed_field(t("Họ tên chủ hộ (người lớn)"), name, capitalization=ft.TextCapitalization.WORDS),
        typed_field(t("Xóm, ngõ, số nhà"), address),
        typed_field(t("Số điện thoại (không bắt buộc)"), phone, keyboard_type=ft.KeyboardType.PHONE),
    ]
    return screen(
        t("Hộ mới"),
        body,
        back=cancel,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Lưu hộ này"), saving.tapped),
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
