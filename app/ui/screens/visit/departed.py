"""Taking a person out of the form, with a reason if they were there last time, and putting them back."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.frame import SideBySide, panel, paragraph, secondary_button
from app.ui.texts import Texts
from survey.drafts import ResidentDraft
from survey.field_words import DEPARTURE_WORDS, departure_words
from survey.records import Departure


def why_gone(t: Texts, title: str, choose: Callable[[Departure], Any], keep: Callable[[], Any]) -> ft.Control:
    """A button for each reason to take the person out, and one to keep them."""

    def chosen(reason: Departure) -> Callable[[Any], Any]:
        return lambda _event: choose(reason)

    return panel(
        ft.Column(
            [
                ft.Text(title, size=theme.LARGE, weight=ft.FontWeight.W_600),
                paragraph(t("Lần trước người này có trong nhà. Vì sao lần này bỏ ra?")),
                *[secondary_button(t(words), chosen(reason)) for reason, words in DEPARTURE_WORDS.items()],
                secondary_button(t("Không bỏ, giữ người này"), lambda _event: keep(), icon=ft.Icons.UNDO),
            ],
            spacing=10,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        colour=ft.Colors.TERTIARY_CONTAINER,
    )


def taken_out(
    t: Texts, title: str, resident: ResidentDraft, *, was_there: bool, now: bool, put_back: Callable[[], Any]
) -> ft.Control:
    """A person who was taken out, with the reason and the way back; `now` in this step, else some time ago."""
    words = [t("sinh {year}", year=resident.birth_year)] if resident.birth_year else []
    if resident.taken_out and was_there:
        words.append(t(departure_words(resident.taken_out, resident.split_to)))
    elif not now:
        words.append(t("Đã bỏ khỏi phiếu"))
    heading = ft.Text(
        t("Đã bỏ “{who}”", who=title) if now else title,
        size=theme.LARGE,
        color=ft.Colors.ON_SURFACE_VARIANT,
        style=None if now else ft.TextStyle(decoration=ft.TextDecoration.LINE_THROUGH),
    )
    lines: list[ft.Control] = [heading]
    if words:
        lines.append(paragraph(" · ".join(words), weak=True))
    return ft.Container(
        SideBySide(
            [
                ft.Semantics(
                    container=True,
                    live_region=now,
                    content=ft.Column(lines, spacing=4, tight=True),
                ),
                secondary_button(
                    t("Hoàn tác") if now else t("Đưa trở lại"), lambda _event: put_back(), icon=ft.Icons.UNDO
                ),
            ],
            grow=0,
            spacing=12,
        ),
        padding=16,
        border_radius=16,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
    )
