"""The devices of a village's team, asked from the server: only it knows when another device was last seen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import flet as ft

from app.store.sync_state import find_sign_in
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui.components.frame import panel, paragraph, quiet_button, secondary_button
from app.ui.texts import Texts, later
from app.ui.workspace import Workspace, use_texts, use_workspace
from survey.devices import DeviceLine, DeviceState

STATE_WORDS = {
    DeviceState.ACTIVE: later("Đang dùng"),
    DeviceState.REVOKED: later("Đã thôi dùng"),
    DeviceState.LOST: later("Đã báo mất"),
}


@dataclass(frozen=True)
class TeamDevices:
    """The devices as last told; `problem` is why the last call failed, empty if it did not. `call` runs a call with the
    person's token, loads the devices again, and says whether both succeeded."""

    lines: list[DeviceLine]
    problem: str
    call: Callable[[Callable[[str], Any]], Any]


def use_team_devices(village: str) -> TeamDevices:
    """A hook: the devices that may hold the village's rows, loaded when the village is first shown."""
    workspace, t = use_workspace(), use_texts()
    lines, set_lines = ft.use_state(list[DeviceLine]())
    problem, set_problem = ft.use_state("")

    async def call(action: Callable[[str], Any]) -> bool:
        set_problem("")
        try:
            await _call_and_load(workspace, village, action, set_lines)
        except Refused as refusal:
            set_problem(f"{t(refusal.problem.title)}. {t(refusal.problem.detail)}")
            return False
        except (Unreachable, NotUnderstood):
            set_problem(t("Chưa vào được máy chủ. Máy của tổ chỉ xem được khi có mạng; giao ngõ thì không cần mạng."))
            return False
        return True

    async def load() -> None:
        async def nothing(_token: str) -> None:
            return None

        await call(nothing)

    ft.use_effect(load, [village])
    return TeamDevices(lines, problem, call)


async def _call_and_load(
    workspace: Workspace, village: str, action: Callable[[str], Any], set_lines: Callable[[Any], Any]
) -> None:
    signed_in = workspace.read(find_sign_in)
    if signed_in is not None and village:
        await action(signed_in.token)
        set_lines(await workspace.client.list_devices(signed_in.token, village))


def last_seen_words(t: Texts, line: DeviceLine) -> str:
    """When the device last synced, and how much waits on it."""
    seen = t("Lần cuối: {when}", when=t.moment(line.last_seen)) if line.last_seen else t("Chưa nối lần nào")
    return t("{seen} · {count} phiếu chưa gửi", seen=seen, count=line.unsent)


@ft.component
def DevicePanel(
    line: DeviceLine, mine: bool, end: Callable[[DeviceLine, Literal["revoke", "lost"]], Any]
) -> ft.Control:
    """One device, with the two ways to end it behind a second tap."""
    t = use_texts()
    asking, set_asking = ft.use_state(False)
    rows: list[ft.Control] = [
        paragraph(f"{line.name} · {t(STATE_WORDS[line.state])}", bold=True),
        paragraph(last_seen_words(t, line), weak=True),
    ]

    def ending(how: Literal["revoke", "lost"]) -> Callable[[Any], Any]:
        async def handler(_event: Any) -> None:
            set_asking(False)
            await end(line, how)

        return handler

    if mine:
        rows.append(paragraph(t("Đây là máy đang dùng."), weak=True))
    elif line.state is DeviceState.ACTIVE and not asking:
        label = t("Thôi dùng máy này, hoặc máy bị mất…")
        rows.append(quiet_button(label, lambda _event: set_asking(True)))
    elif line.state is DeviceState.ACTIVE:
        rows += [
            paragraph(t("Thôi dùng: máy nộp nốt phiếu rồi tự xóa dữ liệu.")),
            secondary_button(t("Thôi dùng máy này"), ending("revoke")),
            paragraph(t("Bị mất: máy bị cắt ngay, phiếu chưa gửi trên máy coi như mất; hệ thống ghi lại để báo cáo.")),
            secondary_button(t("Báo mất máy này"), ending("lost"), icon=ft.Icons.WARNING_AMBER),
            quiet_button(t("Không làm gì"), lambda _event: set_asking(False)),
        ]
    return panel(ft.Column(rows, spacing=6, tight=True), colour=ft.Colors.SURFACE_CONTAINER_LOWEST)
