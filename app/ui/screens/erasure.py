"""Erasing a household at its family's request, after a second tap; and the proof that stands in its place."""

from typing import Any

import flet as ft

from app.actions.erasures import erase_household
from app.store.erasures import ErasedHousehold
from app.ui.components.frame import notice, panel, paragraph, quiet_button, secondary_button
from app.ui.texts import Texts
from app.ui.workspace import use_texts, use_workspace


@ft.component
def EraseHousehold(household: str) -> ft.Control:
    """A quiet way, then one sentence on what will be gone, and two answers."""
    workspace, t = use_workspace(), use_texts()
    asking, set_asking = ft.use_state(False)

    async def erase(_event: Any) -> None:
        await workspace.save(erase_household, workspace.clock(), household)
        workspace.loop.nudge()

    if not asking:
        return quiet_button(t("Gia đình yêu cầu xóa"), lambda _event: set_asking(True))
    words = t(
        "Xóa tên, số điện thoại, người trong nhà và mọi phiếu của hộ này ở máy này, máy chủ và máy của cả tổ. "
        "Xóa rồi không lấy lại được."
    )
    ways = [
        secondary_button(t("Xóa theo yêu cầu"), erase, icon=ft.Icons.DELETE_OUTLINE),
        secondary_button(t("Không xóa"), lambda _event: set_asking(False)),
    ]
    return panel(ft.Column([paragraph(words, bold=True), *ways], spacing=8, tight=True))


def erased_body(t: Texts, erased: ErasedHousehold) -> list[ft.Control]:
    """When the family asked for it, who wrote it down, and whether the others know already."""
    words = [t("Đã xóa theo yêu cầu ngày {day}.", day=t.day(erased.requested_at))]
    if erased.by:
        words.append(t("Người ghi yêu cầu: {name}.", name=erased.by))
    if erased.is_waiting:
        words.append(t("Trên máy này không còn gì của hộ. Có sóng thì máy chủ và các máy khác cũng xóa."))
    body: list[ft.Control] = [notice("\n".join(words), icon=ft.Icons.DELETE_OUTLINE)]
    if erased.lost_work:
        body.append(paragraph(t("Phiếu chưa gửi về hộ này cũng đã xóa, không phải làm lại.")))
    return body
