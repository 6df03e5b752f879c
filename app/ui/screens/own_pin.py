"""The PIN of this device: set, changed or taken away by who knows it; where the team must have one, not taken away."""

from typing import Any

import flet as ft

from app.actions.pin import remove_pin, set_pin
from app.store.pin import find_pin, find_required_pin
from app.ui import theme
from app.ui.components.frame import notice, paragraph, primary_button, screen, secondary_button
from app.ui.components.pin_pad import PinPad, PinQuestion, new_pin
from app.ui.components.storage import StorageBanner
from app.ui.texts import later
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.pin import is_easy

WHAT_IT_IS_FOR = later(
    "Mã PIN giữ người khác khỏi mở ứng dụng; khóa màn hình điện thoại mới bảo vệ dữ liệu khi mất máy."
)


@ft.component
def OwnPinScreen(is_due: bool = False) -> ft.Control:
    """Asks for the present PIN if there is one; then for a new one, twice. When one `is_due`, nothing else is there."""
    workspace, t = use_workspace(), use_texts()
    use_app_state()
    has_pin = workspace.read(find_pin) is not None
    rule = workspace.read(find_required_pin)
    known, set_known = ft.use_state(False)
    choosing, set_choosing = ft.use_state(not has_pin)
    first, set_first = ft.use_state("")
    problem, set_problem = ft.use_state("")

    def back(_event: Any = None) -> None:
        ft.context.page.navigate("/device")

    async def remove(_event: Any) -> None:
        await workspace.save(remove_pin)
        back()

    async def chosen(pin: str) -> None:
        set_problem("")
        if first and pin == first:
            await workspace.save(set_pin, await new_pin(workspace, pin))
            workspace.looks.locked = False
            if not is_due:
                back()
        elif first:
            set_first("")
            set_problem(t("Hai lần bấm không giống nhau. Anh/chị chọn lại."))
        elif is_easy(pin):
            set_problem(t("Mã này ai cũng đoán được. Anh/chị chọn mã khác."))
        else:
            set_first(pin)

    bottom: ft.Control | None = None
    if has_pin and not known:
        body: list[ft.Control] = [PinQuestion(lambda: set_known(True))]
    elif not choosing:
        body = [paragraph(t(WHAT_IT_IS_FOR))]
        if rule is None:
            body.append(secondary_button(t("Bỏ mã PIN"), remove))
        bottom = primary_button(t("Đổi mã PIN"), lambda _event: set_choosing(True))
    else:
        words = t("Bấm lại 6 số ấy một lần nữa.") if first else t("Chọn 6 số mà anh/chị nhớ và người khác khó đoán.")
        body = [paragraph(words, size=theme.LARGE, bold=True), PinPad(chosen)]
        if not first:
            body.append(paragraph(t(WHAT_IT_IS_FOR), weak=True))
    if problem:
        body.insert(0, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    if rule is not None and (choosing or known) and not first:
        words = (
            t("{who} nhờ mỗi máy của tổ có mã PIN.", who=rule.asked_by)
            if rule.asked_by
            else t("Mỗi máy của tổ cần có mã PIN.")
        )
        body.insert(0, notice(words, icon=ft.Icons.LOCK_OUTLINE))
    return screen(
        t("Mã PIN"),
        body,
        back=None if is_due else back,
        back_label=t("Quay lại"),
        bottom=bottom,
        banner=StorageBanner(),
    )
