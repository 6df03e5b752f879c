"""Correcting a household at the door, also offline: head, address, phone, whether somebody lives there, its village."""

from functools import partial
from typing import Any

import flet as ft

from app.actions.households import correct_household
from app.store.households import find_household
from app.store.same_door import SameDoor, find_same_door
from app.store.sync_state import find_sign_in, list_villages
from app.ui.components.choices import one_of
from app.ui.components.frame import notice, paragraph, primary_button, screen
from app.ui.components.household_saving import use_household_saving
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.texts import later
from app.ui.workspace import use_texts, use_workspace
from survey.records import Household, HouseholdStatus
from survey.roles import Action, Role, may
from survey.vietnamese import format_phone
from survey.villages import full_name

STATUSES = {
    HouseholdStatus.ACTIVE: later("Đang ở đây"),
    HouseholdStatus.MOVED: later("Đã chuyển đi khỏi thôn"),
    HouseholdStatus.VACANT: later("Nhà bỏ trống"),
    HouseholdStatus.REFUSED: later("Đang ở đây, không muốn trả lời"),
}


@ft.component
def EditHouseholdScreen() -> ft.Control:
    """The form of the household in the address; nothing where this device does not have it."""
    workspace = use_workspace()
    t = use_texts()
    identity = ft.use_route_params().get("household") or ""
    found = ft.use_memo(lambda: workspace.read(find_household, identity), [identity])
    if found is None:
        text = t("Hộ này chưa có trên máy. Anh/chị quay lại danh sách và chờ tải xong.")
        return screen(t("Hộ"), [notice(text, icon=ft.Icons.HELP_OUTLINE)])
    return _Form(identity, found[1], found[2])


@ft.component
def _Form(identity: str, village: str, record: Household) -> ft.Control:
    workspace, t = use_workspace(), use_texts()
    villages = workspace.read(list_villages)
    signed_in = workspace.read(find_sign_in)
    role = signed_in.role if signed_in else Role.MEMBER
    may_see_phone = may(role, Action.CALL_HOUSEHOLD) and village in {one.id for one in villages}
    name = use_typed(record.head_name, f"edit {identity} name")
    address = use_typed(record.address, f"edit {identity} address")
    phone = use_typed(format_phone(record.phone) if record.phone else "", f"edit {identity} phone")
    status, set_status = ft.use_state(record.status.value)
    home, set_home = ft.use_state(village)

    def back(_event: Any) -> None:
        ft.context.page.navigate(f"/households/{identity}")

    def find_same() -> SameDoor | None:
        renamed = (name.text, address.text) != (record.head_name, record.address)
        return workspace.read(find_same_door, home, name.text, address.text, identity) if renamed else None

    async def keep() -> None:
        fields: dict[str, Any] = {"head_name": name.text, "address": address.text, "status": status}
        if may_see_phone:
            fields["phone"] = phone.text
        await workspace.save(partial(correct_household, **fields), workspace.clock(), identity, home)
        workspace.loop.nudge()
        back(None)

    saving = use_household_saving(find_same, keep, t("Là hai hộ khác nhau, cứ lưu"))
    body: list[ft.Control] = [
        *saving.notices,
        # The label stands on the field's edge, above it: at the very top of the body it would be cut.
        ft.Container(
            typed_field(t("Họ tên chủ hộ (người lớn)"), name, capitalization=ft.TextCapitalization.WORDS),
            key="name",
            padding=ft.Padding(0, 6, 0, 0),
        ),
        typed_field(t("Xóm, ngõ, số nhà"), address),
    ]
    if may_see_phone:
        label = t("Số điện thoại (không bắt buộc)")
        body.append(typed_field(label, phone, keyboard_type=ft.KeyboardType.PHONE))
    body.append(paragraph(t("Gia đình này bây giờ"), bold=True))
    choices = [one for one in STATUSES if one is not HouseholdStatus.REFUSED or one is record.status]
    body.append(one_of({one.value: t(STATUSES[one]) for one in choices}, status, set_status))
    if len(villages) > 1 and may(role, Action.MOVE_HOUSEHOLD):
        body.append(paragraph(t("Ở thôn"), bold=True))
        body.append(one_of({one.id: full_name(one) for one in villages}, home, set_home))
    return screen(
        t("Sửa hộ này"),
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Lưu"), saving.tapped),
        banner=StorageBanner(),
    )
