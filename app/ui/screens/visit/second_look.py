"""What is worth a second look before a visit is saved: a question each, with the way to the person. Nothing here keeps
the visit from being saved."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flet as ft

from app.actions.responses import Campaign
from app.ui.components.frame import notice, paragraph, quiet_button
from app.ui.screens.visit.steps import Field
from app.ui.texts import Texts
from survey.check_words import asked_words
from survey.checks.at_the_door import Asked, questions_at_saving
from survey.drafts import ResponseDraft
from survey.field_words import relation_words
from survey.finishing import finish
from survey.records import Household


def find_questions(draft: ResponseDraft, campaign: Campaign, last: Household, now: datetime) -> list[Asked]:
    """What to ask about this visit if it were saved now; nothing while answers are missing."""
    response, _problems = finish(draft, campaign.form, campaign.round, now)
    if response is None:
        return []
    before = last.current if last.current and last.current.get("id") == draft.based_on else None
    return questions_at_saving(response.model_dump(mode="json"), before, campaign.round.reference_year)


def second_look(t: Texts, asked: list[Asked], draft: ResponseDraft, go: Callable[[Field], Any]) -> list[ft.Control]:
    """The questions, the first thing on the screen."""
    if not asked:
        return []
    lines: list[ft.Control] = [paragraph(t("Trước khi lưu, xem lại giúp:"), bold=True)]
    for one in asked:
        who = _who(t, draft, one.person)
        way = quiet_button(t("Xem lại"), _going(go, one.person)) if one.person else None
        lines.append(notice(t(asked_words(one, who)), icon=ft.Icons.HELP_OUTLINE, action=way))
    return lines


def _going(go: Callable[[Field], Any], person: str) -> Callable[[Any], Any]:
    return lambda _event: go(Field(person, "birth_year"))


def _who(t: Texts, draft: ResponseDraft, person: str | None) -> str:
    """ "2. Vợ": the person as the list of the family calls them."""
    for place, one in enumerate(draft.residents, 1):
        if one.id == person:
            return f"{place}. {t(relation_words(one.relation, one.sex))}"
    return ""
