"""A visit that ends at the door, on the household's page: nobody was met, or the family refused."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.responses import NotReady, end_at_the_door
from app.ui import theme
from app.ui.components.frame import notice, panel, paragraph, secondary_button
from app.ui.texts import later
from app.ui.workspace import use_texts, use_workspace
from survey.records import Outcome

ENDS = (
    (Outcome.ABSENT, later("Vắng nhà"), ft.Icons.MEETING_ROOM_OUTLINED),
    (Outcome.REFUSED, later("Gia đình từ chối"), ft.Icons.FRONT_HAND_OUTLINED),
    (Outcome.VACANT, later("Nhà bỏ trống"), ft.Icons.HOME_OUTLINED),
    (Outcome.MOVED, later("Đã chuyển đi"), ft.Icons.LOCAL_SHIPPING_OUTLINED),
)


@ft.component
def EndAtTheDoor(household: str, has_draft: bool) -> ft.Control:
    """One button that opens the four ways; a tap on one records it, and gives up a form that is begun."""
    workspace, t = use_workspace(), use_texts()
    opened, set_opened = ft.use_state(False)
    failed, set_failed = ft.use_state(False)
    done: ft.MutableRef[bool] = ft.use_ref(False)

    def end_as(outcome: Outcome) -> Callable[[Any], Any]:
        async def handler(_event: Any) -> None:
            if done.current:
                return
            done.current = True
            try:
                await workspace.save(end_at_the_door, workspace.clock(), household, outcome)
            except NotReady:
                done.current = False
                set_failed(True)
                return
            workspace.just_saved = household
            workspace.loop.nudge()

        return handler

    if not opened:
        words = t("Không gặp, không hỏi được…")
        return secondary_button(words, lambda _event: set_opened(True), icon=ft.Icons.MEETING_ROOM_OUTLINED)
    ways = [secondary_button(t(words), end_as(outcome), icon=icon) for outcome, words, icon in ENDS]
    lines: list[ft.Control] = [paragraph(t("Lần này thế nào?"), size=theme.LARGE, bold=True)]
    if has_draft:
        lines.append(paragraph(t("Phiếu đang ghi dở của nhà này sẽ bỏ.")))
    if failed:
        text = t("Máy chưa tải đủ bộ câu hỏi. Đến nơi có mạng, mở lại ứng dụng rồi thử lại.")
        lines.append(notice(text, icon=ft.Icons.CLOUD_DOWNLOAD))
    return panel(ft.Column([*lines, *ways], spacing=10, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))
