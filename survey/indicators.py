"""From answers to indicators: a numerator over a *named* denominator. A closed set of rules, no rule language.

An indicator counts people or households; a population says which of them form the denominator. "Unknown" is counted
apart: it is neither in the numerator nor in the denominator, since it is never a "no".
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from survey.questions import CATALOGUE, NO, UNKNOWN, YES, About
from survey.records import AnswerValue, Resident


def _known_key(value: Any) -> Any:
    if value not in CATALOGUE:
        raise ValueError(f"không có câu hỏi “{value}” trong danh mục")
    return value


class Population(BaseModel):
    """The denominator: residents by age in the reference year (bounds may differ by sex), households, or businesses."""

    model_config = ConfigDict(frozen=True)
    of: Literal["residents", "households", "businesses"]
    age_min: int = 0
    age_max: int | None = None
    age_max_male: int | None = None
    age_max_female: int | None = None

    def oldest(self, sex: str) -> int | None:
        """The highest age that counts for the sex; None if there is no limit."""
        by_sex = self.age_max_female if sex == "f" else self.age_max_male
        return by_sex if by_sex is not None else self.age_max

    def holds(self, resident: Resident, year: int) -> bool:
        age, oldest = resident.age_in(year), self.oldest(resident.sex)
        return age >= self.age_min and (oldest is None or age <= oldest)


class Measure(BaseModel):
    """What one ratio counts: the question, the lowest level that is a yes (for VNeID), and the population."""

    model_config = ConfigDict(frozen=True)
    question: Annotated[str, BeforeValidator(_known_key)]
    population: Population
    level: int | None = Field(default=None, ge=0, le=2)

    @model_validator(mode="after")
    def _fits_question(self) -> Self:
        question = CATALOGUE[self.question]
        if (question.about is About.RESIDENT) != (self.population.of == "residents"):
            raise ValueError(f"câu hỏi “{self.question}” không hỏi về “{self.population.of}”")
        if all(isinstance(choice, int) for choice in question.choices) != (self.level is not None):
            raise ValueError(f"mức (level) chỉ dùng, và phải có, cho câu hỏi có mức; xem “{self.question}”")
        return self

    @property
    def key(self) -> str:
        """A stable name: equal measures of different criteria are counted once."""
        people = self.population
        bounds = (people.age_min, people.age_max, people.age_max_male, people.age_max_female)
        return f"{self.question}:{self.level}:{people.of}:{':'.join(str(bound) for bound in bounds)}"

    def reads(self, value: AnswerValue) -> str:
        """Read an answer as "yes", "no" or "unknown". A question that was not asked (None) is "unknown"."""
        if value is None or value == UNKNOWN:
            return UNKNOWN
        if self.level is not None:
            return YES if isinstance(value, int) and value >= self.level else NO
        return YES if value in {YES, "good"} else NO

    def answers(self, current: Mapping[str, Any], residents: Iterable[Resident], year: int) -> list[str]:
        """The readings ("yes", "no", "unknown") from one household's present answers: one for each resident in the
        population, or one for the household or business."""
        if CATALOGUE[self.question].about is About.RESIDENT:
            people = [resident for resident in residents if self.population.holds(resident, year)]
            return [self.reads(resident.answers.get(self.question)) for resident in people]
        household: Mapping[str, AnswerValue] = current.get("answers") or {}
        if self.population.of == "businesses" and household.get("runs_business") != YES:
            # Only who said "no" has no business. Where nobody knows, the village is not yet free of the question.
            return [] if household.get("runs_business") == NO else [UNKNOWN]
        return [self.reads(household.get(self.question))]
