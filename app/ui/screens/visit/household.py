"""Third step of a visit: the questions about the house, only those that the criteria need, and a note if one is due."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.responses import Campaign
from app.ui.components.answers import answer
from app.ui.components.frame import panel, paragraph, secondary_button
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.screens.visit.help import HelpList
from app.ui.screens.visit.places import HOUSE, scroll_place
from app.ui.texts import Texts
from app.ui.workspace import use_texts
from survey.drafts import DraftChange, ResponseDraft
from survey.questions import Question
from survey.records import LONGEST_TEXT, AnswerValue


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
    after: list[ft.Control] = [
        HelpList(draft, campaign, change),
        scroll_place(Note(draft.note, change), HOUSE, "note"),
    ]
    if not asked:
        return [paragraph(t("Không còn câu hỏi nào. Bấm “Lưu phiếu”.")), *after]
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
    return [*questions, *after]


@ft.component
def Note(note: str, change: Callable[[DraftChange], Any]) -> ft.Control:
    """A note on the visit for whoever comes next. Its field opens by a tap: most visits need none."""
    t = use_texts()
    is_open, set_open = ft.use_state(bool(note))
    typed = use_typed(note)
    if not is_open:
        words = t("Thêm ghi chú cho lần sau")
        return secondary_button(words, lambda _event: set_open(True), icon=ft.Icons.EDIT_NOTE)
    return typed_field(
        t("Ghi chú cho lần sau (không bắt buộc)"),
        typed,
        lambda text: change(lambda latest: latest.noting(text)),
        helper=t("Ví dụ: buổi tối mới có nhà. Không ghi số giấy tờ, số tài khoản, bệnh tật."),
        max_length=LONGEST_TEXT,
        counter="",
        multiline=True,
    )
