"""The member's first screen: what is to be done, door by door, and what waits to be sent."""

from typing import Any

import flet as ft

from app.store.coverage import find_met
from app.store.doubts import DoubtHere, list_asked_of
from app.store.errands import ErrandHere, list_errands
from app.store.household_counts import count_by_filter, count_open_by_alley
from app.store.household_list import count_households, list_households
from app.store.outbox import count_outbox
from app.store.rounds import find_fresh_since
from app.store.sync_state import find_sign_in, list_villages
from app.ui import theme
from app.ui.components.coverage_lines import met_words
from app.ui.components.frame import EDGE, icon_button, notice, paragraph, quiet_button, screen
from app.ui.components.in_sight import Scrolled, Section
from app.ui.components.navigation import Navigation
from app.ui.components.retained import Retained
from app.ui.components.storage import PlaceBanner
from app.ui.components.sync_line import ShortSyncLine
from app.ui.components.typed_field import Typed, typed_field, use_typed
from app.ui.screens.household_line import by_alley, matching
from app.ui.screens.list_place import PlaceKeeper
from app.ui.texts import Texts, later
from app.ui.workspace import use_texts, use_window, use_workspace
from survey.coverage import Met
from survey.doubt_words import doubt_words
from survey.roles import Role

PAGE, MORE, GAP = 30, 40, 5
FILTERS = {
    "open": later("Chưa xong"),
    "waiting": later("Chờ gửi"),
    "to_fix": later("Cần sửa"),
    "refused": later("Từ chối"),
    "absent": later("Vắng"),
    "visited": later("Đã xong"),
    "mine": later("Của tôi"),
    "gone": later("Đã chuyển đi"),
    "all": later("Tất cả"),
}
ALWAYS_THERE = {"open", "visited", "all"}


@ft.component
def HouseholdsScreen() -> ft.Control:
    """Search, filters and the doors of an alley after the other. Each letter typed searches the device's file at once.

    Who shows it draws it again when the app's state changes. More rows come as the last ones draw near; part, search
    and how far it is scrolled are kept over a restart.
    """
    workspace, t, window = use_workspace(), use_texts(), use_window()
    revision = workspace.state.revision
    kept: PlaceKeeper = ft.use_memo(lambda: PlaceKeeper(workspace), [])
    first = kept.place
    scrolled: Scrolled = ft.use_memo(lambda: Scrolled(EDGE, first.offset), [])
    typed = use_typed(first.search)
    search, set_search = ft.use_state(first.search)
    shown, set_shown = ft.use_state(first.shown if first.shown in FILTERS else "open")
    wanted, set_wanted = ft.use_state(first.rows)
    taps, set_taps = ft.use_state(0)
    lines: Retained = ft.use_memo(Retained, [])

    def choose(value: str) -> None:
        set_wanted(0)
        set_shown(value)
        set_taps(taps + 1)
        kept.move(shown=value, rows=0)

    def type_search(text: str) -> None:
        set_search(text)
        set_wanted(0)
        kept.move(search=text, rows=0)

    def clear(_event: Any) -> None:
        typed.put("")
        type_search("")

    async def go_on_typing() -> None:
        typed.put(workspace.place.early_search())
        type_search(workspace.place.early_search())

    def listen() -> None:
        page = ft.context.page
        workspace.place.on_early_search(lambda: page.run_task(go_on_typing))

    ft.use_effect(listen, [])
    villages = ft.use_memo(lambda: workspace.read(list_villages), [revision])
    ids = [village.id for village in villages]
    part = shown if not search.strip() else "all"
    key = [revision, search, part]
    fresh_since = ft.use_memo(lambda: workspace.read(find_fresh_since, workspace.clock()), [revision])
    errands = ft.use_memo(lambda: workspace.read(list_errands, ids), [revision])
    asked = frozenset(household for one in errands for household in one.households)
    limit = max(wanted, PAGE, int(window.height / theme.TOUCH))  # at first more than the window shows
    rows = ft.use_memo(
        lambda: workspace.read(list_households, ids, search, part, limit=limit, first=asked, fresh_since=fresh_since),
        [*key, limit],
    )
    found = ft.use_memo(lambda: workspace.read(count_households, ids, search, part, fresh_since), key)
    sizes = ft.use_memo(lambda: workspace.read(count_by_filter, ids, fresh_since), [revision])
    left = ft.use_memo(lambda: workspace.read(count_open_by_alley, ids, fresh_since), [revision])
    counts = ft.use_memo(lambda: workspace.read(count_outbox), [revision])
    met = ft.use_memo(lambda: workspace.read(find_met, ids), [revision])
    signed_in = ft.use_memo(lambda: workspace.read(find_sign_in), [revision])

    asked_of = ft.use_memo(
        lambda: workspace.read(list_asked_of, signed_in.member_id, ids) if signed_in else [], [revision]
    )

    def grow() -> None:
        if found > len(rows):
            set_wanted(limit + MORE)
            kept.move(rows=limit + MORE)

    scrolled.near_end = grow
    scrolled.ended = lambda offset: kept.move(offset=offset)

    names = {village.id: village.name for village in villages}
    lines.begin()
    if search.strip():
        sections = [Section("", matching(t, rows, asked, lines))]
    else:
        sections = by_alley(t, rows, left, names, asked, lines)
    body: list[ft.Control] = [
        ShortSyncLine(counts, lambda _event: workspace.loop.nudge()),
        _progress(t, met, sizes["waiting"]),
        *[_errand(t, one) for one in errands if not search],
        *[_asked_of(t, one) for one in asked_of[:1] if not search],
        ft.Container(_search_field(t, typed, type_search, clear), padding=ft.Padding(0, 6, 0, 0)),
        _found(t, found) if search.strip() else _filters(t, sizes, shown, taps, choose),
        *scrolled.show(sections, GAP),
    ]
    if not rows:
        body.append(_nothing(t, sizes["all"], search, shown))
    title = t("Các hộ") if len(villages) != 1 else f"{villages[0].kind.capitalize()} {villages[0].name}"
    add = icon_button(ft.Icons.ADD_HOME, t("Thêm hộ mới"), lambda _e: ft.context.page.navigate("/new-household"))
    by_card = icon_button(ft.Icons.QR_CODE_SCANNER, t("Tìm bằng thẻ"), lambda _e: ft.context.page.navigate("/cards"))
    return screen(
        title,
        body,
        actions=[add, by_card] if villages else [by_card],
        banner=PlaceBanner(),
        navigation=Navigation(t, signed_in.role if signed_in else Role.MEMBER, "/households"),
        gap=GAP,
        subtitle=in_short(t, met, sizes["waiting"]) if met.registered else "",
        scrolled=scrolled,
    )


def _asked_of(t: Texts, one: DoubtHere) -> ft.Control:
    """A question about the person's own visits, with the way to the answer."""
    way = quiet_button(t("Trả lời"), lambda _event: ft.context.page.navigate(f"/review/{one.id}"))
    return notice(t(doubt_words(one.doubt, one.village)), icon=ft.Icons.CHAT_BUBBLE_OUTLINE, action=way)


def _progress(t: Texts, met: Met, waiting: int) -> ft.ProgressBar:
    """The report's figures, and separately what waits on this phone, which is never counted as met."""
    words = met_words(t, met)
    done = met.visited / met.registered if met.registered else 0
    if waiting:
        words += t(", thêm {count} hộ chờ gửi", count=t.number(waiting))
    return ft.ProgressBar(value=done, bar_height=8, border_radius=4, semantics_label=words)


def in_short(t: Texts, met: Met, waiting: int) -> str:
    """How many were met, and how many of them wait to be sent: under the title."""
    words = t("Đã gặp {met} trên {all} hộ", met=t.number(met.visited), all=t.number(met.registered))
    return words + t(" · {count} chờ gửi", count=t.number(waiting)) if waiting else words


def _found(t: Texts, found: int) -> ft.Control:
    return ft.Container(
        paragraph(t("Thấy {count} hộ", count=t.number(found)), weak=True), padding=ft.Padding(4, 2, 4, 2)
    )


def _search_field(t: Texts, typed: Typed, on_change: Any, clear: Any) -> ft.Control:
    return typed_field(
        t("Tìm chủ hộ, xóm, số điện thoại"),
        typed,
        on_change,
        prefix_icon=ft.Icons.SEARCH,
        suffix_icon=icon_button(ft.Icons.CLOSE, t("Xóa chữ tìm"), clear) if typed.text else None,
        autocorrect=False,
        content_padding=ft.Padding(12, 14, 12, 14),
    )


def _filters(t: Texts, sizes: dict[str, int], shown: str, taps: int, choose: Any) -> ft.Control:
    """The parts of the list with how many households each has; an empty one is hidden, unless it is looked at."""

    def chip(value: str) -> ft.Control:
        return ft.Chip(
            label=ft.Text(t("{part} {count}", part=t(FILTERS[value]), count=t.number(sizes[value])), size=13),
            # A chip that is tapped again would show itself as no longer chosen: each tap makes the chosen one anew.
            key=f"{value} {taps if value == shown else ''}",
            selected=shown == value,
            show_checkmark=False,
            on_select=lambda _event: choose(value),
            padding=ft.Padding(2, 8, 2, 8),
        )

    there = [value for value in FILTERS if sizes[value] or value in ALWAYS_THERE or value == shown]
    return ft.Row([chip(value) for value in there], wrap=True, spacing=6, run_spacing=0)


def _errand(t: Texts, one: ErrandHere) -> ft.Control:
    return notice(errand_words(t, one), icon=ft.Icons.FLAG_OUTLINED)


def errand_words(t: Texts, one: ErrandHere) -> str:
    """What the commune or the lead asks to do first; its households stand first in the list."""
    if one.is_own:
        return t(
            "Đi trước {count} hộ anh/chị đã chọn: {title}.", count=len(one.households), title=t(one.criterion.title)
        )
    return t(
        "Đi trước {count} hộ: {title}. {who} nhờ ngày {day}.",
        count=t.number(len(one.households)),
        title=t(one.criterion.title),
        who=one.errand.asked_by,
        day=t.day(one.errand.asked_at) if one.errand.asked_at else "",
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
