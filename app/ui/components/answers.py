"""A question with its big answers: yes, no, "không rõ". Nothing is chosen in advance."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.texts import Texts
from survey.field_words import ANSWER_WORDS
from survey.questions import UNKNOWN, Question
from survey.records import AnswerValue


def choice(
    label: str,
    choices: list[tuple[str, str]],
    chosen: str | None,
    on_choose: Callable[[str], Any],
    *,
    marked: bool = False,
) -> ft.Control:
    """A row of choices under its label, read together by a screen reader; `marked` where it still needs an answer."""

    def chose(event: Any) -> None:
        selected = list(event.control.selected)
        if selected:
            on_choose(selected[0])

    return ft.Semantics(
        container=True,
        label=label,
        content=ft.Column(
            [
                ft.Semantics(
                    exclude_semantics=True,
                    content=ft.Text(
                        label,
                        size=theme.BODY,
                        weight=ft.FontWeight.W_600 if marked else None,
                        color=ft.Colors.ERROR if marked else None,
                    ),
                ),
                ft.SegmentedButton(
                    segments=[ft.Segment(value=value, label=ft.Text(words, size=15)) for value, words in choices],
                    selected=[chosen] if chosen is not None else [],
                    allow_empty_selection=True,
                    show_selected_icon=False,
                    on_change=chose,
                    width=float("inf"),
                    style=ft.ButtonStyle(
                        shape=ft.RoundedRectangleBorder(radius=12),
                        padding=ft.Padding(4, 16, 4, 16),  # makes each segment 48 high, which `height` does not
                        bgcolor={ft.ControlState.SELECTED: ft.Colors.PRIMARY},
                        color={ft.ControlState.SELECTED: ft.Colors.ON_PRIMARY},
                    ),
                ),
            ],
            spacing=6,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def answer(
    t: Texts, question: Question, value: AnswerValue, on_answer: Callable[[AnswerValue], Any], *, marked: bool = False
) -> ft.Control:
    """One question of the catalogue with its answers and "không rõ"."""
    values: dict[str, AnswerValue] = {str(one): one for one in (*question.choices, UNKNOWN)}
    return choice(
        t(question.asks),
        [(key, t(ANSWER_WORDS[one])) for key, one in values.items() if one is not None],
        None if value is None else str(value),
        lambda key: on_answer(values[key]),
        marked=marked,
    )
