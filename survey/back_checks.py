"""Back-checks: some visits are drawn, and somebody else asks these families again without seeing what was written.

Nobody chooses a household: the key of a visit is an HMAC with a secret of the round, whose digest is known from the
start and which is told at the end. Shares, sizes and what they can find: `docs/decisions/0021-back-checks.md`.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import Field

from survey.coverage import CoverageReport, CriterionCoverage
from survey.criteria import CriteriaSet, Result
from survey.indicators import Measure
from survey.problem_shapes import FieldProblem
from survey.questions import CATALOGUE, UNKNOWN, About
from survey.records import AnswerValue, Outcome, QuestionKey, Record, Resident, Text

SECRET_BYTES = 32
ADULT = 18
MOST_ADULTS = 30
SHARE, NARROW_SHARE = 0.10, 0.20
"""Of the visits, how many are drawn; and where a village passes by few people, or many of its answers are unknown."""
LEAST_MET, LEAST_NOT_MET = 5, 2
"""How many of each member's visits are drawn at the end of a round at least, where they made as many."""
_FEW_PEOPLE, _FEW_PERCENT, _MANY_UNKNOWN = 10, 2, 5
_QUESTIONS = 2
HARD_QUESTIONS = frozenset({"uses_online_services", "has_fluent_user"})
"""Where families answer differently from one week to the next, the question is at fault: nobody's visits are measured
by these."""


class Why(StrEnum):
    """Why a visit is checked again: it was drawn, or somebody wanted to know because of a doubt. Only what was drawn
    counts in anybody's figures."""

    DRAWN = "drawn"
    DOUBT = "doubt"


class Asks(Record):
    """What the family is asked besides whether somebody came: about this resident, what these measures count."""

    resident: str | None = None
    measures: list[Measure] = []


class Again(Record):
    """What the family said when it was asked again. `adults` live there now, of 18 and over; None if nobody knows."""

    came: Literal["yes", "no", "dont_know"]
    adults: Annotated[int, Field(ge=0, le=MOST_ADULTS)] | None = None
    answers: dict[QuestionKey, AnswerValue] = {}
    note: Text = ""


@dataclass(frozen=True)
class Compared:
    """One thing that was asked twice. `item` is "came", "adults" or a question; `agrees` is None where the two cannot
    be compared, `is_of_member` whether a member's visits are measured by it; `turn` is +1 for a yes that became a no,
    -1 for the other way round."""

    item: str
    before: AnswerValue
    now: AnswerValue
    agrees: bool | None
    is_of_member: bool = True
    turn: int = 0


def draw_key(secret: bytes, identity: str) -> float:
    """Where a visit stands in the draw, evenly from 0 to 1: known to nobody who does not have the secret."""
    return int.from_bytes(hmac.digest(secret, identity.encode(), "sha256")[:8]) / 2**64


def digest_of(secret: bytes) -> str:
    """What is told of the secret before the draw, so that it cannot be exchanged later."""
    return sha256(secret).hexdigest()


def is_met(outcome: str) -> bool:
    """Whether the visit met somebody who answered. The others are drawn apart."""
    return outcome == Outcome.COMPLETED


def share_drawn(outcome: str, *, is_narrow: bool) -> float:
    """The share that is drawn of visits that ended so."""
    return NARROW_SHARE if is_narrow and is_met(outcome) else SHARE


def passes_narrowly(report: CoverageReport) -> bool:
    """Whether a few people decide that the village passes, or much of a rate is unknown."""
    rates = [line for line in report.criteria if line.kind == "ratio" and line.denominator]
    if any(100 * line.unknown > _MANY_UNKNOWN * ((line.denominator or 0) + line.unknown) for line in rates):
        return True
    met = [line for line in rates if line.result is Result.MET and line.threshold]
    return report.result is Result.MET and any(_is_close(line) for line in met)


def _is_close(line: CriterionCoverage) -> bool:
    whole = line.denominator or 0
    to_spare = (line.numerator or 0) - Fraction(line.threshold or 0) * whole / 100
    return to_spare < max(Fraction(_FEW_PEOPLE), Fraction(_FEW_PERCENT * whole, 100))


def measures_by_need(report: CoverageReport, criteria_set: CriteriaSet) -> list[Measure]:
    """What is asked again in this village: the rates about people, the nearest to its threshold first."""
    lines = {line.no: line for line in report.criteria}
    about_people = [
        one
        for one in criteria_set.criteria
        if one.measure and one.threshold and one.measure.population.of == "residents"
    ]

    def distance(number: str, threshold: str | None) -> float:
        rate = lines[number].rate if number in lines else None
        return 1.0 if rate is None else abs(float(rate) - float(threshold or 0) / 100)

    nearest = sorted(about_people, key=lambda one: distance(one.no, one.threshold))
    return list({one.measure.question: one.measure for one in reversed(nearest) if one.measure}.values())[::-1]


def what_to_ask(secret: bytes, visit: str, body: dict[str, Any], year: int, measures: Iterable[Measure]) -> Asks:
    """Draw an adult of the visit, not the head where there is another, and the first questions that they answered."""
    if not is_met(str(body.get("outcome"))):
        return Asks()
    residents = [Resident.model_validate(one) for one in body.get("residents") or []]
    adults = [one for one in residents if one.age_in(year) >= ADULT]
    wanted = list(measures)
    answered = {one.id: [want for want in wanted if _is_known(one, want, year)][:_QUESTIONS] for one in adults}
    able = [one for one in adults if answered[one.id]]
    drawn = min(able, key=lambda one: (one.relation == "head", draw_key(secret, f"{visit}/{one.id}")), default=None)
    return Asks() if drawn is None else Asks(resident=drawn.id, measures=answered[drawn.id])


def _is_known(resident: Resident, measure: Measure, year: int) -> bool:
    value = resident.answers.get(measure.question)
    return measure.population.holds(resident, year) and measure.reads(value) != UNKNOWN


def check_again(asks: Asks, again: Again) -> list[FieldProblem]:
    """What keeps this from being an answer: a question that was not asked, or no answer to it."""
    asked = {one.question for one in asks.measures}
    problems = [
        FieldProblem(pointer=f"/answers/{key}", detail="Câu này không có trong phiếu.")
        for key in set(again.answers) - asked
    ]
    for key in sorted(asked):
        value = again.answers.get(key)
        if value is None or not CATALOGUE[key].accepts(value):
            problems.append(FieldProblem(pointer=f"/answers/{key}", detail="Chọn một câu trả lời."))
    return problems


def compare(body: dict[str, Any], year: int, asks: Asks, again: Again) -> list[Compared]:
    """What the visit says beside what the family said since."""
    outcome = str(body.get("outcome"))
    came = None if again.came == "dont_know" or outcome == Outcome.ABSENT else again.came == "yes"
    compared = [Compared("came", "yes", again.came, came)]
    if outcome in {Outcome.VACANT, Outcome.MOVED}:  # nobody was there who could know that somebody came
        empty = None if again.adults is None else again.adults == 0
        return [Compared("came", "yes", again.came, None), Compared("adults", 0, again.adults, empty)]
    if outcome != Outcome.COMPLETED:
        return compared
    residents = [Resident.model_validate(one) for one in body.get("residents") or []]
    ages = [one.age_in(year) for one in residents]
    least, most = sum(age > ADULT for age in ages), sum(age >= ADULT for age in ages)  # a birthday may be to come
    adults = None if again.adults is None else least <= again.adults <= most
    compared.append(Compared("adults", most, again.adults, adults))
    person = next((one for one in residents if one.id == asks.resident), None)
    for measure in asks.measures if person else []:
        assert person is not None
        compared.append(_compare_answer(measure, person.answers.get(measure.question), again.answers))
    return compared


def _compare_answer(measure: Measure, before: AnswerValue, answers: dict[str, AnswerValue]) -> Compared:
    key = measure.question
    assert CATALOGUE[key].about is About.RESIDENT
    now = answers.get(key)
    reads = (measure.reads(before), measure.reads(now))
    agrees = None if UNKNOWN in reads else reads[0] == reads[1]
    turn = {("yes", "no"): 1, ("no", "yes"): -1}.get(reads, 0)
    return Compared(key, before, now, agrees, key not in HARD_QUESTIONS, turn)
