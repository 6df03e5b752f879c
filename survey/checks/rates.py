"""How often people of an age answer a question with no."""

from collections.abc import Iterable, Iterator, Mapping

from survey.checks.visits import CheckedVisit
from survey.questions import CATALOGUE, NO, YES, About

Cell = tuple[str, int]
"""A question and an age group, by its first year: 18, 40 or 60."""
_QUESTIONS = frozenset(
    key for key, one in CATALOGUE.items() if one.about is About.RESIDENT and set(one.choices) == {YES, NO}
)


def answers_by_cell(visit: CheckedVisit, year: int) -> Iterator[tuple[Cell, bool]]:
    """Each known answer of an adult of the visit: its cell, and whether it is a no."""
    for person in visit.told.people:
        age = year - person.birth_year
        if age < 18:
            continue
        group = 60 if age >= 60 else 40 if age >= 40 else 18
        for question, answer in person.answers.items():
            if question in _QUESTIONS and answer in {YES, NO}:
                yield (question, group), answer == NO


def count_by_cell(visits: Iterable[CheckedVisit], year: int) -> dict[Cell, tuple[int, int]]:
    """How many said no, and how many answered, in each cell."""
    counts: dict[Cell, tuple[int, int]] = {}
    for visit in visits:
        if visit.is_met:
            for cell, is_no in answers_by_cell(visit, year):
                no, known = counts.get(cell, (0, 0))
                counts[cell] = no + is_no, known + 1
    return counts


def rates_of_no(visits: Iterable[CheckedVisit], year: int) -> Mapping[Cell, float]:
    """The share of no in each cell."""
    return {cell: (no + 0.5) / (known + 1) for cell, (no, known) in count_by_cell(visits, year).items()}
