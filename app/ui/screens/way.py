"""From a criterion that is not met to the doors: "Còn 2 nhà nữa là thôn đạt", and which ones, along the way."""

from typing import Any

import flet as ft

from app.actions.settings import choose_doors_first
from app.store.doors import WayHere, find_way_to_pass
from app.store.errands import find_chosen_criterion
from app.ui import theme
from app.ui.components.coverage_lines import missing_words
from app.ui.components.frame import notice, panel, paragraph, primary_button, screen, secondary_button
from app.ui.screens.household_line import alley_title, household_line
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.coverage import Door
from survey.criteria import MissingOf
from survey.vietnamese import format_date


@ft.component
def WayScreen() -> ft.Control:
    """The doors for one criterion of a village, the nearest first; one tap puts them first in the list."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    given = ft.use_route_params()
    village, no = given.get("village") or "", given.get("no") or ""
    found = ft.use_memo(
        lambda: workspace.read(find_way_to_pass, village, no, workspace.clock()), [state.revision, village, no]
    )
    is_chosen = workspace.read(find_chosen_criterion, village) == no

    def back(_event: Any) -> None:
        ft.context.page.navigate("/results")

    async def go_first(_event: Any) -> None:
        await workspace.save(choose_doors_first, village, no)
        ft.context.page.navigate("/households")

    async def as_before(_event: Any) -> None:
        await workspace.save(choose_doors_first, village, None)

    if found is None:
        done = notice(t("Tiêu chí này không còn thiếu gì."), icon=ft.Icons.CHECK_CIRCLE)
        return screen(t("Các nhà cần đến"), [done], back=back, back_label=t("Quay lại"))
    body: list[ft.Control] = [_headline(t, found)]
    if is_chosen:
        words = t("Các nhà này đang đứng đầu danh sách của anh/chị.")
        put_back = secondary_button(t("Để danh sách như cũ"), as_before)
        body.append(notice(words, icon=ft.Icons.FLAG_OUTLINED, action=put_back))
    before = ""
    for door, row in found.doors:
        if row.alley != before or door is found.doors[0][0]:
            body.append(alley_title(t, row))
        before = row.alley
        body.append(household_line(t, row, words=_why(t, door, found.way.missing.of)))
    if not found.doors:
        body.append(paragraph(t("Trên máy không có nhà nào để đến vì mục này.")))
    bottom = primary_button(t("Đi các nhà này trước"), go_first, icon=ft.Icons.FLAG_OUTLINED)
    return screen(
        t("Các nhà cần đến"),
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=bottom if found.doors and not is_chosen else None,
        gap=5,
    )


def _headline(t: Texts, found: WayHere) -> ft.Control:
    """How few doors are enough, what is missing, and by when at the present pace."""
    way = found.way
    if not way.enough:
        first = t("Gặp hết các nhà dưới đây vẫn chưa đủ để đạt.")
    elif found.is_last:
        first = t("Còn {count} nhà nữa là thôn đạt", count=t.number(way.enough))
    else:
        first = t("Còn {count} nhà nữa là đạt tiêu chí này", count=t.number(way.enough))
    lines = [paragraph(first, size=theme.TITLE, bold=True), paragraph(missing_words(t, way.missing))]
    if found.by:
        day = format_date(found.by)
        lines.append(paragraph(t("Đi đều như bốn tuần qua thì xong khoảng {day}.", day=day), weak=True))
    return panel(ft.Column(list(lines), spacing=6, tight=True), colour=ft.Colors.TERTIARY_CONTAINER)


def _why(t: Texts, door: Door, of: MissingOf) -> str:
    """Why this door: nobody was asked, or who has not got it yet."""
    if door.unvisited:
        return t("Chưa hỏi được")
    parts = []
    if door.answered_no:
        parts.append(t("{count} người chưa có", count=door.answered_no) if of == "residents" else t("Nhà chưa có"))
    if door.unknown:
        parts.append(t("{count} câu chưa rõ", count=door.unknown))
    return " · ".join(parts)
