"""What a family has said, as short words with a mark: in the line about a person, and compared at the next visit."""

from collections.abc import Mapping
from dataclasses import dataclass

import flet as ft

from app.ui import theme
from app.ui.texts import Texts
from survey.drafts import ResidentDraft
from survey.family import asks_sex
from survey.field_words import ANSWER_WORDS, SEX_WORDS, SHORT_QUESTIONS
from survey.questions import NO, UNKNOWN, YES, Question
from survey.records import AnswerValue

_ICONS: dict[AnswerValue, ft.IconData] = {
    YES: ft.Icons.CHECK,
    NO: ft.Icons.CLOSE,
    UNKNOWN: ft.Icons.QUESTION_MARK,
}


@dataclass(frozen=True)
class Mark:
    """One thing that was said: its words, and the icon after them that stands for `word`. `field` is where it is asked,
    as in the pointer of a problem."""

    field: str
    words: str
    icon: ft.IconData | None = None
    word: str = ""

    @property
    def spoken(self) -> str:
        return f"{self.words}: {self.word}" if self.word else self.words


def marks_of(t: Texts, resident: ResidentDraft, questions: list[Question]) -> list[Mark]:
    """What is known of a person, and of the questions that are asked of them."""
    return trait_marks(t, resident) + answer_marks(t, resident.answers, questions)


def trait_marks(t: Texts, resident: ResidentDraft) -> list[Mark]:
    """The year of birth, and the sex where the relation does not say it."""
    known: list[Mark] = []
    if resident.birth_year:
        born = t("sinh {year}", year=resident.birth_year)
        known.append(Mark("birth_year", born))
    if resident.sex in SEX_WORDS and asks_sex(resident):
        known.append(Mark("sex", t(SEX_WORDS[resident.sex])))
    return known


def answer_marks(t: Texts, answers: Mapping[str, AnswerValue], questions: list[Question]) -> list[Mark]:
    """The answers to these questions, without those that nobody gave."""
    known: list[Mark] = []
    for question in questions:
        value = answers.get(question.key)
        if value is None:
            continue
        name, word = short_name(t, question), t(ANSWER_WORDS.get(value, str(value)))
        icon = _ICONS.get(value)
        field = f"answers/{question.key}"
        known.append(Mark(field, name, icon, word) if icon else Mark(field, f"{name} {word.lower()}"))
    return known


def short_name(t: Texts, question: Question) -> str:
    return t(SHORT_QUESTIONS.get(question.key, question.asks))


def mark_row(mark: Mark, *, colour: ft.ColorValue = ft.Colors.ON_SURFACE_VARIANT, end: str = "") -> ft.Row:
    """The words and their icon; `end` stands after them."""
    pieces: list[ft.Control] = [ft.Text(mark.words if mark.icon else mark.words + end, size=theme.BODY, color=colour)]
    if mark.icon:
        is_yes = mark.icon == ft.Icons.CHECK
        pieces.append(
            ft.Icon(mark.icon, size=18, color=ft.Colors.PRIMARY if is_yes else colour, semantics_label=mark.word)
        )
        pieces += [ft.Text(end.strip(), size=theme.BODY, color=colour)] if end else []
    return ft.Row(pieces, spacing=2, tight=True)


def marks_line(marks: list[Mark]) -> ft.Control:
    """The marks after each other, read as one sentence."""
    last = len(marks) - 1
    rows: list[ft.Control] = [mark_row(mark, end="" if place == last else " ·") for place, mark in enumerate(marks)]
    said = ". ".join(mark.spoken for mark in marks)
    return ft.Semantics(label=said, exclude_semantics=True, content=ft.Row(rows, wrap=True, spacing=5, run_spacing=0))
