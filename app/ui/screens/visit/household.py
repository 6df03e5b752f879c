"""Third step of a visit: the questions about the house, only those that the commune's criteria need."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.responses import Campaign
from app.ui.components.answers import answer
from app.ui.components.frame import panel, paragraph
from app.ui.screens.visit.help import HelpList
from app.ui.screens.visit.places import HOUSE, scroll_place
from app.ui.texts import Texts
from survey.drafts import DraftChange, ResponseDraft
from survey.questions import Question
from survey.records import AnswerValue


def household_step(
    t: Texts,
    draft: ResponseDraft,
    campaign: Campaign,
    marked: set[str],
    change: Callable[[DraftChange], Any],
) -> list[ft.Control]:
    """A panel for each household question, and what the team can help with before it leaves."""

    def on_answer(question: Question) -> Callable[[AnswerValue], Any]:
        return lambda value: change(lambda latest: latest.answer(question.key, value))

    asked = campaign.form.asked_of_household(draft.answers)
    help_now = HelpList(draft, campaign, change)
    if not asked:
        return [paragraph(t("Không còn câu hỏi nào. Bấm “Lưu phiếu”.")), help_now]
    questions: list[ft.Control] = [
        scroll_place(
            panel(
                answer(
                    t,
                    question,
                    draft.answers.get(question.key),
                    on_answer(question),
                    marked=f"/answers/{question.key}" in marked,
                )
            ),
            HOUSE,
            f"answers/{question.key}",
        )
        for question in asked
    ]
    return [*questions, help_now]
