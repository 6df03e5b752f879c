"""The official's table: every village against every criterion, and how many pass."""

import flet as ft

from app.store.coverage import find_commune_coverage
from app.store.sync_state import find_sign_in
from app.ui import theme
from app.ui.components.coverage_lines import met_words, percent, result_badge, result_icon, share_words
from app.ui.components.frame import notice, panel, paragraph, screen
from app.ui.components.navigation import Navigation
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_window, use_workspace
from survey.coverage import CommuneCoverage, CoverageReport, CriterionCoverage
from survey.criteria import Result
from survey.roles import Role

# Ten criteria fit on an office screen of 1366 pixels.
NAME_WIDTH, SURVEYED_WIDTH, RESULT_WIDTH, CRITERION_WIDTH = 118, 84, 146, 94


@ft.component
def CommuneScreen() -> ft.Control:
    """The commune's own figures, then the table; a row opens the village."""
    workspace, state, t, window = use_workspace(), use_app_state(), use_texts(), use_window()
    signed_in = workspace.read(find_sign_in)
    coverage = ft.use_memo(
        lambda: workspace.read(find_commune_coverage, signed_in.commune) if signed_in else None, [state.revision]
    )
    navigation = Navigation(t, signed_in.role if signed_in else Role.OFFICIAL, "/commune")
    if coverage is None or signed_in is None:
        text = t("Đang tải số liệu của các thôn…")
        return screen(t("Tổng hợp"), [notice(text, icon=ft.Icons.CLOUD_DOWNLOAD)], navigation=navigation)
    commune = signed_in.commune
    return screen(
        f"{commune.kind.capitalize()} {commune.name}",
        [_summary(t, coverage, stacked=window.width / window.scale < theme.WIDE), _table(t, coverage, window.scale)],
        navigation=navigation,
        width=2400,
    )


def _open(village: str) -> None:
    ft.context.page.navigate(f"/villages/{village}")


def _summary(t: Texts, coverage: CommuneCoverage, *, stacked: bool) -> ft.Control:
    counted = panel(
        ft.Column(
            [
                ft.Text(
                    t("{passed} trên {total} thôn đạt", passed=coverage.passed, total=coverage.total),
                    size=26,
                    weight=ft.FontWeight.W_700,
                    color=ft.Colors.PRIMARY,
                ),
                paragraph(met_words(t, coverage.met), size=theme.LARGE),
                paragraph(share_words(t, coverage.met)),
            ],
            spacing=4,
            tight=True,
        )
    )
    by = ft.Column(
        [
            paragraph(t(coverage.criteria_set.title), bold=True),
            paragraph(t(coverage.criteria_set.document), weak=True, size=15),
            paragraph(t("Số liệu đến {when}", when=t.moment(coverage.as_of)), weak=True, size=15),
        ],
        spacing=2,
        tight=True,
    )
    if stacked:
        return ft.Column([counted, by], spacing=12, tight=True)
    by.expand = True
    return ft.Row([counted, by], spacing=20)


def _table(t: Texts, coverage: CommuneCoverage, scale: float) -> ft.Control:
    """Rows of fixed width, as wide as their words need, that scroll sideways together. A data table would cut the
    headings."""
    rows = [_heading(t, coverage.totals, scale), _totals(t, coverage, scale)]
    # What needs work comes first; within that the order stays Vietnamese.
    order = [Result.NOT_MET, Result.NOT_ENOUGH_DATA, Result.MET, Result.NOT_APPLICABLE]
    villages = sorted(coverage.villages, key=lambda report: order.index(report.result))
    rows += [_village(t, report, scale) for report in villages]
    width = NAME_WIDTH + SURVEYED_WIDTH + RESULT_WIDTH + CRITERION_WIDTH * len(coverage.totals) + 16
    return ft.Row([ft.Column(rows, spacing=4, width=width * scale)], scroll=ft.ScrollMode.AUTO)


def _cell(content: ft.Control, width: float) -> ft.Control:
    return ft.Container(content, width=width, padding=ft.Padding(4, 1, 4, 1))


def _heading(t: Texts, lines: list[CriterionCoverage], scale: float) -> ft.Control:
    def words(text: str, width: int, note: str = "") -> ft.Control:
        title = ft.Text(text, size=12, weight=ft.FontWeight.W_600, max_lines=5, overflow=ft.TextOverflow.ELLIPSIS)
        parts: list[ft.Control] = [title]
        if note:
            parts.append(ft.Text(note, size=12, color=ft.Colors.ON_SURFACE_VARIANT))
        return _cell(ft.Column(parts, spacing=2, tight=True, tooltip=text), width * scale)

    cells = [words(t("Thôn"), NAME_WIDTH), words(t("Đã khảo sát / hộ"), SURVEYED_WIDTH)]
    cells.append(words(t("Kết quả"), RESULT_WIDTH))
    for line in lines:
        note = t("trên {who}", who=t(line.denominator_name)) if line.kind == "ratio" else ""
        cells.append(words(f"{line.no}. {t(line.title)}", CRITERION_WIDTH, note))
    return ft.Container(
        ft.Row(cells, spacing=0, vertical_alignment=ft.CrossAxisAlignment.END), padding=ft.Padding(8, 4, 8, 4)
    )


def _totals(t: Texts, coverage: CommuneCoverage, scale: float) -> ft.Control:
    cells = [
        _cell(ft.Text(t("Toàn xã"), size=theme.BODY, weight=ft.FontWeight.W_700), NAME_WIDTH * scale),
        _cell(_figures(t, coverage.surveyed, coverage.registered), SURVEYED_WIDTH * scale),
        _cell(
            ft.Text(
                t("{passed}/{total} đạt", passed=coverage.passed, total=coverage.total),
                size=theme.BODY,
                weight=ft.FontWeight.W_700,
            ),
            RESULT_WIDTH * scale,
        ),
        *[_cell(_criterion(t, line, total=True), CRITERION_WIDTH * scale) for line in coverage.totals],
    ]
    return ft.Container(
        ft.Row(cells, spacing=0),
        padding=ft.Padding(8, 4, 8, 4),
        border_radius=12,
        bgcolor=ft.Colors.SECONDARY_CONTAINER,
    )


def _village(t: Texts, report: CoverageReport, scale: float) -> ft.Control:
    name = report.village.name
    cells = [
        _cell(ft.Text(name, size=theme.BODY, weight=ft.FontWeight.W_600), NAME_WIDTH * scale),
        _cell(_figures(t, report.surveyed, report.registered), SURVEYED_WIDTH * scale),
        _cell(result_badge(t, report.result, size=14), RESULT_WIDTH * scale),
        *[_cell(_criterion(t, line), CRITERION_WIDTH * scale) for line in report.criteria],
    ]
    return ft.Semantics(
        button=True,
        label=t("Xem thôn {name}", name=name),
        content=ft.Container(
            ft.Row(cells, spacing=0),
            padding=ft.Padding(8, 4, 8, 4),
            border_radius=12,
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            ink=True,
            on_click=lambda _event: _open(report.village.id),
        ),
        key=report.village.id,
    )


def _figures(t: Texts, part: int, whole: int) -> ft.Control:
    return ft.Text(f"{t.number(part)}/{t.number(whole)}", size=13, no_wrap=True)


def _criterion(t: Texts, line: CriterionCoverage, *, total: bool = False) -> ft.Control:
    """Numerator over denominator, the rate, and the result's icon; attested items as yes, no or a count."""
    if line.kind == "ratio":
        first, second = f"{t.number(line.numerator or 0)}/{t.number(line.denominator or 0)}", percent(t, line)
    elif total:
        first, second = f"{line.numerator}/{line.denominator}", t("thôn có")
    elif line.numerator is None:
        first, second = t("chưa xác nhận"), ""
    else:
        first, second = (t("Có") if line.numerator else t("Không")) if line.kind == "boolean" else "", ""
        first = first or t.number(line.numerator)
    below: list[ft.Control] = [] if total else [result_icon(t, line.result)]
    if second:
        below.append(ft.Text(second, size=14, weight=ft.FontWeight.W_600))
    return ft.Column(
        [ft.Text(first, size=13, no_wrap=True), ft.Row(below, spacing=4, tight=True)], spacing=0, tight=True
    )
