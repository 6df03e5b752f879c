"""How far families say the same when they are asked again: by question, by member, by village. Never a ranking."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from survey.back_checks import Compared, Why

_Z = 1.96
MANY_OTHERWISE, NOBODY_CAME = 3, 2
"""Of a member's households that were asked again: so many that differ, or where nobody had come, are asked about."""


@dataclass(frozen=True)
class CheckedAgain:
    """A visit that was checked again, with what was compared."""

    visit: str
    household: str
    village: str
    member: str
    why: Why
    compared: tuple[Compared, ...]

    @property
    def matches(self) -> bool | None:
        """Whether all that a member is measured by agrees; None if nothing could be compared."""
        seen = [one.agrees for one in self.compared if one.is_of_member and one.agrees is not None]
        return all(seen) if seen else None

    @property
    def nobody_came(self) -> bool:
        """Whether the family says that nobody came, though the visit says that they answered."""
        return any(one.item == "came" and one.agrees is False for one in self.compared)


@dataclass(frozen=True)
class Agreement:
    """`matching` of `total`."""

    matching: int
    total: int

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share is with 95 % (Wilson), from 0 to 1."""
        if not self.total:
            return 0.0, 1.0
        share, whole = self.matching / self.total, self.total
        middle = share + _Z**2 / (2 * whole)
        width = _Z * sqrt(share * (1 - share) / whole + _Z**2 / (4 * whole**2))
        low, high = ((middle + side * width) / (1 + _Z**2 / whole) for side in (-1, 1))
        return min(max(0.0, low), share), max(min(1.0, high), share)  # where rounding would leave the share outside


@dataclass(frozen=True)
class Direction:
    """Of `total` answers, how many yes became a no (`fewer`) and how many no a yes (`more`)."""

    fewer: int
    more: int
    total: int

    @property
    def overstated(self) -> int:
        """By how many answers the village's figures may be too high; below nothing if they may be too low."""
        return self.fewer - self.more

    @property
    def is_one_way(self) -> bool:
        """Whether so many more one way than the other are hardly chance (sign test, 95 %): 4 and none, 9 and 2."""
        return abs(self.overstated) > _Z * sqrt(self.fewer + self.more)


def by_question(checked: Iterable[CheckedAgain]) -> dict[str, Agreement]:
    """For each thing that was asked twice, in the order in which it is asked."""
    found: dict[str, list[bool]] = defaultdict(list)
    for one in _drawn(checked):
        for item in one.compared:
            if item.agrees is not None:
                found[item.item].append(item.agrees)
    return {item: Agreement(sum(agreed), len(agreed)) for item, agreed in found.items()}


def by_member(checked: Iterable[CheckedAgain]) -> dict[tuple[str, str], Agreement]:
    """For each village and member, by whole households: answers of one family hang together."""
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for one in _drawn(checked):
        if one.matches is not None:
            found[one.village, one.member].append(one.matches)
    return {who: Agreement(sum(matched), len(matched)) for who, matched in found.items()}


def by_village(checked: Iterable[CheckedAgain]) -> dict[str, Direction]:
    """For each village, which way the answers differ: equal numbers both ways are noise."""
    turns: dict[str, list[int]] = defaultdict(list)
    for one in _drawn(checked):
        turns[one.village] += [
            item.turn for item in one.compared if item.agrees is not None and item.item not in _FACTS
        ]
    return {village: Direction(some.count(1), some.count(-1), len(some)) for village, some in turns.items() if some}


def asks_about(checked: Iterable[CheckedAgain]) -> dict[tuple[str, str], list[CheckedAgain]]:
    """The members who are asked how it was, with the households that differ."""
    differing: dict[tuple[str, str], list[CheckedAgain]] = defaultdict(list)
    for one in _drawn(checked):
        if one.matches is False:
            differing[one.village, one.member].append(one)
    return {
        who: some
        for who, some in differing.items()
        if len(some) >= MANY_OTHERWISE or sum(one.nobody_came for one in some) >= NOBODY_CAME
    }


def _drawn(checked: Iterable[CheckedAgain]) -> list[CheckedAgain]:
    return [one for one in checked if one.why is Why.DRAWN]


_FACTS = frozenset({"came", "adults"})
