"""The steps of a visit: which there are, where a question stands, and the way to what is still missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.screens.visit.places import HOUSE
from app.ui.texts import Texts, later
from survey.drafts import ResponseDraft
from survey.field_words import relation_words
from survey.problem_shapes import FieldProblem


class Step(StrEnum):
    CONSENT = "consent"
    LAST_TIME = "last time"
    PEOPLE = "people"
    HOUSEHOLD = "household"


NAMES = {
    Step.CONSENT: later("Hỏi ý kiến"),
    Step.LAST_TIME: later("Lần trước"),
    Step.PEOPLE: later("Người trong nhà"),
    Step.HOUSEHOLD: later("Ngôi nhà"),
}


@dataclass(frozen=True, eq=False)
class Field:
    """One question of the form: about whom (`HOUSE` for the house), and what, as in the pointer of a problem. Each tap
    that leads to one makes its own, so that the second on the same question leads there again."""

    who: str
    name: str


def steps_of(draft: ResponseDraft) -> list[Step]:
    """The steps of this form, in their order; only one that was filled compares with what was said last time."""
    return [step for step in Step if step is not Step.LAST_TIME or draft.compares]


def step_now(draft: ResponseDraft) -> Step:
    """Where a form goes on that was left before it was finished."""
    if not draft.consent:
        return Step.CONSENT
    return Step.LAST_TIME if draft.compares and not draft.compared else Step.PEOPLE


def step_of(problem: FieldProblem) -> Step:
    if problem.pointer.startswith("/consent"):
        return Step.CONSENT
    return Step.PEOPLE if problem.pointer.startswith("/residents") else Step.HOUSEHOLD


def field_of(problem: FieldProblem, draft: ResponseDraft) -> Field | None:
    """The question that a problem is about; None if it is about the form as a whole."""
    match problem.pointer.strip("/").split("/"):
        case ["residents", place, *rest] if rest:
            return Field(draft.residents[int(place)].id, "/".join(rest))
        case ["answers", key]:
            return Field(HOUSE, f"answers/{key}")
        case ["note"]:
            return Field(HOUSE, "note")
    return None


def progress(t: Texts, step: Step, draft: ResponseDraft) -> ft.Control:
    """How far the visit is."""
    steps = steps_of(draft)
    place = steps.index(step) + 1
    words = t("Bước {step} trên {count}: {name}", step=place, count=len(steps), name=t(NAMES[step]))
    return ft.Column(
        [
            ft.Text(words, size=15, color=ft.Colors.ON_SURFACE_VARIANT),
            ft.ProgressBar(value=place / len(steps), bar_height=6, border_radius=3, semantics_label=words),
        ],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def missing_line(
    t: Texts, problems: Sequence[FieldProblem], draft: ResponseDraft, go: Callable[[FieldProblem], Any]
) -> ft.Control:
    """What is still missing, the first by name: one tap leads to it. It stands beside the button that asked for it."""
    first, more = problems[0], len(problems) - 1
    words = t.problem(first)
    field = field_of(first, draft)
    if field and field.who != HOUSE:
        place = next(place for place, one in enumerate(draft.residents) if one.id == field.who)
        one = draft.residents[place]
        relation = t(relation_words(one.relation, one.sex))
        words = t("{place}. {relation}: {what}", place=place + 1, relation=relation, what=words)
    if more:
        words += " " + t("(và {count} câu nữa)", count=more)
    colour = ft.Colors.ON_ERROR_CONTAINER
    return ft.Row(
        [
            ft.FilledTonalButton(
                content=ft.Text(t("Còn thiếu: {what}", what=words), size=theme.BODY, color=colour),
                icon=ft.Icon(ft.Icons.ARROW_UPWARD, color=colour),
                on_click=lambda _event: go(first),
                expand=True,
                style=ft.ButtonStyle(
                    bgcolor=ft.Colors.ERROR_CONTAINER,
                    padding=ft.Padding(16, 12, 16, 12),
                    shape=ft.RoundedRectangleBorder(radius=14),
                    alignment=ft.Alignment.CENTER_LEFT,
                ),
            )
        ]
    )
