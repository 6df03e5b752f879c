"""The devices of a village, for leads and officials: when last seen, unsent work, and how to end one."""

from collections.abc import Callable
from typing import Any, Literal

import flet as ft

from app.store.sync_state import find_sign_in, list_villages
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui import theme
from app.ui.components.frame import notice, panel, paragraph, screen, secondary_button
from app.ui.texts import Texts, later
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.devices import DeviceLine, DeviceState

STATE_WORDS = {
    DeviceState.ACTIVE: later("Đang dùng"),
    DeviceState.REVOKED: later("Đã thôi dùng"),
    DeviceState.LOST: later("Đã báo mất"),
}


@ft.component
def DevicesScreen() -> ft.Control:
    """The list of devices, asked from the server each time: only it knows when another device was last seen."""
    workspace, t = use_workspace(), use_texts()
    use_app_state()
    signed_in = workspace.read(find_sign_in)
    villages = workspace.read(list_villages)
    chosen, set_chosen = ft.use_state(villages[0].id if villages else "")
    lines, set_lines = ft.use_state(list[DeviceLine]())
    problem, set_problem = ft.use_state("")
    asking, set_asking = ft.use_state("")

    async def call_and_reload(action: Callable[[str], Any]) -> None:
        """Call the server, then reload the list; a failure becomes a sentence on the screen."""
        set_problem("")
        try:
            if signed_in is not None:
                await action(signed_in.token)
                set_lines(await workspace.client.list_devices(signed_in.token, chosen))
        except Refused as refusal:
            set_problem(f"{t(refusal.problem.title)}. {t(refusal.problem.detail)}")
        except (Unreachable, NotUnderstood):
            set_problem(t("Chưa vào được máy chủ. Danh sách máy chỉ xem được khi có mạng."))

    async def load() -> None:
        async def nothing(_token: str) -> None:
            return None

        await call_and_reload(nothing)

    ft.use_effect(load, [chosen])

    def end(line: DeviceLine, how: Literal["revoke", "lost"]) -> Callable[[Any], Any]:
        async def handler(_event: Any) -> None:
            set_asking("")
            await call_and_reload(lambda token: workspace.client.end_device(token, line.id, how))

        return handler

    def back(_event: Any) -> None:
        ft.context.page.navigate("/device")

    body: list[ft.Control] = []
    if len(villages) > 1:
        options = [ft.DropdownOption(key=one.id, text=one.name) for one in villages]
        pick = ft.Dropdown(
            label=t("Thôn"),
            value=chosen,
            options=options,
            on_select=lambda event: set_chosen(event.control.value),
            expand=True,
        )
        body.append(pick)
    if problem:
        body.append(notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    mine = signed_in.device_id if signed_in else ""
    body += [_device(t, line, line.id == mine, asking == line.id, set_asking, end) for line in lines]
    return screen(t("Các máy khảo sát"), body, back=back, back_label=t("Quay lại"))


def _device(
    t: Texts, line: DeviceLine, mine: bool, asking: bool, ask: Callable[[str], Any], end: Callable[..., Any]
) -> ft.Control:
    seen = t("Lần cuối: {when}", when=t.moment(line.last_seen)) if line.last_seen else t("Chưa nối lần nào")
    rows: list[ft.Control] = [
        paragraph(line.member.name, size=theme.LARGE, bold=True),
        paragraph(f"{line.name} · {t(STATE_WORDS[line.state])}"),
        paragraph(t("{seen} · {count} phiếu chưa gửi", seen=seen, count=line.unsent), weak=True),
    ]
    if mine:
        rows.append(paragraph(t("Đây là máy đang dùng."), weak=True))
    elif line.state is DeviceState.ACTIVE and not asking:
        label = t("Thôi dùng máy này, hoặc máy bị mất…")
        rows.append(ft.TextButton(content=label, on_click=lambda _event: ask(line.id), height=theme.TOUCH))
    elif line.state is DeviceState.ACTIVE:
        rows += _ways_to_end(t, line, ask, end)
    return panel(ft.Column(rows, spacing=6, tight=True), colour=ft.Colors.SURFACE_CONTAINER_LOWEST)


def _ways_to_end(t: Texts, line: DeviceLine, ask: Callable[[str], Any], end: Callable[..., Any]) -> list[ft.Control]:
    """The two ways to end a device, each explained, and one to do nothing: one careless tap ends nothing."""
    return [
        paragraph(t("Thôi dùng: máy nộp nốt phiếu rồi tự xóa dữ liệu.")),
        secondary_button(t("Thôi dùng máy này"), end(line, "revoke")),
        paragraph(t("Bị mất: máy bị cắt ngay, phiếu chưa gửi trên máy coi như mất; hệ thống ghi lại để báo cáo.")),
        secondary_button(t("Báo mất máy này"), end(line, "lost"), icon=ft.Icons.WARNING_AMBER),
        ft.TextButton(content=t("Không làm gì"), on_click=lambda _event: ask(""), height=theme.TOUCH),
    ]
