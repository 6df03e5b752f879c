"""The buttons that add a person to the family's list: one tap each, with the words that the family uses."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.frame import SideBySide, paragraph
from app.ui.texts import Texts
from survey.drafts import ResidentDraft
from survey.family import Offer, offers
from survey.field_words import relation_words

_SHORT_WORDS = 220
_ROWS: tuple[tuple[Offer, ...], ...] = (
    (("head", None),),
    (("spouse", "f"), ("spouse", "m")),
    (("child", "m"), ("child", "f")),
    (("parent", "m"), ("parent", "f")),
    (("other", None),),
)


def family_list(t: Texts, present: Sequence[ResidentDraft], add: Callable[[Offer], Any]) -> list[ft.Control]:
    """What to ask, and whom one tap adds. The head stands alone and first.

    Nothing here moves while it is tapped, or a fast finger would add somebody else: who cannot be added again keeps
    the place, as a mark that they are in the list, or empty.
    """
    free = offers(present)
    listed = {(one.relation, None if one.relation == "head" else one.sex) for one in present}

    def place(offer: Offer) -> ft.Control:
        words = t(relation_words(*offer))
        if offer not in free and offer not in listed:
            return ft.Container()
        is_free = offer in free
        button = ft.OutlinedButton(
            content=words,
            icon=ft.Icons.ADD if is_free else ft.Icons.CHECK,
            on_click=lambda _event: add(offer),
            disabled=not is_free,
            style=_style(is_first=is_free and offer[0] == "head", is_free=is_free),
        )
        return button if is_free else ft.Semantics(exclude_semantics=True, content=button)

    rows: list[ft.Control] = [SideBySide([place(offer) for offer in row], least=_SHORT_WORDS) for row in _ROWS]
    return [
        paragraph(t("Ai đang sống trong nhà này?"), size=theme.TITLE, bold=True),
        paragraph(t("Bấm mỗi người một lần, kể cả người đi làm xa và trẻ nhỏ."), size=theme.LARGE),
        ft.Column(rows, spacing=8, tight=True),
    ]


def _style(*, is_first: bool, is_free: bool) -> ft.ButtonStyle:
    """`is_first`: the one thing to tap. What is not free is a mark, read but not tapped."""
    background, colour = ft.Colors.SURFACE_CONTAINER_LOWEST, ft.Colors.PRIMARY
    if is_first:
        background, colour = ft.Colors.PRIMARY, ft.Colors.ON_PRIMARY
    elif not is_free:
        background, colour = ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE_VARIANT
    return ft.ButtonStyle(
        text_style=theme.label_style(theme.LARGE, bold=True),
        shape=ft.RoundedRectangleBorder(radius=14),
        padding=ft.Padding(8, 14, 8, 14),
        bgcolor=background,
        color=colour,
        icon_color=colour,
        side=ft.BorderSide(1, ft.Colors.OUTLINE if is_free else ft.Colors.TRANSPARENT),
    )
