"""A question with its big answers: yes, no, and apart from them "không rõ". Nothing is chosen in advance."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.frame import SideBySide
from app.ui.texts import Texts
from survey.field_words import ANSWER_WORDS
from survey.questions import UNKNOWN, Question
from survey.records import AnswerValue

_SIDE_BY_SIDE = 3
_SHORT_WORDS = 220
"""What two answers beside each other need: “Không” stays in one piece."""


def choice(
    label: str,
    choices: list[tuple[str, str]],
    chosen: str | None,
    on_choose: Callable[[str], Any],
    *,
    apart: list[tuple[str, str]] | None = None,
    marked: bool = False,
) -> ft.Control:
    """Choices side by side under their label, read together by a screen reader; those `apart` are smaller and stand
    below. `marked` where it still needs an answer."""

    def chooses(value: str) -> Callable[[Any], Any]:
        return lambda _event: on_choose(value)

    wide = [_choice_button(words, value == chosen, chooses(value)) for value, words in choices]
    rows = [wide[first : first + _SIDE_BY_SIDE] for first in range(0, len(wide), _SIDE_BY_SIDE)]
    small = [_quiet_button(words, value == chosen, chooses(value)) for value, words in apart or []]
    return ft.Semantics(
        container=True,
        label=label,
        content=ft.Column(
            [
                ft.Semantics(
                    exclude_semantics=True,
                    content=ft.Text(
                        label,
                        size=theme.LARGE,
                        weight=ft.FontWeight.W_600 if marked else None,
                        color=ft.Colors.ERROR if marked else None,
                    ),
                ),
                *[SideBySide(row, least=_SHORT_WORDS) for row in rows],
                *([ft.Row(small, alignment=ft.MainAxisAlignment.CENTER, wrap=True)] if small else []),
            ],
            spacing=8,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def _choice_button(words: str, chosen: bool, on_click: Callable[[Any], Any]) -> ft.Control:
    button = ft.OutlinedButton(
        content=ft.Text(words, text_align=ft.TextAlign.CENTER),
        icon=ft.Icons.CHECK if chosen else None,
        on_click=on_click,
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.LARGE, bold=True),
            shape=ft.RoundedRectangleBorder(radius=14),
            padding=ft.Padding(6, 16, 6, 16),  # padding, not a height: the words may grow
            bgcolor=ft.Colors.PRIMARY if chosen else ft.Colors.SURFACE_CONTAINER_LOWEST,
            color=ft.Colors.ON_PRIMARY if chosen else ft.Colors.ON_SURFACE,
            side=ft.BorderSide(1.5, ft.Colors.PRIMARY if chosen else ft.Colors.OUTLINE),
        ),
    )
    return _chosen(button, chosen)


def _quiet_button(words: str, chosen: bool, on_click: Callable[[Any], Any]) -> ft.Control:
    """For an answer that is none: no colour of its own, and far enough from the others not to be hit by mistake."""
    button = ft.TextButton(
        content=words,
        icon=ft.Icons.CHECK if chosen else None,
        on_click=on_click,
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.BODY),
            padding=ft.Padding(24, 14, 24, 14),
            bgcolor=ft.Colors.ON_SURFACE_VARIANT if chosen else ft.Colors.SURFACE_CONTAINER_HIGHEST,
            color=ft.Colors.SURFACE if chosen else ft.Colors.ON_SURFACE_VARIANT,
        ),
    )
    return _chosen(button, chosen)


def _chosen(button: ft.Control, chosen: bool) -> ft.Control:
    """The button as one thing that says whether it is the chosen one."""
    return ft.MergeSemantics(ft.Semantics(selected=chosen, content=button))


def answer(
    t: Texts, question: Question, value: AnswerValue, on_answer: Callable[[AnswerValue], Any], *, marked: bool = False
) -> ft.Control:
    """One question of the catalogue with its answers and "không rõ"."""
    values: dict[str, AnswerValue] = {str(one): one for one in (*question.choices, UNKNOWN)}
    return choice(
        t(question.asks),
        [(str(one), t(ANSWER_WORDS[one])) for one in question.choices],
        None if value is None else str(value),
        lambda key: on_answer(values[key]),
        apart=[(UNKNOWN, t(ANSWER_WORDS[UNKNOWN]))],
        marked=marked,
    )
