"""A village against its criteria, in full: what passes, what is missing, in words."""

from typing import Any

import flet as ft

from app.store.coverage import find_report
from app.store.outbox import count_outbox
from app.store.sync_state import find_sign_in, list_villages
from app.ui import theme
from app.ui.components.coverage_lines import (
    criterion_card,
    left_words,
    met_words,
    missing_words,
    result_badge,
    share_words,
)
from app.ui.components.frame import notice, panel, paragraph, screen
from app.ui.components.navigation import Navigation
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.coverage import CoverageReport, Missing, shortfall
from survey.records import Village
from survey.roles import Role


@ft.component
def VillageScreen() -> ft.Control:
    """The report of one village, opened from the commune's table."""
    t = use_texts()
    village = ft.use_route_params().get("village") or ""

    def back(_event: Any) -> None:
        ft.context.page.navigate("/commune")

    title, body = _report_of(village)
    return screen(title, body, back=back, back_label=t("Quay lại"), width=theme.WIDE)


@ft.component
def ResultsScreen() -> ft.Control:
    """The same report for the person's own villages. It counts only what the server confirmed."""
    workspace, t = use_workspace(), use_texts()
    use_app_state()
    signed_in = workspace.read(find_sign_in)
    villages: list[Village] = workspace.read(list_villages)
    chosen, set_chosen = ft.use_state("")
    shown = next((one.id for one in villages if one.id == chosen), villages[0].id if villages else "")
    title, body = _report_of(shown)
    if len(villages) > 1:
        body.insert(0, _village_choice(t, villages, shown, set_chosen))
    waiting = workspace.read(count_outbox).waiting
    if waiting:
        words = t("{count} phiếu còn chờ trên máy chưa được tính vào đây.", count=waiting)
        body.insert(0, notice(words, icon=ft.Icons.CLOUD_UPLOAD))
    role = signed_in.role if signed_in else Role.MEMBER
    return screen(title, body, navigation=Navigation(t, role, "/results"))


def _village_choice(t: Texts, villages: list[Village], shown: str, choose: Any) -> ft.Control:
    return ft.Dropdown(
        label=t("Thôn"),
        value=shown,
        options=[ft.DropdownOption(key=one.id, text=one.name) for one in villages],
        on_select=lambda event: choose(event.control.value),
        expand=True,
    )


def _report_of(village: str) -> tuple[str, list[ft.Control]]:
    """Title and body for one village. It uses hooks, so a screen calls it in every drawing."""
    workspace, t = use_workspace(), use_texts()
    state = use_app_state()
    report = ft.use_memo(lambda: workspace.read(find_report, village), [state.revision, village])
    if report is None:
        text = t("Chưa có số liệu của thôn này. Khi máy có mạng, số liệu sẽ tự tải về.")
        return t("Kết quả"), [notice(text, icon=ft.Icons.CLOUD_DOWNLOAD)]
    own = village in {one.id for one in workspace.read(list_villages)}
    return f"{report.village.kind.capitalize()} {report.village.name}", report_body(t, report, with_doors=own)


def report_body(t: Texts, report: CoverageReport, *, with_doors: bool) -> list[ft.Control]:
    """A report as a person reads it: the result, what is missing, then every criterion. `with_doors` where this device
    has the village's households: what is missing leads to them."""
    body: list[ft.Control] = [
        panel(
            ft.Column(
                [
                    result_badge(t, report.result, size=theme.TITLE),
                    paragraph(met_words(t, report.met), size=theme.LARGE),
                    paragraph(share_words(t, report.met)),
                    *([paragraph(left_words(t, report))] if report.left else []),
                    paragraph(t("Số liệu đã xác nhận đến {when}", when=t.moment(report.as_of)), weak=True, size=15),
                ],
                spacing=8,
                tight=True,
            )
        )
    ]
    missing = shortfall(report)
    if missing:
        lines = [_missing_line(t, report, one, with_doors=with_doors) for one in missing]
        title = paragraph(t("Còn thiếu gì để đạt"), size=theme.LARGE, bold=True)
        content = ft.Column([title, *lines], spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        body.append(panel(content, colour=ft.Colors.TERTIARY_CONTAINER))
    body.append(paragraph(t("Từng tiêu chí"), size=theme.LARGE, bold=True))
    return body + [criterion_card(t, line) for line in report.criteria]


def _missing_line(t: Texts, report: CoverageReport, one: Missing, *, with_doors: bool) -> ft.Control:
    """What one criterion lacks; a tap leads to the doors. What the village itself attests has none."""
    words = missing_words(t, one)
    if not with_doors or one.of == "items":
        return paragraph("• " + words)

    def show(_event: Any) -> None:
        ft.context.page.navigate(f"/results/{report.village.id}/{one.no}")

    return ft.ListTile(
        title=words,
        title_text_style=theme.line_style(theme.BODY, bold=True),
        subtitle=t("Xem các nhà cần đến"),
        subtitle_text_style=theme.line_style(theme.SMALL),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        on_click=show,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        shape=ft.RoundedRectangleBorder(radius=12),
        min_height=theme.TOUCH + 8,
        content_padding=ft.Padding(12, 0, 12, 0),
    )
