"""Exact counts. Tallies of households add up to the village's, villages' to the commune's; nothing is ever averaged."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey.indicators import Measure
from survey.questions import NO, UNKNOWN, YES
from survey.records import REGISTERED_STATUSES, Household, HouseholdStatus, Outcome, Resident


@dataclass(frozen=True)
class Count:
    """How many answered one measure with yes, no or unknown. The denominator counts the known answers only."""

    yes: int = 0
    no: int = 0
    unknown: int = 0

    @property
    def denominator(self) -> int:
        return self.yes + self.no

    def __add__(self, other: "Count") -> "Count":
        return Count(self.yes + other.yes, self.no + other.no, self.unknown + other.unknown)

    def __neg__(self) -> "Count":
        return Count(-self.yes, -self.no, -self.unknown)


@dataclass(frozen=True)
class Tally:
    """Counts over some households: registered, visited (surveyed or refused), and the answers by measure key.

    `absent` are registered households where the last visit found nobody. `moved` and `vacant` count households that are
    not registered any more; `left_in_round` counts those of the two that left since the round began.
    """

    registered: int = 0
    visited: int = 0
    surveyed: int = 0
    refused: int = 0
    counts: dict[str, Count] = field(default_factory=dict)
    moved: int = 0
    vacant: int = 0
    left_in_round: int = 0
    absent: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        keys = self.counts.keys() | other.counts.keys()
        return Tally(
            self.registered + other.registered,
            self.visited + other.visited,
            self.surveyed + other.surveyed,
            self.refused + other.refused,
            {key: self.count(key) + other.count(key) for key in keys},
            self.moved + other.moved,
            self.vacant + other.vacant,
            self.left_in_round + other.left_in_round,
            self.absent + other.absent,
        )

    def __neg__(self) -> "Tally":
        counts = {key: -count for key, count in self.counts.items()}
        left = (-self.moved, -self.vacant, -self.left_in_round, -self.absent)
        return Tally(-self.registered, -self.visited, -self.surveyed, -self.refused, counts, *left)

    def __sub__(self, other: "Tally") -> "Tally":
        """The sum without some households: exact, since counts only add."""
        return self + -other

    def count(self, key: str) -> Count:
        return self.counts.get(key, Count())


def tally_household(
    household: Household, measures: Iterable[Measure], year: int, round_began: datetime | None = None
) -> Tally:
    """One household's counts: a moved or vacant one counts only as that, a refusal as visited with no answers.

    `left_in_round` is 0 if `round_began` is None.
    """
    if household.status not in REGISTERED_STATUSES:
        moved = household.status is HouseholdStatus.MOVED
        left_at = household.left_at
        recently = round_began is not None and left_at is not None and left_at >= round_began
        return Tally(moved=int(moved), vacant=int(not moved), left_in_round=int(recently))
    current: dict[str, Any] = household.current or {}
    outcome = current.get("outcome")
    if outcome == Outcome.REFUSED:
        return Tally(registered=1, visited=1, refused=1)
    if outcome != Outcome.COMPLETED:
        return Tally(registered=1, absent=int(outcome == Outcome.ABSENT))
    residents = [Resident.model_validate(resident) for resident in current.get("residents") or []]
    counts: dict[str, Count] = {}
    for measure in measures:
        readings = measure.answers(current, residents, year)
        counts[measure.key] = Count(readings.count(YES), readings.count(NO), readings.count(UNKNOWN))
    return Tally(registered=1, visited=1, surveyed=1, counts=counts)


def tally(
    households: Iterable[Household], measures: Iterable[Measure], year: int, round_began: datetime | None = None
) -> Tally:
    """The sum over the households. The server's SQL must give the same counts for the same rows."""
    measures = list({measure.key: measure for measure in measures}.values())
    total = Tally()
    for household in households:
        total += tally_household(household, measures, year, round_began)
    return total
