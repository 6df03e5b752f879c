"""The sync line: what waits on this device, what the server has confirmed, and the time of the last sync."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.store.outbox import OutboxCounts
from app.sync.status import Phase, SyncStatus
from app.ui import theme
from app.ui.components.frame import SideBySide, quiet_button
from app.ui.texts import Texts
from app.ui.workspace import use_sync_status, use_texts
from survey.problems import PROBLEMS


@ft.component
def SyncLine(counts: OutboxCounts, on_send: Callable[[Any], Any] | None) -> ft.Control:
    """The sync status as an icon and words, with a button to sync now if `on_send` is given."""
    t, status = use_texts(), use_sync_status()
    icon, text = _words(t, status, counts)
    working = status.phase is Phase.WORKING
    label = t("Gửi ngay") if counts.waiting else t("Cập nhật")
    send = quiet_button(label, on_send, disabled=working)
    colour = ft.Colors.ON_SECONDARY_CONTAINER
    words: list[ft.Control] = [
        ft.Text(text, size=theme.BODY, weight=ft.FontWeight.W_600, color=colour),
        ft.Text(_detail(t, status, counts), size=theme.SMALL, color=colour),
    ]
    said = ft.Row(
        [ft.Icon(icon, size=24, color=colour), ft.Column(words, spacing=2, tight=True, expand=True)], spacing=12
    )
    return ft.Container(
        SideBySide([said, send], grow=0) if on_send else said,
        padding=ft.Padding(16, 10, 8, 10),
        border_radius=16,
        bgcolor=ft.Colors.SECONDARY_CONTAINER,
    )


@ft.component
def ShortSyncLine(counts: OutboxCounts, on_send: Callable[[Any], Any]) -> ft.Control:
    """The sync status in one line, with a button to sync now."""
    t, status = use_texts(), use_sync_status()
    icon, text = _words(t, status, counts)
    label = t("Gửi ngay") if counts.waiting else t("Cập nhật")
    send = quiet_button(label, on_send, disabled=status.phase is Phase.WORKING)
    colour = ft.Colors.ON_SURFACE_VARIANT
    words: list[ft.Control] = [
        ft.Text(text, size=theme.SMALL + 1, weight=ft.FontWeight.W_600, color=colour),
        ft.Text(_detail(t, status, counts), size=12, color=colour),
    ]
    said = ft.Row(
        [ft.Icon(icon, size=22, color=colour), ft.Column(words, spacing=0, tight=True, expand=True)], spacing=10
    )
    return SideBySide([said, send], grow=0)


def _words(t: Texts, status: SyncStatus, counts: OutboxCounts) -> tuple[ft.IconData, str]:
    if counts.waiting:
        return ft.Icons.CLOUD_UPLOAD, t("{count} phiếu chờ gửi", count=counts.waiting)
    match status.phase:
        case Phase.WORKING:
            return ft.Icons.SYNC, t("Đang cập nhật…")
        case Phase.OFFLINE | Phase.NOT_UNDERSTOOD:
            return ft.Icons.CLOUD_OFF, t("Chưa có mạng, vẫn làm việc được")
        case Phase.REFUSED:
            problem = PROBLEMS.get(status.problem or "")
            return ft.Icons.ERROR_OUTLINE, t(problem.title) if problem else t("Máy chủ chưa nhận")
    return ft.Icons.CLOUD_DONE, t("Đã gửi hết phiếu")


def _detail(t: Texts, status: SyncStatus, counts: OutboxCounts) -> str:
    safe = t("Phiếu an toàn trên máy này và sẽ tự gửi khi có mạng.")
    match status.phase:
        case Phase.WORKING if status.received:
            return t("Đã tải {count} dòng", count=t.number(status.received))
        case Phase.REFUSED:
            problem = PROBLEMS.get(status.problem or "")
            return t(problem.advice) if problem else safe
        case Phase.OFFLINE | Phase.NOT_UNDERSTOOD if counts.waiting:
            return safe
    lines = []
    if counts.confirmed:
        lines.append(t("Máy chủ đã xác nhận {count} phiếu", count=t.number(counts.confirmed)))
    if status.last_success is not None:
        lines.append(t("Cập nhật lúc {when}", when=t.moment(status.last_success)))
    return "\n".join(lines) or (safe if counts.waiting else t("Không có phiếu nào chờ gửi"))
