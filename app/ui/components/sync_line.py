"""The sync line: what is on this device, what the server has, when they last spoke; no endless spinner."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.store.outbox import OutboxCounts
from app.sync.status import Phase, SyncStatus
from app.ui import theme
from app.ui.moments import moment
from app.ui.texts import Texts
from survey.problems import PROBLEMS


def sync_line(t: Texts, status: SyncStatus, counts: OutboxCounts, on_send: Callable[[Any], Any]) -> ft.Control:
    """One line with an icon, what it means in words, and the button to send now."""
    icon, text = _words(t, status, counts)
    working = status.phase is Phase.WORKING
    label = t("Gửi ngay") if counts.waiting else t("Cập nhật")
    return ft.Container(
        ft.Row(
            [
                ft.Icon(icon, size=24, color=ft.Colors.ON_SECONDARY_CONTAINER),
                ft.Column(
                    [
                        ft.Text(
                            text, size=theme.BODY, weight=ft.FontWeight.W_600, color=ft.Colors.ON_SECONDARY_CONTAINER
                        ),
                        ft.Text(_detail(t, status, counts), size=theme.SMALL, color=ft.Colors.ON_SECONDARY_CONTAINER),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                ft.TextButton(content=label, on_click=on_send, disabled=working, height=theme.TOUCH),
            ],
            spacing=12,
        ),
        padding=ft.Padding(16, 10, 8, 10),
        border_radius=16,
        bgcolor=ft.Colors.SECONDARY_CONTAINER,
    )


def _words(t: Texts, status: SyncStatus, counts: OutboxCounts) -> tuple[ft.IconData, str]:
    if counts.waiting:
        return ft.Icons.CLOUD_UPLOAD, t("{count} phiếu trên máy, chờ gửi", count=counts.waiting)
    if status.phase is Phase.WORKING:
        return ft.Icons.SYNC, t("Đang nói chuyện với máy chủ…")
    if status.phase is Phase.RESTING and status.last_success is None:
        return ft.Icons.SYNC, t("Chưa nối với máy chủ")
    return ft.Icons.CLOUD_DONE, t("Máy chủ đã nhận đủ phiếu của máy này")


def _detail(t: Texts, status: SyncStatus, counts: OutboxCounts) -> str:
    confirmed = t("Đã xác nhận: {count}", count=counts.confirmed)
    match status.phase:
        case Phase.WORKING:
            return t("Đã tải {count} dòng", count=status.received) if status.received else confirmed
        case Phase.OFFLINE:
            return t("Chưa có mạng. Phiếu vẫn an toàn trên máy và sẽ tự gửi.")
        case Phase.REFUSED:
            problem = PROBLEMS.get(status.problem or "")
            return t(problem.advice) if problem else t("Máy chủ chưa nhận. Phiếu vẫn an toàn trên máy.")
        case Phase.NOT_UNDERSTOOD:
            return t("Mạng này chưa vào được máy chủ. Phiếu vẫn an toàn trên máy và sẽ tự gửi.")
    if status.last_success is None:
        return confirmed
    return t("{confirmed} · cập nhật {when}", confirmed=confirmed, when=moment(status.last_success))
