"""One household of the list, and the headings of the alleys between them."""

from collections.abc import Hashable
from typing import Any

import flet as ft

from app.store.household_list import ListedHousehold
from app.ui import theme
from app.ui.components.in_sight import Section, heading
from app.ui.components.retained import Retained
from app.ui.components.visit_state import visit_state
from app.ui.texts import Texts
from survey.alleys import alley_of


def household_line(
    t: Texts, row: ListedHousehold, *, is_asked: bool = False, with_alley: bool = False, words: str = ""
) -> ft.Control:
    """One household, in few controls and without a key: so Flet changes the rows at each letter typed instead of
    replacing them, which halves the time to draw. `words` stand there instead of how its last visit ended. One whose
    answers are too old to hold has faded."""
    icon, state, colour = visit_state(t, row)
    words = words or state
    if is_asked:
        words = t("{words} · đi trước", words=words)
    if with_alley and row.address:
        words = f"{row.address} · {words}"

    def open_household(_event: Any) -> None:
        ft.context.page.navigate(f"/households/{row.id}")

    return ft.ListTile(
        leading=ft.Icon(icon, color=colour, size=26),
        title=row.head_name,
        title_text_style=theme.line_style(theme.LARGE, bold=not row.is_stale),
        subtitle=words,
        subtitle_text_style=theme.line_style(15),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        shape=ft.RoundedRectangleBorder(radius=12),
        on_click=open_household,
        min_height=theme.TOUCH + 8,
        content_padding=ft.Padding(12, 0, 12, 0),
    )


def _line(
    lines: Retained, place: Hashable, t: Texts, row: ListedHousehold, *, is_asked: bool, with_alley: bool
) -> ft.Control:
    """The household's line, the same control as before if it stood at this place and says the same."""
    return lines.at(
        place,
        (t.language, row, is_asked, with_alley),
        lambda: household_line(t, row, is_asked=is_asked, with_alley=with_alley),
    )


def matching(t: Texts, rows: list[ListedHousehold], asked: frozenset[str], lines: Retained) -> list[ft.Control]:
    """What a search found, each with its alley."""
    return [_line(lines, place, t, row, is_asked=row.id in asked, with_alley=True) for place, row in enumerate(rows)]


def by_alley(
    t: Texts,
    rows: list[ListedHousehold],
    left: dict[tuple[str, str], int],
    villages: dict[str, str],
    asked: frozenset[str],
    lines: Retained,
) -> list[Section]:
    """A section for each alley, with how many doors are left there. What stands first for another
    reason (begun, sent back, asked for) stands under a heading of its own. `villages` names them where there are more
    than one."""
    shown: list[Section] = []
    before: tuple[str, str] | None = None
    for row in rows:
        is_first = row.has_draft or bool(row.to_fix) or row.ask_again or row.id in asked
        here = ("", "first") if is_first else (row.village_id, row.alley)
        if here != before:
            words = t("Làm trước") if is_first else _heading(t, row, left.get(here, 0), villages)
            shown.append(Section(words))
        before = here
        place = (len(shown), len(shown[-1].lines))
        shown[-1].lines.append(_line(lines, place, t, row, is_asked=row.id in asked, with_alley=is_first))
    return shown


def _heading(t: Texts, row: ListedHousehold, left: int, villages: dict[str, str]) -> str:
    where = alley_of(row.address) or t("Chưa rõ ngõ, xóm")
    if len(villages) > 1:
        where = f"{villages.get(row.village_id, '')} · {where}"
    return t("{alley} · còn {count}", alley=where, count=t.number(left)) if left else where


def alley_title(t: Texts, row: ListedHousehold) -> ft.Control:
    """The heading of the household's alley."""
    return heading(_heading(t, row, 0, {}))
