"""The buttons that add a person to the family's list: one tap each, with the words that the family uses."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.frame import paragraph, primary_button
from app.ui.texts import Texts
from survey.drafts import ResidentDraft
from survey.family import Offer, offers
from survey.field_words import relation_words

_PAIRS: tuple[tuple[Offer, ...], ...] = (
    (("spouse", "f"), ("spouse", "m")),
    (("child", "m"), ("child", "f")),
    (("parent", "m"), ("parent", "f")),
    (("other", None),),
)


def family_list(t: Texts, present: Sequence[ResidentDraft], add: Callable[[Offer], Any]) -> list[ft.Control]:
    """What to ask, and whom one tap adds. The head stands alone and first. The others keep their side of the screen,
    so that a finger finds them again."""
    free = offers(present)

    def button(offer: Offer) -> ft.Control:
        if offer not in free:
            return ft.Container(expand=True)
        return ft.OutlinedButton(
            content=t(relation_words(*offer)),
            icon=ft.Icons.ADD,
            on_click=lambda _event: add(offer),
            expand=True,
            style=ft.ButtonStyle(
                text_style=theme.label_style(theme.LARGE, bold=True),
                shape=ft.RoundedRectangleBorder(radius=14),
                padding=ft.Padding(8, 16, 8, 16),
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            ),
        )

    body: list[ft.Control] = [paragraph(t("Ai đang sống trong nhà này?"), size=theme.TITLE, bold=True)]
    if present:
        body.append(paragraph(t("Còn ai nữa không? Kể cả người đi làm xa và trẻ nhỏ."), size=theme.LARGE))
    else:
        body.append(paragraph(t("Bấm mỗi người một lần. Bắt đầu từ chủ hộ."), size=theme.LARGE))
    if ("head", None) in free:
        body.append(
            primary_button(t(relation_words("head", None)), lambda _event: add(("head", None)), icon=ft.Icons.ADD)
        )
    rows: list[ft.Control] = [
        ft.Row([button(offer) for offer in pair], spacing=8) for pair in _PAIRS if set(pair) & set(free)
    ]
    body.append(ft.Column(rows, spacing=8, tight=True))
    return body
