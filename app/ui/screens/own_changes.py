"""This device's changes, each with its state and times: waiting, confirmed, held, to be corrected."""

from typing import Any

import flet as ft

from app.store.own_changes import OwnChange, list_own_changes
from app.ui import theme
from app.ui.components.frame import notice, screen, secondary_button
from app.ui.texts import Texts, later
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.field_words import OUTCOME_WORDS

_STATES = {
    "waiting": (ft.Icons.CLOUD_UPLOAD, later("Đang trên máy, chờ gửi"), ft.Colors.TERTIARY),
    "confirmed": (ft.Icons.CHECK_CIRCLE, later("Máy chủ đã xác nhận"), ft.Colors.PRIMARY),
    "held": (ft.Icons.PAUSE_CIRCLE, later("Máy chủ giữ lại để xem"), ft.Colors.TERTIARY),
    "invalid": (ft.Icons.ERROR_OUTLINE, later("Cần sửa"), ft.Colors.ERROR),
    "erased": (ft.Icons.DELETE_OUTLINE, later("Hộ đã xóa theo yêu cầu"), ft.Colors.PRIMARY),
    "replaced": (ft.Icons.CHECK_CIRCLE, later("Đã sửa và gửi lại"), ft.Colors.PRIMARY),
}
_KINDS = {
    "response": later("Phiếu khảo sát"),
    "household": later("Thông tin hộ"),
    "resolution": later("Chọn thông tin đúng"),
    "attestation": later("Xác nhận của thôn"),
    "card": later("Thẻ hộ"),
    "erasure": later("Xóa theo yêu cầu"),
    "review": later("Nhờ hỏi lại"),
    "doubt": later("Mục cần xem"),
    "pin_rule": later("Quy định mã PIN"),
}


@ft.component
def OwnChangesScreen() -> ft.Control:
    """The latest fifty changes; a tap opens the household."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    changes = ft.use_memo(lambda: workspace.read(list_own_changes), [state.revision])

    def back(_event: Any) -> None:
        ft.context.page.navigate("/device")

    def asked_again(_event: Any) -> None:
        ft.context.page.navigate("/device/asked-again")

    body: list[ft.Control] = [_line(t, change) for change in changes]
    if not changes:
        body = [notice(t("Chưa có phiếu nào ghi trên máy này."), icon=ft.Icons.INFO_OUTLINE)]
    body.insert(0, secondary_button(t("Kết quả hỏi lại phiếu của tôi"), asked_again, icon=ft.Icons.FACT_CHECK))
    return screen(t("Phiếu của máy này"), body, back=back, back_label=t("Quay lại"))


def _line(t: Texts, change: OwnChange) -> ft.Control:
    icon, words, colour = _STATES.get(change.state, _STATES["held"])
    what = t(OUTCOME_WORDS[change.outcome]) if change.outcome else t(_KINDS.get(change.kind, "Thông tin hộ"))
    times = [t("Ghi lúc {when}", when=t.moment(change.captured_at))]
    if change.settled_at is not None:
        times.append(t("{words} lúc {when}", words=t(words), when=t.moment(change.settled_at)))
    else:
        times.append(t(words))

    def open_household(_event: Any) -> None:
        if change.household_id:
            ft.context.page.navigate(f"/households/{change.household_id}")

    return ft.ListTile(
        leading=ft.Icon(icon, color=colour, size=26),
        title=" · ".join(part for part in (change.head_name, what) if part),
        title_text_style=theme.line_style(theme.BODY, bold=True),
        subtitle="\n".join(times),
        subtitle_text_style=theme.line_style(theme.SMALL),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        shape=ft.RoundedRectangleBorder(radius=12),
        on_click=open_household,
        min_height=72,
    )
