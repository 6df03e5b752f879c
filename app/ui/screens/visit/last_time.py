"""At a repeat visit: what the family said last time, all in sight, and whether anything has changed since."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.responses import Campaign
from app.ui import theme
from app.ui.components.frame import notice, panel, paragraph
from app.ui.screens.visit.marks import Mark, answer_marks, mark_row, trait_marks
from app.ui.screens.visit.person import title_of
from app.ui.screens.visit.places import HOUSE
from app.ui.texts import Texts
from survey.drafts import ResponseDraft

Open = Callable[[str, str], Any]
"""Takes who (or `HOUSE`) and the field that a tapped mark is about."""


def last_time_step(
    t: Texts,
    draft: ResponseDraft,
    campaign: Campaign,
    to_ask: int,
    open_at: Open,
    same: Callable[[], Any],
    different: Callable[[], Any],
) -> list[ft.Control]:
    """One card with everything that holds from the last visit; every mark leads to its question. Under it, as large as
    each other, "Không đổi" and "Có thay đổi". `to_ask` counts the questions that are asked in any case."""
    lines: list[ft.Control] = []
    for place, resident in enumerate(draft.residents):
        if not resident.taken_out:
            told = answer_marks(t, resident.answers, resident.asked(campaign.form, campaign.round.reference_year))
            who = " · ".join([title_of(t, resident, place), *(mark.words for mark in trait_marks(t, resident))])
            lines += _of_one(who, resident.id, "birth_year", told, open_at)
    split_off = [title_of(t, one, place) for place, one in enumerate(draft.residents) if one.split_to]
    house = answer_marks(t, draft.answers, campaign.form.asked_of_household(draft.answers))
    if house:
        lines += _of_one(t("Ngôi nhà"), HOUSE, house[0].field, house, open_at)
    body: list[ft.Control] = [
        paragraph(t("Đọc cho gia đình nghe điều đã ghi lần trước, rồi hỏi: “Bây giờ có gì khác không ạ?”")),
        panel(ft.Column(lines, spacing=2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)),
    ]
    if split_off:
        words = t("Đã tách hộ, lần này không hỏi nữa: {people}.", people="; ".join(split_off))
        body.append(notice(words, icon=ft.Icons.CALL_SPLIT))
    if to_ask:
        body.append(paragraph(t("Còn {count} câu cần hỏi, sẽ hỏi tiếp sau đây.", count=to_ask), weak=True))
    return [*body, ft.Row([_way(t("Không đổi"), same), _way(t("Có thay đổi"), different)], spacing=10)]


def _of_one(title: str, who: str, first: str, marks: list[Mark], open_at: Open) -> list[ft.Control]:
    """Who it is, which leads to the `first` field, and what was said."""
    heading = ft.TextButton(
        content=title,
        on_click=lambda _event: open_at(who, first),
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.LARGE, bold=True),
            color=ft.Colors.ON_SURFACE,
            padding=ft.Padding(0, 12, 0, 12),
            alignment=ft.Alignment.CENTER_LEFT,
        ),
    )
    chips: list[ft.Control] = [_chip(mark, who, open_at) for mark in marks]
    return [heading, *([ft.Row(chips, wrap=True, spacing=6, run_spacing=6)] if chips else [])]


def _chip(mark: Mark, who: str, open_at: Open) -> ft.Control:
    return ft.TextButton(
        content=mark_row(mark, colour=ft.Colors.ON_SURFACE),
        on_click=lambda _event: open_at(who, mark.field),
        style=ft.ButtonStyle(
            padding=ft.Padding(12, 14, 12, 14),
            shape=ft.RoundedRectangleBorder(radius=12),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        ),
    )


def _way(words: str, on_click: Callable[[], Any]) -> ft.Control:
    return ft.FilledTonalButton(
        content=ft.Text(words, text_align=ft.TextAlign.CENTER),
        on_click=lambda _event: on_click(),
        expand=True,
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.LARGE, bold=True),
            padding=ft.Padding(8, 18, 8, 18),
            shape=ft.RoundedRectangleBorder(radius=14),
        ),
    )
