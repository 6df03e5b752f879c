"""Exact counts. Tallies of households add up to the village's, villages' to the commune's; nothing is ever averaged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey.indicators import Measure
from survey.questions import CATALOGUE, NO, UNKNOWN, YES, About
from survey.records import REGISTERED_STATUSES, AnswerValue, HouseholdStatus, Outcome

_WHOLE = ("registered", "surveyed", "refused", "moved", "vacant", "left_in_round", "absent")
_REGISTERED, _SURVEYED, _REFUSED, _MOVED, _VACANT, _LEFT_IN_ROUND, _ABSENT = range(len(_WHOLE))
_COLUMNS = {YES: 0, NO: 1, UNKNOWN: 2}
_OLDEST = 10_000  # nobody is: no upper limit
_VERSION = 1  # to be raised when households are counted otherwise: what was counted before is then counted anew


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

    def count(self, key: str) -> Count:
        return self.counts.get(key, Count())


class Counter:
    """Counts households for these measures, ages in `year`, and departures since the round began (None: none of them).

    A household's counts are a plain list of numbers that adds up: `of` makes it from a household in wire form, `tally`
    reads it. `basis` names what is counted: numbers of two counters with one basis may be added and compared.
    """

    def __init__(self, measures: Iterable[Measure], year: int, round_began: datetime | None = None) -> None:
        unique = {measure.key: measure for measure in measures}
        self._year, self._began = year, round_began
        self._keys = list(unique)
        self.basis = f"{_VERSION};{year};{round_began and round_began.isoformat()};{','.join(self._keys)}"
        self.size = len(_WHOLE) + 3 * len(self._keys)
        places = {key: len(_WHOLE) + 3 * place for place, key in enumerate(self._keys)}
        self._people = [_PeopleCount(places[key], one) for key, one in unique.items() if _asks_people(one)]
        self._homes = [(places[key], one) for key, one in unique.items() if not _asks_people(one)]

    def of(self, body: Mapping[str, Any]) -> list[int]:
        """One household's counts: a moved or vacant one counts only as that, a refusal as visited with no answers."""
        counts = [0] * self.size
        status = body.get("status", HouseholdStatus.ACTIVE)
        current: Mapping[str, Any] = body.get("current") or {}
        outcome = current.get("outcome")
        if status not in REGISTERED_STATUSES:
            counts[_MOVED if status == HouseholdStatus.MOVED else _VACANT] = 1
            counts[_LEFT_IN_ROUND] = int(self._left_in_round(body.get("left_at")))
            return counts
        counts[_REGISTERED] = 1
        if outcome == Outcome.COMPLETED:
            counts[_SURVEYED] = 1
            self._add_answers(counts, current)
        elif outcome == Outcome.REFUSED:
            counts[_REFUSED] = 1
        elif outcome == Outcome.ABSENT:
            counts[_ABSENT] = 1
        return counts

    def add(self, total: list[int], body: Mapping[str, Any]) -> None:
        """Add one household's counts to a sum."""
        for place, number in enumerate(self.of(body)):
            total[place] += number

    def tally(self, counts: Sequence[int]) -> Tally:
        """What the numbers say."""
        registered, surveyed, refused, moved, vacant, left_in_round, absent, *numbers = counts
        answered = {key: Count(*numbers[3 * place : 3 * place + 3]) for place, key in enumerate(self._keys)}
        known = answered if surveyed else {}
        return Tally(registered, surveyed + refused, surveyed, refused, known, moved, vacant, left_in_round, absent)

    def _left_in_round(self, left_at: str | None) -> bool:
        return self._began is not None and left_at is not None and datetime.fromisoformat(left_at) >= self._began

    def _add_answers(self, counts: list[int], current: Mapping[str, Any]) -> None:
        for resident in current.get("residents") or []:
            age, sex, answers = self._year - resident["birth_year"], resident["sex"], resident.get("answers") or {}
            for people in self._people:
                if people.youngest <= age <= people.oldest[sex]:
                    counts[people.place + people.column(answers.get(people.question))] += 1
        for place, measure in self._homes:
            for reading in measure.answers(current, [], self._year):
                counts[place + _COLUMNS[reading]] += 1


class _PeopleCount:
    """How one measure counts people: from which of the three numbers on (`place`), whom, and by what they answered."""

    def __init__(self, place: int, measure: Measure) -> None:
        self.place, self.question, self._measure = place, measure.question, measure
        people = measure.population
        self.youngest = people.age_min
        self.oldest = {sex: _OLDEST if (most := people.oldest(sex)) is None else most for sex in ("m", "f")}
        choices = (*CATALOGUE[measure.question].choices, UNKNOWN, None)
        self._columns = {choice: _COLUMNS[measure.reads(choice)] for choice in choices}

    def column(self, answer: AnswerValue) -> int:
        """0 for a yes, 1 for a no, 2 where it is not known."""
        found = self._columns.get(answer)
        return found if found is not None else _COLUMNS[self._measure.reads(answer)]


def _asks_people(measure: Measure) -> bool:
    return CATALOGUE[measure.question].about is About.RESIDENT


def tally(
    households: Iterable[Mapping[str, Any]],
    measures: Iterable[Measure],
    year: int,
    round_began: datetime | None = None,
) -> Tally:
    """The sum over households in wire form."""
    counter = Counter(measures, year, round_began)
    total = [0] * counter.size
    for household in households:
        counter.add(total, household)
    return counter.tally(total)
