"""One person of a visit: a line with marks, or the open card with the questions for their age."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import flet as ft

from app.actions.responses import Campaign
from app.ui import theme
from app.ui.components.answers import answer, choice
from app.ui.components.frame import panel, secondary_button
from app.ui.screens.visit.birth_year import BirthYear
from app.ui.screens.visit.marks import Mark, marks_line, marks_of
from app.ui.screens.visit.places import scroll_place
from app.ui.texts import Texts
from survey.drafts import ResidentDraft, ResponseDraft
from survey.family import asks_sex, other_sex
from survey.field_words import SEX_WORDS, relation_words
from survey.questions import Question
from survey.records import AnswerValue

Change = Callable[[Callable[[ResponseDraft], ResponseDraft], bool], Any]
"""Takes the effect of one tap on this person, and whether it corrects what was said before."""


@dataclass(frozen=True)
class Person:
    """What a card needs to know about one person: `latest` is the latest possible birth year, `marked` are the fields
    still open once somebody tried to go on. `relations` are those that are left for somebody who came along."""

    resident: ResidentDraft
    place: int
    campaign: Campaign
    latest: int
    marked: set[str]
    relations: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        return self.resident.asked(self.campaign.form, self.campaign.round.reference_year)

    def is_marked(self, field: str) -> bool:
        return f"/residents/{self.place}/{field}" in self.marked


def fields_of(resident: ResidentDraft, campaign: Campaign) -> list[str]:
    """What the card of this person asks, in its order, each as in the pointer of a problem."""
    questions = resident.asked(campaign.form, campaign.round.reference_year)
    sex = ["sex"] if asks_sex(resident) else []
    relation = ["relation"] if resident.former_relation else []
    return [*relation, "birth_year", *sex, *(f"answers/{one.key}" for one in questions)]


def title_of(t: Texts, resident: ResidentDraft, place: int) -> str:
    """ "2. Vợ": the place in the form, and the word for who it is; for who came along, for now, who they were."""
    if resident.former_relation and not resident.relation:
        former = t(relation_words(resident.former_relation, resident.sex))
        return t("{place}. {relation} ở hộ cũ", place=place + 1, relation=former)
    return t("{place}. {relation}", place=place + 1, relation=t(relation_words(resident.relation, resident.sex)))


def closed_person(t: Texts, person: Person, misses: bool, on_open: Callable[[], Any], *, in_list: bool) -> ft.Control:
    """A line with everything that was said; a tap opens the person. While the list is made, that questions are still to
    come goes without saying."""
    resident = person.resident
    marks = marks_of(t, resident, person.questions)
    if misses and not in_list:
        marks.append(Mark("", t("còn câu chưa hỏi")))
    title = title_of(t, resident, person.place)
    return ft.Container(
        ft.ListTile(
            title=ft.Text(title, size=theme.LARGE, weight=ft.FontWeight.W_600),
            subtitle=marks_line(marks) if marks else None,
            leading=ft.Icon(
                ft.Icons.RADIO_BUTTON_UNCHECKED if misses else ft.Icons.CHECK_CIRCLE,
                color=ft.Colors.ON_SURFACE_VARIANT if misses else ft.Colors.PRIMARY,
            ),
            trailing=ft.Icon(ft.Icons.EXPAND_MORE),
            on_click=lambda _event: on_open(),
            min_height=theme.TOUCH if in_list else 64,
        ),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border_radius=16,
    )


def open_person(
    t: Texts,
    person: Person,
    change: Change,
    *,
    done: Callable[[], Any] | None,
    leave: Callable[[], Any],
) -> ft.Control:
    """The questions for this person. `done` folds the card where nothing is missing; `leave` takes the person out."""
    resident = person.resident
    who = resident.id

    def born(year: int | None, corrects: bool) -> None:
        change(lambda latest: latest.change_resident(who, birth_year=year), corrects)

    def of_sex(sex: str | None) -> None:
        change(lambda latest: latest.change_resident(who, sex=sex), False)

    def is_now(relation: str) -> None:
        change(lambda latest: latest.change_resident(who, relation=relation), False)

    def on_answer(question: Question) -> Callable[[AnswerValue], Any]:
        return lambda value: change(lambda latest: latest.answer_of(who, question.key, value), False)

    birth_year = BirthYear(resident.birth_year, person.latest, person.is_marked("birth_year"), born)
    body: list[ft.Control] = [
        ft.Text(title_of(t, resident, person.place), size=theme.TITLE, weight=ft.FontWeight.W_600),
    ]
    if resident.former_relation:
        relations = [(one, t(relation_words(one, resident.sex))) for one in person.relations]
        asked = choice(
            t("Người này là gì của chủ hộ mới?"),
            relations,
            resident.relation or None,
            is_now,
            marked=person.is_marked("relation"),
        )
        body.append(scroll_place(asked, who, "relation"))
    body.append(scroll_place(birth_year, who, "birth_year"))
    if asks_sex(resident):
        sexes = [(key, t(words)) for key, words in SEX_WORDS.items()]
        of_whom = choice(t("Nam hay nữ?"), sexes, resident.sex, of_sex, marked=person.is_marked("sex"))
        body.append(scroll_place(of_whom, who, "sex"))
    for question in person.questions:
        field = f"answers/{question.key}"
        asked = answer(
            t, question, resident.answers.get(question.key), on_answer(question), marked=person.is_marked(field)
        )
        body.append(scroll_place(asked, who, field))
    if done is not None:
        finished = done
        body.append(secondary_button(t("Xong người này"), lambda _event: finished(), icon=ft.Icons.CHECK))
    ways: list[ft.Control] = []
    other = other_sex(resident)
    if other and not asks_sex(resident):
        words = t("Đổi thành “{word}”", word=t(relation_words(resident.relation, other)))
        ways.append(_way(words, ft.Icons.SWAP_HORIZ, lambda _event: of_sex(other)))
    ways.append(_way(t("Bỏ người này"), ft.Icons.PERSON_REMOVE_OUTLINED, lambda _event: leave()))
    body.append(ft.Row(ways, alignment=ft.MainAxisAlignment.SPACE_BETWEEN, wrap=True))
    card = panel(ft.Column(body, spacing=20, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))
    return ft.Container(card, key=f"open-{who}")


def _way(words: str, icon: ft.IconData, on_click: Callable[[Any], Any]) -> ft.Control:
    return ft.TextButton(
        content=words,
        icon=icon,
        on_click=on_click,
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.BODY),
            padding=ft.Padding(10, 14, 10, 14),
            color=ft.Colors.ON_SURFACE_VARIANT,
        ),
    )
