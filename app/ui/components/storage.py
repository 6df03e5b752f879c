"""The banner over a screen: this device cannot keep what was written, or is no longer its person's; and what to do."""

from typing import Any

import flet as ft

from app.store.sync_state import MOVED_TO, find_setting
from app.ui import theme
from app.ui.components.frame import notice
from app.ui.state import AppState
from app.ui.texts import Texts
from app.ui.workspace import Workspace


def storage_banner(t: Texts, workspace: Workspace, state: AppState) -> ft.Control | None:
    """A notice with what to do if this device cannot save or was moved to another place; else None."""
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

    button = ft.FilledButton(content=t("Lưu lại"), on_click=again, height=theme.TOUCH)
    return _banner(notice(text, icon=ft.Icons.WARNING_AMBER, warn=True, action=button))


def _banner(content: ft.Control) -> ft.Control:
    return ft.Container(content, padding=ft.Padding(16, 8, 16, 0))
