"""The member's first screen: the village's households, which were visited, and what waits to be sent."""

from typing import Any

import flet as ft

from app.store.coverage import find_met
from app.store.errands import ErrandHere, list_errands
from app.store.households import ListedHousehold, count_households, list_households
from app.store.outbox import count_outbox
from app.store.sync_state import find_sign_in, list_villages
from app.ui import theme
from app.ui.components.coverage_lines import met_words
from app.ui.components.frame import icon_button, notice, paragraph, screen, secondary_button
from app.ui.components.navigation import navigation_bar
from app.ui.components.storage import place_banner
from app.ui.components.sync_line import sync_line
from app.ui.components.visit_state import visit_state
from app.ui.texts import Texts, later
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.coverage import Met
from survey.roles import Role

PAGE = 20
FILTERS = {
    "all": later("Tất cả"),
    "open": later("Chưa xong"),
    "waiting": later("Chờ gửi"),
    "visited": later("Đã xong"),
    "gone": later("Đã chuyển đi / bỏ trống"),
    "to_fix": later("Cần xem lại"),
}


@ft.component
def HouseholdsScreen() -> ft.Control:
    """Search, filters and a page of the list. Each letter typed searches the device's file at once."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    search, set_search = ft.use_state("")
    shown, set_shown = ft.use_state("all")
    pages, set_pages = ft.use_state(1)
    signed_in = workspace.read(find_sign_in)
    villages = ft.use_memo(lambda: workspace.read(list_villages), [state.revision])
    ids = [village.id for village in villages]
    key = [state.revision, search, shown]
    found = ft.use_memo(lambda: workspace.read(count_households, ids, search, shown), key)
    errands = ft.use_memo(lambda: workspace.read(list_errands, ids), [state.revision])
    asked = frozenset(household for one in errands for household in one.households)
    rows = ft.use_memo(
        lambda: workspace.read(list_households, ids, search, shown, limit=PAGE * pages, first=asked), [*key, pages]
    )
    counts = ft.use_memo(lambda: workspace.read(count_outbox), [state.revision])
    total = ft.use_memo(lambda: workspace.read(count_households, ids), [state.revision])
    met = ft.use_memo(lambda: workspace.read(find_met, ids), [state.revision])
    waiting = ft.use_memo(lambda: workspace.read(count_households, ids, "", "waiting"), [state.revision])

    names = {village.id: village.name for village in villages}

    def choose(value: str) -> None:
        set_pages(1)
        set_shown(value)

    def type_search(event: Any) -> None:
        set_search(event.control.value)
        set_pages(1)

    body: list[ft.Control] = [
        sync_line(t, state.sync, counts, lambda _event: workspace.loop.nudge()),
        _progress(t, met, waiting),
        *[_errand(t, one) for one in errands if not search],
        _search_field(t, search, type_search),
        _filters(t, shown, choose),
        *[_line(t, row, row.id in asked, names if len(ids) > 1 else {}) for row in rows],
    ]
    if not rows:
        body.append(_nothing(t, total, search, shown))
    if found > len(rows):
        more = t("Xem thêm ({count} hộ nữa)", count=t.number(found - len(rows)))
        body.append(secondary_button(more, lambda _event: set_pages(pages + 1)))
    title = t("Các hộ") if len(villages) != 1 else f"{villages[0].kind.capitalize()} {villages[0].name}"
    by_card = icon_button(ft.Icons.QR_CODE_SCANNER, t("Tìm bằng thẻ"), lambda _e: ft.context.page.navigate("/cards"))
    return screen(
        title,
        body,
        actions=[by_card],
        banner=place_banner(t, workspace, state),
        navigation=navigation_bar(t, signed_in.role if signed_in else Role.MEMBER, "/households"),
    )


def _progress(t: Texts, met: Met, waiting: int) -> ft.Control:
    """The report's figures, and separately what waits on this phone, which is never counted as met."""
    words = met_words(t, met)
    done = met.visited / met.registered if met.registered else 0
    if waiting:
        words += t(", thêm {count} hộ chờ gửi", count=t.number(waiting))
    return ft.Column(
        [
            ft.Text(words, size=theme.LARGE, weight=ft.FontWeight.W_600),
            ft.ProgressBar(
                value=done,
                bar_height=8,
                border_radius=4,
                semantics_label=words,
            ),
        ],
        spacing=6,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _search_field(t: Texts, search: str, on_change: Any) -> ft.Control:
    return ft.TextField(
        label=t("Tìm chủ hộ, xóm, số điện thoại"),
        value=search,
        on_change=on_change,
        prefix_icon=ft.Icons.SEARCH,
        autocorrect=False,
        text_size=theme.LARGE,
    )


def _filters(t: Texts, shown: str, choose: Any) -> ft.Control:
    return ft.Row(
        [
            ft.Chip(
                label=t(words),
                selected=shown == value,
                show_checkmark=False,
                on_select=lambda _event, value=value: choose(value),
                padding=ft.Padding(8, 10, 8, 10),
            )
            for value, words in FILTERS.items()
        ],
        scroll=ft.ScrollMode.AUTO,
        spacing=8,
    )


def _errand(t: Texts, one: ErrandHere) -> ft.Control:
    """What the commune or the lead asks to do first; its households stand first in the list."""
    words = t(
        "Đi trước {count} hộ: {title}. {who} nhờ ngày {day}.",
        count=t.number(len(one.households)),
        title=t(one.criterion.title),
        who=one.errand.asked_by,
        day=t.day(one.errand.asked_at) if one.errand.asked_at else "",
    )
    return notice(words, icon=ft.Icons.FLAG_OUTLINED)


def _line(t: Texts, row: ListedHousehold, is_asked: bool, names: dict[str, str]) -> ft.Control:
    """One household, in few controls and without a key: so Flet reuses the rows at each letter typed instead of
    replacing them, which halves the time to draw."""
    icon, words, colour = visit_state(t, row)
    where = [names[row.village_id]] if row.village_id in names else []
    if is_asked:
        words = t("{words} · đi trước", words=words)
    place = " · ".join(text for text in [*where, row.address] if text)
    return ft.ListTile(
        leading=ft.Icon(icon, color=colour, size=26),
        title=row.head_name,
        title_text_style=theme.line_style(theme.LARGE, bold=True),
        subtitle=f"{place}\n{words}" if place else words,
        subtitle_text_style=theme.line_style(15),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        shape=ft.RoundedRectangleBorder(radius=12),
        on_click=lambda _event: ft.context.page.navigate(f"/households/{row.id}"),
        min_height=72,
    )


def _nothing(t: Texts, total: int, search: str, shown: str) -> ft.Control:
    if total == 0:
        text = t("Chưa có danh sách hộ. Khi máy có mạng, danh sách sẽ tự tải về.")
        return notice(text, icon=ft.Icons.CLOUD_DOWNLOAD)
    if search:
        return notice(t("Không thấy hộ nào khớp “{search}”. Thử gõ ít chữ hơn.", search=search), icon=ft.Icons.SEARCH)
    if shown == "open":
        return paragraph(t("Đã xong tất cả các hộ. Cảm ơn anh/chị!"), bold=True)
    return paragraph(t("Không có hộ nào ở mục này."), weak=True)
