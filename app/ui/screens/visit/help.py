"""At the end of a visit: what the team can help this family with now, step by step; the rest is shown the next time."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.responses import Campaign
from app.ui import theme
from app.ui.components.frame import panel, paragraph, secondary_button
from app.ui.texts import Texts
from app.ui.workspace import use_texts
from survey.drafts import DraftChange, ResidentDraft, ResponseDraft
from survey.field_words import relation_words
from survey.helping import HOW, WHAT, HelpTask, list_help
from survey.records import AnswerValue, Household


@ft.component
def HelpList(draft: ResponseDraft, campaign: Campaign, change: Callable[[DraftChange], Any]) -> ft.Control:
    """One line that says how much there is to help with; opened, each task with its steps and "Đã làm xong"."""
    t = use_texts()
    opened, set_opened = ft.use_state(False)
    nothing: list[tuple[HelpTask, AnswerValue]] = []
    done, set_done = ft.use_state(nothing)
    left = list(list_help(draft.present, draft.answers, campaign.form, campaign.round.reference_year))
    if not left and not done:
        return ft.Container()

    def finish(task: HelpTask) -> Callable[[Any], Any]:
        def handler(_event: Any) -> None:
            set_done([*done, (task, _answer_to(draft, task))])
            change(lambda latest: latest.help_with(_who(task), task.key, task.done))

        return handler

    def take_back(task: HelpTask, before: AnswerValue) -> Callable[[Any], Any]:
        def handler(_event: Any) -> None:
            set_done([one for one in done if one[0] is not task])
            who = _who(task)
            change(lambda latest: latest.answer_of(who, task.key, before) if who else latest.answer(task.key, before))

        return handler

    lines: list[ft.Control] = [_done_line(t, task, take_back(task, before)) for task, before in done]
    if not opened:
        words = t("Giúp ngay được {count} việc", count=len(left))
        more = secondary_button(words, lambda _event: set_opened(True), icon=ft.Icons.VOLUNTEER_ACTIVISM)
        return ft.Column([*lines, *([more] if left else [])], horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    cards: list[ft.Control] = [_card(t, task, finish(task)) for task in left]
    later_words = [paragraph(t("Việc chưa làm được sẽ hiện lại ở lần sau."), weak=True)] if left else []
    return ft.Column(
        [*lines, *cards, *later_words], spacing=theme.GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def left_to_help(t: Texts, household: Household, campaign: Campaign) -> list[str]:
    """What the last visit left to help with, each in one line."""
    current = household.current or {}
    people = [ResidentDraft.model_validate(one) for one in current.get("residents") or []]
    tasks = list_help(people, current.get("answers") or {}, campaign.form, campaign.round.reference_year)
    return [_title(t, task) for task in tasks]


def _card(t: Texts, task: HelpTask, finish: Callable[[Any], Any]) -> ft.Control:
    steps = [paragraph(f"{place}. {t(step)}") for place, step in enumerate(HOW[task.key], 1)]
    button = secondary_button(t("Đã làm xong"), finish, icon=ft.Icons.CHECK)
    lines = [paragraph(_title(t, task), size=theme.LARGE, bold=True), *steps, button]
    return panel(ft.Column(list(lines), spacing=8, tight=True))


def _done_line(t: Texts, task: HelpTask, take_back: Callable[[Any], Any]) -> ft.Control:
    title = _title(t, task)
    said = f"{t('Đã làm xong')}: {title}"  # the check mark says it to who sees it
    words = ft.Semantics(
        label=said, live_region=True, exclude_semantics=True, content=ft.Text(title, size=theme.BODY), expand=True
    )
    undo = ft.TextButton(
        content=t("Hoàn tác"), on_click=take_back, style=ft.ButtonStyle(padding=ft.Padding(12, 14, 12, 14))
    )
    return ft.Row([ft.Icon(ft.Icons.CHECK_CIRCLE, color=ft.Colors.PRIMARY), words, undo], spacing=8)


def _title(t: Texts, task: HelpTask) -> str:
    what = t(WHAT[task.key])
    if task.resident is None:
        return what
    person = task.resident
    who = t(relation_words(person.relation, person.sex))
    born = f" ({person.birth_year})" if person.birth_year else ""
    return t("{who}: {what}", who=f"{who}{born}", what=what)


def _who(task: HelpTask) -> str | None:
    return task.resident.id if task.resident else None


def _answer_to(draft: ResponseDraft, task: HelpTask) -> AnswerValue:
    person = draft.find_resident(task.resident.id) if task.resident else None
    return (person.answers if person else draft.answers).get(task.key)
