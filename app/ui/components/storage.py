"""The banner over a screen: this device cannot keep what was written, or is no longer its person's; and what to do."""

from datetime import timedelta
from typing import Any

import flet as ft

from app.store.outbox import find_oldest_waiting
from app.store.sync_state import MOVED_TO, find_setting
from app.ui.components.frame import notice, primary_button
from app.ui.state import AppState
from app.ui.texts import Texts
from app.ui.workspace import Workspace, use_app_state, use_texts, use_workspace

LONG_UNSENT = timedelta(days=1)
LITTLE_ROOM = 200_000_000


@ft.component
def StorageBanner() -> ft.Control:
    """A notice with what to do if this device cannot save or was moved to another place; else nothing."""
    return _storage(use_texts(), use_workspace(), use_app_state()) or ft.Container()


@ft.component
def PlaceBanner() -> ft.Control:
    """`StorageBanner`, or what threatens to be lost here although saving works: unsent work where the system empties
    the place, and a disk that is nearly full."""
    return _place(use_texts(), use_workspace(), use_app_state()) or ft.Container()


def _storage(t: Texts, workspace: Workspace, state: AppState) -> ft.Control | None:
    if workspace.place.storage_state() == "unavailable":
        text = t(
            "Cửa sổ này không giữ được dữ liệu: đóng lại là mất. Mở đường dẫn ở cửa sổ thường của Chrome hoặc Safari."
        )
        return _banner(notice(text, icon=ft.Icons.WARNING_AMBER, warn=True))
    if state.storage_problem is None:
        moved_to = workspace.read(find_setting, MOVED_TO)
        if not moved_to:
            return None
        text = t(
            "Ứng dụng đã chuyển sang {place}. Ở đây còn phiếu đang ghi dở: anh/chị ghi nốt hoặc bỏ đi.", place=moved_to
        )
        return _banner(notice(text, icon=ft.Icons.INFO_OUTLINE))
    if state.storage_problem == "full":
        text = t("Máy hết chỗ trống nên phiếu chưa lưu được. Xóa bớt ảnh, video rồi bấm “Lưu lại”. Đừng đóng ứng dụng.")
    else:
        text = t("Máy chưa lưu được phiếu. Đừng đóng ứng dụng; bấm “Lưu lại”, hoặc đến nơi có mạng để gửi ngay.")

    async def again(_event: Any) -> None:
        await workspace.flush()

    button = primary_button(t("Lưu lại"), again)
    return _banner(notice(text, icon=ft.Icons.WARNING_AMBER, warn=True, action=button))


def _place(t: Texts, workspace: Workspace, state: AppState) -> ft.Control | None:
    banner = _storage(t, workspace, state)
    days, room = workspace.place.forgets_after_days(), workspace.place.room()
    if banner is None and days is not None:
        oldest = workspace.read(find_oldest_waiting)
        if oldest and workspace.clock() - oldest > LONG_UNSENT:
            text = t(
                "Có phiếu chưa gửi từ {day}. iPhone xóa hết sau {days} ngày không mở: anh/chị ra nơi có mạng gửi ngay.",
                day=t.day(oldest),
                days=days,
            )
            return _banner(notice(text, icon=ft.Icons.WARNING_AMBER, warn=True))
    if banner is None and room is not None and room < LITTLE_ROOM:
        text = t("Máy sắp hết chỗ: còn {room} MB. Anh/chị gửi phiếu ngay, rồi xóa bớt ảnh, video.", room=room // 10**6)
        return _banner(notice(text, icon=ft.Icons.WARNING_AMBER, warn=True))
    if banner is None and days is not None:
        text = t(
            "Ở Safari, iPhone xóa dữ liệu sau {days} ngày không mở. Chuyển sang màn hình chính là hết lo.", days=days
        )
        words = t("Chuyển sang màn hình chính")
        move = primary_button(words, lambda _event: ft.context.page.navigate("/device/move"))
        return _banner(notice(text, icon=ft.Icons.INFO_OUTLINE, action=move))
    return banner


def _banner(content: ft.Control) -> ft.Control:
    return ft.Container(content, padding=ft.Padding(16, 8, 16, 0))
