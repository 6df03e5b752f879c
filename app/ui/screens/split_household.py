"""A part of a family becomes a household of its own, at the door, also offline; what the pages of both say of it."""

from functools import partial
from typing import Any

import flet as ft

from app.actions.households import split_household
from app.store.households import find_household
from app.store.same_door import SameDoor, find_same_door
from app.store.sync_state import find_sign_in, list_villages
from app.ui.components.choices import tick
from app.ui.components.frame import notice, panel, paragraph, primary_button, screen
from app.ui.components.household_saving import use_household_saving
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.texts import Texts
from app.ui.workspace import use_texts, use_workspace
from survey.field_words import relation_words
from survey.records import Household
from survey.roles import Action, Role, may
from survey.splitting import Kin, gone_with, residents_of


@ft.component
def SplitHouseholdScreen() -> ft.Control:
    """The form for the household in the address; nothing where this device does not have it."""
    workspace, t = use_workspace(), use_texts()
    identity = ft.use_route_params().get("household") or ""
    found = ft.use_memo(lambda: workspace.read(find_household, identity), [identity])
    if found is None:
        text = t("Hộ này chưa có trên máy. Anh/chị quay lại danh sách và chờ tải xong.")
        return screen(t("Hộ"), [notice(text, icon=ft.Icons.HELP_OUTLINE)])
    return _Form(identity, found[1], found[2])


@ft.component
def _Form(identity: str, village: str, record: Household) -> ft.Control:
    workspace, t = use_workspace(), use_texts()
    name, phone = use_typed("", f"split {identity} name"), use_typed("", f"split {identity} phone")
    address = use_typed(record.address, f"split {identity} address")
    nobody: list[str] = []
    leaving, set_leaving = ft.use_state(nobody)
    signed_in = workspace.read(find_sign_in)
    own_village = village in {one.id for one in workspace.read(list_villages)}
    may_see_phone = own_village and may(signed_in.role if signed_in else Role.MEMBER, Action.CALL_HOUSEHOLD)

    def back(_event: Any) -> None:
        ft.context.page.navigate(f"/households/{identity}")

    def find_same() -> SameDoor | None:
        return workspace.read(find_same_door, village, name.text, address.text, identity)

    async def keep() -> None:
        typed = (name.text, address.text, phone.text if may_see_phone else "")
        split = partial(split_household, came_with=leaving)
        made = await workspace.save(split, workspace.clock(), identity, *typed)
        workspace.loop.nudge()
        ft.context.page.navigate(f"/households/{made}")

    saving = use_household_saving(find_same, keep, t("Vẫn là hộ mới"))

    def choose(who: str) -> Any:
        return lambda goes: set_leaving([*leaving, who] if goes else [one for one in leaving if one != who])

    people = residents_of(record)
    lines = [tick(_person(t, one), one["id"] in leaving, choose(one["id"])) for one in people]
    body: list[ft.Control] = [
        *saving.notices,
        paragraph(t("Ai ra ở hộ mới? Câu đã trả lời được mang theo."), bold=True),
        ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        paragraph(t("Hộ mới"), bold=True),
        typed_field(t("Họ tên chủ hộ mới (người lớn)"), name, capitalization=ft.TextCapitalization.WORDS),
        typed_field(t("Xóm, ngõ, số nhà"), address),
    ]
    if may_see_phone:
        label = t("Số điện thoại (không bắt buộc)")
        body.append(typed_field(label, phone, keyboard_type=ft.KeyboardType.PHONE))
    return screen(
        t("Tách hộ"),
        body,
        subtitle=record.head_name,
        back=back,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Lưu hộ mới"), saving.tapped),
        banner=StorageBanner(),
    )


def _person(t: Texts, resident: dict[str, Any]) -> str:
    words = t(relation_words(resident.get("relation"), resident.get("sex")))
    year = resident.get("birth_year")
    return t("{who}, sinh năm {year}", who=words, year=year) if year else words


def kin_lines(t: Texts, record: Household, kin: Kin) -> list[ft.Control]:
    """Where the household came from, and which households split off from it."""
    lines = []
    if kin.former:
        lines.append(t("Tách ra từ hộ {name}.", name=kin.former.head_name))
    for household in kin.split_off.values():
        count = len(household.came_with or [])
        lines.append(t("{count} người đã tách ra hộ {name}.", count=count, name=household.head_name))
    if gone_with(kin).keys() & {one["id"] for one in residents_of(record)}:
        lines.append(t("Lần khảo sát tới, máy đã bỏ sẵn người tách hộ ra."))
    if not lines:
        return []
    return [panel(ft.Column([paragraph(one) for one in lines], spacing=6, tight=True))]
