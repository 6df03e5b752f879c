"""One person of the team: their phones, a code for another phone, and leaving the team."""

from typing import Any, Literal

import flet as ft

from app.store.sync_state import find_sign_in
from app.store.team import list_alleys, list_team
from app.ui.components.frame import notice, panel, paragraph, primary_button, quiet_button, screen, secondary_button
from app.ui.components.team_devices import DevicePanel, use_team_devices
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.devices import DeviceLine, DeviceState
from survey.field_words import ROLE_WORDS
from survey.roles import Role


@ft.component
def TeamMemberScreen() -> ft.Control:
    """A lost phone, a new phone and a farewell, in this order."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    params = ft.use_route_params()
    village, identity = params.get("village") or "", params.get("member") or ""
    devices = use_team_devices(village)
    signed_in = workspace.read(find_sign_in)
    member = next((one for one in workspace.read(list_team, village) if one.id == identity), None)
    alleys = ft.use_memo(lambda: workspace.read(list_alleys, village), [state.revision])
    leaving, set_leaving = ft.use_state(False)
    has_left, set_has_left = ft.use_state(False)

    def back(_event: Any) -> None:
        ft.context.page.navigate(f"/team/{village}")

    def invite(_event: Any) -> None:
        ft.context.page.navigate(f"/invite/{village}/{identity}")

    async def end(line: DeviceLine, how: Literal["revoke", "lost"]) -> None:
        await devices.call(lambda token: workspace.client.end_device(token, line.id, how))

    async def leave(_event: Any) -> None:
        set_leaving(False)
        set_has_left(await devices.call(lambda token: workspace.client.end_membership(token, village, identity)))
        workspace.loop.nudge()

    if member is None or signed_in is None or has_left:
        words = t("Đã rời tổ. Phiếu đã ghi vẫn còn; máy nộp nốt phiếu chưa gửi rồi tự xóa dữ liệu của thôn.")
        if not has_left:
            words = t("Người này không có trong tổ của thôn.")
        return screen(t("Tổ viên"), [notice(words, icon=ft.Icons.INFO_OUTLINE)], back=back, back_label=t("Quay lại"))
    theirs = [line for line in devices.lines if line.member.id == identity]
    body: list[ft.Control] = [paragraph(t(ROLE_WORDS[member.role]))]
    names = [one.name or t("(không ghi ngõ)") for one in alleys if one.only_member == identity]
    if names:
        body.append(paragraph(t("Phụ trách: {alleys}", alleys=", ".join(names))))
    if devices.problem:
        body.append(notice(devices.problem, icon=ft.Icons.CLOUD_OFF))
    body += [DevicePanel(line, line.id == signed_in.device_id, end) for line in theirs]
    body.append(paragraph(t("Máy mất: báo mất máy cũ ở trên, rồi lấy mã cho máy mới ở dưới."), weak=True))
    unsent = sum(line.unsent for line in theirs if line.state is DeviceState.ACTIVE)
    runs_it = member.role is Role.MEMBER or signed_in.role is Role.OFFICIAL
    if identity != signed_in.member_id and runs_it:
        if leaving:
            body.append(_farewell(unsent, member.name, leave, lambda _event: set_leaving(False)))
        else:
            label = t("Cho rời tổ…")
            body.append(quiet_button(label, lambda _event: set_leaving(True)))
    return screen(
        member.name,
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Lấy mã cho máy mới"), invite, icon=ft.Icons.QR_CODE),
    )


@ft.component
def _farewell(unsent: int, name: str, leave: Any, stay: Any) -> ft.Control:
    """What leaving means, with the unsent work that the server knows of, before it is done."""
    t = use_texts()
    lines = [paragraph(t("{name} rời tổ của thôn?", name=name), bold=True)]
    if unsent:
        lines.append(
            paragraph(
                t(
                    "Máy của {name} còn {count} phiếu chưa gửi. Nên nhờ gửi hết trước khi rời tổ.",
                    name=name,
                    count=unsent,
                )
            )
        )
    lines.append(paragraph(t("Phiếu đã ghi vẫn còn. Máy nộp nốt phiếu chưa gửi, rồi tự xóa dữ liệu của thôn.")))
    ways = [
        secondary_button(t("Cho rời tổ"), leave, icon=ft.Icons.LOGOUT),
        quiet_button(t("Không làm gì"), stay),
    ]
    return panel(ft.Column([*lines, *ways], spacing=8, tight=True))
