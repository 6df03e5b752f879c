"""Exact counts. Tallies of households add up to the village's, villages' to the commune's; nothing is ever averaged."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from survey.indicators import Measure
from survey.questions import NO, UNKNOWN, YES
from survey.records import REGISTERED_STATUSES, Household, Outcome, Resident


@dataclass(frozen=True)
class Count:
    """Answers of one measure. The denominator is those whose answer is known."""

    yes: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def denominator(self) -> int:
        return self.yes + self.no

    def __add__(self, other: "Count") -> "Count":
        return Count(self.yes + other.yes, self.no + other.no, self.unknown + other.unknown)


@dataclass(frozen=True)
class Tally:
    """What was counted over some households: registered of the list, visited, surveyed, refused, and each measure."""

    registered: int = 0
    visited: int = 0
    surveyed: int = 0
    refused: int = 0
    counts: dict[str, Count] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        keys = self.counts.keys() | other.counts.keys()
        return Tally(
            self.registered + other.registered,
            self.visited + other.visited,
            self.surveyed + other.surveyed,
            self.refused + other.refused,
            {key: self.count(key) + other.count(key) for key in keys},
        )

    def count(self, key: str) -> Count:
        return self.counts.get(key, Count())


def tally_household(household: Household, measures: Iterable[Measure], year: int) -> Tally:
    """One household's contribution: a moved or vacant house counts nowhere, a refusal as visited with no answers."""
    if household.status not in REGISTERED_STATUSES:
        return Tally()
    current: dict[str, Any] = household.current or {}
    outcome = current.get("outcome")
    if outcome == Outcome.REFUSED:
        return Tally(registered=1, visited=1, refused=1)
    if outcome != Outcome.COMPLETED:
        return Tally(registered=1)
    residents = [Resident.model_validate(resident) for resident in current.get("residents") or []]
    counts: dict[str, Count] = {}
    for measure in measures:
        readings = measure.answers(current, residents, year)
        counts[measure.key] = Count(readings.count(YES), readings.count(NO), readings.count(UNKNOWN))
    return Tally(registered=1, visited=1, surveyed=1, counts=counts)


def tally(households: Iterable[Household], measures: Iterable[Measure], year: int) -> Tally:
    """The sum over the households: what the server's SQL must equal on the same rows."""
    measures = list({measure.key: measure for measure in measures}.values())
    total = Tally()
    for household in households:
        total += tally_household(household, measures, year)
    return total
