"""The village's team: who walks which alley (also offline), who is in it, and what each phone still has unsent."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.households import assign_alley
from app.actions.pin import require_pin
from app.store.pin import find_pin_rule
from app.store.sync_state import list_villages
from app.store.team import Alley, list_alleys, list_team
from app.ui import theme
from app.ui.components.choices import tick
from app.ui.components.frame import notice, panel, paragraph, primary_button, screen
from app.ui.components.team_devices import last_seen_words, use_team_devices
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.devices import DeviceLine, DeviceState
from survey.field_words import ROLE_WORDS
from survey.records import TeamMember
from survey.villages import full_name

NOBODY, SEVERAL = "nobody", "several"


@ft.component
def TeamScreen() -> ft.Control:
    """Alleys with the person of each, then the people with their phones. The primary action invites."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    villages = workspace.read(list_villages)
    given = ft.use_route_params().get("village") or ""
    chosen, set_chosen = ft.use_state(given or (villages[0].id if villages else ""))
    devices = use_team_devices(chosen)
    team = ft.use_memo(lambda: workspace.read(list_team, chosen), [state.revision, chosen])
    alleys = ft.use_memo(lambda: workspace.read(list_alleys, chosen), [state.revision, chosen])

    def assigning(alley: Alley) -> Callable[[Any], Any]:
        async def handler(event: Any) -> None:
            picked = str(event.control.value)
            if picked != SEVERAL:
                member = None if picked == NOBODY else picked
                await workspace.save(assign_alley, workspace.clock(), chosen, alley.key, member)
                workspace.loop.nudge()

        return handler

    async def choose_rule(required: bool) -> None:
        await workspace.save(require_pin, workspace.clock(), chosen, required)
        workspace.loop.nudge()

    def choosing(required: bool) -> None:
        ft.context.page.run_task(choose_rule, required)

    body: list[ft.Control] = []
    if len(villages) > 1:
        body.append(
            ft.Dropdown(
                label=t("Thôn"),
                value=chosen,
                options=[ft.DropdownOption(key=one.id, text=full_name(one)) for one in villages],
                on_select=lambda event: set_chosen(event.control.value),
            )
        )
    body.append(paragraph(t("Người trong tổ"), size=theme.LARGE, bold=True))
    if devices.problem:
        body.append(notice(devices.problem, icon=ft.Icons.CLOUD_OFF))
    if not team:
        body.append(paragraph(t("Chưa có ai. Anh/chị mời người vào tổ bằng nút ở cuối màn hình.")))
    theirs = {one.id: [line for line in devices.lines if line.member.id == one.id] for one in team}
    body += [_person(t, one, chosen, alleys, theirs[one.id], bool(devices.lines)) for one in team]
    away = [line for line in devices.lines if line.member.id not in theirs and line.state is not DeviceState.LOST]
    for line in away:
        words = t("{name} đã rời tổ; máy chưa nộp xong. {seen}", name=line.member.name, seen=last_seen_words(t, line))
        body.append(notice(words, icon=ft.Icons.PHONELINK_ERASE))
    if team and alleys:
        body.append(paragraph(t("Ngõ, xóm: ai đi nhà nào"), size=theme.LARGE, bold=True))
        body += [_alley(t, one, team, assigning(one)) for one in alleys]
    if chosen:
        rule = workspace.read(find_pin_rule, chosen)
        body.append(paragraph(t("Khóa máy"), size=theme.LARGE, bold=True))
        body.append(tick(t("Mỗi máy của tổ phải có mã PIN"), rule is not None and rule.required, choosing))
        body.append(paragraph(t("Máy chưa có thì lần mở sau phải đặt. Ai quên mã PIN thì lấy mã mời mới."), weak=True))
    return screen(
        t("Tổ của thôn"),
        body,
        back=lambda _event: ft.context.page.navigate("/device"),
        back_label=t("Quay lại"),
        bottom=primary_button(
            t("Mời người vào tổ"),
            lambda _event: ft.context.page.navigate(f"/invite/{chosen}"),
            icon=ft.Icons.PERSON_ADD,
        ),
    )


def _person(
    t: Texts, member: TeamMember, village: str, alleys: list[Alley], lines: list[DeviceLine], known: bool
) -> ft.Control:
    """The person with the alleys and phones; `known` is whether the server told of phones."""
    rows: list[ft.Control] = [
        paragraph(f"{member.name} · {t(ROLE_WORDS[member.role])}", size=theme.LARGE, bold=True),
    ]
    theirs = [one.name or t("(không ghi ngõ)") for one in alleys if one.only_member == member.id]
    if theirs:
        rows.append(paragraph(t("Phụ trách: {alleys}", alleys=", ".join(theirs))))
    active = [line for line in lines if line.state is DeviceState.ACTIVE]
    rows += [paragraph(f"{line.name} · {last_seen_words(t, line)}", weak=True) for line in active]
    if not active and known:
        rows.append(paragraph(t("Chưa có máy nào."), weak=True))
    label = t("Xem máy, đổi máy, rời tổ…")
    rows.append(
        ft.TextButton(
            content=label,
            tooltip=f"{member.name}: {label}",
            on_click=lambda _event: ft.context.page.navigate(f"/team/{village}/{member.id}"),
            style=ft.ButtonStyle(padding=ft.Padding(14, 14, 14, 14)),
        )
    )
    return panel(ft.Column(rows, spacing=4, tight=True), colour=ft.Colors.SURFACE_CONTAINER_LOWEST)


def _alley(t: Texts, alley: Alley, team: list[TeamMember], assign: Callable[[Any], Any]) -> ft.Control:
    """The alley with how far it is, and the choice of its person."""
    options = [ft.DropdownOption(key=NOBODY, text=t("Chưa giao ai"))]
    options += [ft.DropdownOption(key=one.id, text=one.name) for one in team]
    known = {one.id for one in team}
    value = alley.only_member or NOBODY
    if len(alley.assigned) > 1:
        value = SEVERAL
        options.append(ft.DropdownOption(key=SEVERAL, text=t("Nhiều người")))
    elif alley.only_member and alley.only_member not in known:
        options.append(ft.DropdownOption(key=alley.only_member, text=t("Người đã rời tổ")))
    name = alley.name or t("(không ghi ngõ)")
    words = t("{alley}: đã xong {done} trên {count} hộ", alley=name, done=alley.done, count=alley.households)
    return ft.Column(
        [
            paragraph(words),
            ft.Row(
                [
                    ft.Dropdown(
                        label=t("Ai đi {alley}", alley=name),
                        value=value,
                        options=options,
                        on_select=assign,
                        text_size=theme.BODY,
                        expand=True,
                    )
                ]
            ),
        ],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
