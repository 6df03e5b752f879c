"""Criteria sets as data, and the assessment of a village. A set names its document; percentages are exact fractions.

"Từ 70 % trở lên" is `>=` on the exact fraction: 69,96 % is not 70 %. An item that nobody attested, or that too few were
asked about, is "not enough data", never "no".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.indicators import Measure, Population
from survey.questions import CATALOGUE, About, AskedOfResidents, SurveyForm
from survey.records import Attestation
from survey.tally import Tally


class Result(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_APPLICABLE = "not_applicable"


def satisfies(figure: Fraction, comparator: str, threshold: str | None) -> bool:
    """Whether a percentage or a number is what a threshold asks for, compared exactly."""
    needed = Fraction(threshold or 0)
    return figure == needed if comparator == "=" else figure >= needed


class Criterion(BaseModel):
    """One item of a set. A ratio is measured by the survey; yes/no and count items are attested by the village.

    `threshold` is a percentage (ratio) or a number (count) as decimal text; None if the document could not be read.
    """

    model_config = ConfigDict(frozen=True)
    no: str
    title: str
    kind: Literal["ratio", "boolean", "count"]
    source: Literal["survey", "attested", "system"]
    measure: Measure | None = None
    denominator_name: str = "thôn"
    comparator: Literal[">=", "="] = ">="
    threshold: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")] | None = None
    not_applicable_allowed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _is_countable(self) -> Self:
        if not (self.kind == "ratio") == (self.source == "survey") == (self.measure is not None):
            raise ValueError(
                f"mục {self.no}: tỷ lệ phải tính được từ khảo sát; mục khác thì thôn xác nhận, không có chỉ số"
            )
        if self.kind == "ratio" and self.threshold and Fraction(self.threshold) > 100:
            raise ValueError(f"mục {self.no}: ngưỡng lớn hơn 100 %")
        return self

    def reached(self, numerator: int, denominator: int) -> bool:
        """Whether numerator / denominator satisfies the threshold, compared exactly. A count has the denominator 1."""
        scale = 100 if self.kind == "ratio" else 1
        return satisfies(Fraction(numerator, denominator) * scale, self.comparator, self.threshold)


class PassRule(BaseModel):
    """How many applicable items must be met: all of them, or at least `n` (all if fewer than `n` apply)."""

    model_config = ConfigDict(frozen=True)
    kind: Literal["all", "n_of_m"] = "all"
    n: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _names_number(self) -> Self:
        if (self.kind == "n_of_m") != (self.n is not None):
            raise ValueError("cách tính “n_of_m” phải ghi n; cách tính “all” thì không")
        return self


class CriteriaSet(BaseModel):
    """A province's (or a demo's) criteria with the document they come from.

    `min_share` is a percentage. Before a ratio can be "met", that share of the registered households must have been
    surveyed, and that share of the people or households counted must have a known answer. `most_hidden` is a percentage
    too, None for no bound: of those that a ratio is about, at most that share may be hidden, which means unknown or in
    a home where nobody answered. `complete` is False if only part of the document is known: such a set shows figures
    and never says that a village passes.
    """

    model_config = ConfigDict(frozen=True)
    code: str
    title: str
    issuer: str
    document: str
    document_date: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    scope: str = ""
    sources: list[str] = []
    complete: bool = True
    pass_rule: PassRule = PassRule()
    min_share: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")] = "0"
    most_hidden: Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")] | None = None
    criteria: list[Criterion]

    @model_validator(mode="after")
    def _numbers_once(self) -> Self:
        numbers = [criterion.no for criterion in self.criteria]
        if len(set(numbers)) < len(numbers):
            raise ValueError("hai mục mang cùng một số")
        if self.pass_rule.n is not None and self.pass_rule.n > len(numbers):
            raise ValueError("n lớn hơn số mục của bộ tiêu chí")
        return self

    def measures(self) -> list[Measure]:
        """The ratios to count, each once."""
        found = [criterion.measure for criterion in self.criteria if criterion.measure]
        return list({measure.key: measure for measure in found}.values())


def items_in_both(one: CriteriaSet, other: CriteriaSet) -> set[str]:
    """The numbers that mean the same item in both sets: what was attested of one holds for the other. Its threshold may
    differ."""
    items = {(criterion.no, criterion.title, criterion.kind) for criterion in one.criteria}
    return {item.no for item in other.criteria if (item.no, item.title, item.kind) in items}


MissingOf = Literal["residents", "households", "businesses", "items"]


@dataclass(frozen=True)
class CriterionResult:
    """One item's figures and result. `missing` is how many more are needed of the unit `missing_of`; `away` as
    `CriterionCoverage` has it."""

    criterion: Criterion
    numerator: int | None
    denominator: int | None
    unknown: int
    result: Result
    missing: int
    missing_of: MissingOf = "items"
    away: int = 0


@dataclass(frozen=True)
class Assessment:
    """The result of a village on each item of a set, and on the whole set."""

    items: tuple[CriterionResult, ...]
    result: Result


def form_for(criteria_set: CriteriaSet) -> SurveyForm:
    """The questions that the set's ratios need, each asked of the widest age range that one of them names."""
    needed: dict[str, list[Measure]] = {}
    for measure in criteria_set.measures():
        needed.setdefault(measure.question, []).append(measure)
        first = CATALOGUE[measure.question].only_if or (
            "runs_business" if measure.population.of == "businesses" else None
        )
        if first:
            needed.setdefault(first, [])
    residents, household = [], []
    for key, question in CATALOGUE.items():
        if key not in needed:
            continue
        if question.about is About.HOUSEHOLD:
            household.append(question)
            continue
        populations = [measure.population for measure in needed[key]]
        youngest = min(people.age_min for people in populations)
        residents.append(AskedOfResidents(question, youngest, _widest(populations, "m"), _widest(populations, "f")))
    return SurveyForm(tuple(residents), tuple(household))


def _widest(populations: list[Population], sex: str) -> int | None:
    """The highest age of one sex that any of the populations counts; None if there is no limit."""
    oldest = [population.oldest(sex) for population in populations]
    return None if None in oldest else max(age for age in oldest if age is not None)


def assess(
    criteria_set: CriteriaSet, tally: Tally, attestations: Mapping[str, Attestation], *, has_team: bool = False
) -> Assessment:
    """Assess a village on every item and on the whole set.

    `attestations` are by criterion number; `has_team` decides the items that the system itself answers.
    """
    items = tuple(
        _assess_ratio(criteria_set, criterion, tally)
        if criterion.kind == "ratio" and criterion.source == "survey"
        else _assess_attested(criterion, attestations.get(criterion.no), has_team)
        for criterion in criteria_set.criteria
    )
    return Assessment(items, joint_result(criteria_set, [item.result for item in items]))


def _assess_ratio(criteria_set: CriteriaSet, criterion: Criterion, tally: Tally) -> CriterionResult:
    assert criterion.measure is not None
    count, share = tally.count(criterion.measure.key), Fraction(criteria_set.min_share) / 100
    population = criterion.measure.population.of
    asked = count.denominator + count.unknown
    away = _away(tally, asked)

    def outcome(result: Result, missing: int, of: MissingOf = population) -> CriterionResult:
        return CriterionResult(criterion, count.yes, count.denominator, count.unknown, result, missing, of, away)

    to_survey = ceil(share * tally.registered) - tally.surveyed
    to_learn = ceil(share * asked) - count.denominator
    if criteria_set.most_hidden is not None:
        most = Fraction(criteria_set.most_hidden) / 100 * (asked + away)
        to_learn = max(to_learn, count.unknown + away - floor(most))
    if to_survey > 0:
        return outcome(Result.NOT_ENOUGH_DATA, to_survey, "households")
    if count.denominator == 0 and tally.surveyed and not count.unknown:
        return outcome(Result.NOT_APPLICABLE, 0)  # a village without a single business has no cashless rate to reach
    if count.denominator == 0 or to_learn > 0 or criterion.threshold is None:
        return outcome(Result.NOT_ENOUGH_DATA, max(to_learn, 0))
    if criterion.reached(count.yes, count.denominator):
        return outcome(Result.MET, 0)
    missing = ceil(Fraction(criterion.threshold) / 100 * count.denominator) - count.yes
    return outcome(Result.NOT_MET, max(missing, 0))


def _away(tally: Tally, asked: int) -> int:
    """About how many more there are in homes where a visit found nobody, nobody would answer, or everybody had left
    since the round began: as many a home as in those that answered, rounded up."""
    homes = tally.absent + tally.refused + tally.left_in_round
    return ceil(Fraction(homes * asked, tally.surveyed)) if tally.surveyed else 0


def _assess_attested(criterion: Criterion, attested: Attestation | None, has_team: bool) -> CriterionResult:
    def outcome(numerator: int | None, result: Result, missing: int) -> CriterionResult:
        return CriterionResult(criterion, numerator, None, 0, result, missing)

    if criterion.source == "system":
        return outcome(int(has_team), Result.MET if has_team else Result.NOT_MET, 0 if has_team else 1)
    if attested and attested.not_applicable and criterion.not_applicable_allowed:
        return outcome(None, Result.NOT_APPLICABLE, 0)
    needed = ceil(Fraction(criterion.threshold or 1)) if criterion.kind == "count" else 1
    if attested is None or attested.value is None or (criterion.kind == "count" and criterion.threshold is None):
        return outcome(None, Result.NOT_ENOUGH_DATA, needed)
    value = int(attested.value)
    met = criterion.reached(value, 1) if criterion.kind == "count" else value >= needed
    return outcome(value, Result.MET if met else Result.NOT_MET, max(0, needed - value))


def joint_result(criteria_set: CriteriaSet, results: Iterable[Result]) -> Result:
    """A village's result on the whole set, from its results on the items."""
    results = [result for result in results if result is not Result.NOT_APPLICABLE]
    met, open_items = results.count(Result.MET), results.count(Result.NOT_ENOUGH_DATA)
    needed = min(criteria_set.pass_rule.n or len(results), len(results))
    if met + open_items < needed:
        return Result.NOT_MET
    return Result.MET if results and met >= needed and criteria_set.complete else Result.NOT_ENOUGH_DATA
