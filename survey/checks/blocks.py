"""What several checks share: a member's visits in their order, blocks of them, and the chance of a count."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import exp, lgamma, log

from survey.checks.limits import LIMITS
from survey.checks.visits import Check, CheckedVisit, Flag

Visits = Sequence[CheckedVisit]


def by_member(visits: Iterable[CheckedVisit]) -> dict[str, list[CheckedVisit]]:
    """Each member's visits in the order of time."""
    found: dict[str, list[CheckedVisit]] = {}
    for one in sorted(visits, key=lambda one: (one.started_at, one.id)):
        found.setdefault(one.member, []).append(one)
    return found


def flag(check: Check, visits: Visits, **evidence: object) -> Flag:
    """What was found, in the village where most of the visits were made."""
    [(village, _)] = Counter(sorted(one.village for one in visits)).most_common(1)
    return Flag(check, visits[0].member, village, tuple(one.id for one in visits), evidence)


def worst_blocks(
    visits: Visits, weigh: Callable[[Visits], tuple[float, dict[str, object]] | None]
) -> list[tuple[Visits, dict[str, object]]]:
    """The blocks of visits in a row that `weigh` gives a weight and evidence, the heaviest first; of two that share a
    visit only the heavier one."""
    starts = range(0, max(1, len(visits) - LIMITS.block + 1), LIMITS.slide)
    last = max(0, len(visits) - LIMITS.block)
    weighed = []
    for start in sorted({*starts, last}):
        found = weigh(visits[start : start + LIMITS.block])
        if found is not None:
            weighed.append((found[0], start, found[1]))
    chosen: list[tuple[int, dict[str, object]]] = []
    for _weight, start, evidence in sorted(weighed, key=lambda one: (-one[0], one[1])):
        if all(abs(start - other) >= LIMITS.block for other, _ in chosen):
            chosen.append((start, evidence))
    return [
        (visits[start : start + LIMITS.block], evidence) for start, evidence in sorted(chosen, key=lambda one: one[0])
    ]


def quick_runs(visits: Visits, count: int, seconds: float) -> list[Visits]:
    """Unbroken runs of visits in which any so many in a row begin and end within so many seconds."""
    found: list[tuple[int, int]] = []
    for first in range(len(visits) - count + 1):
        last = first + count - 1
        if (visits[last].ended_at - visits[first].started_at).total_seconds() > seconds:
            continue
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], last
        else:
            found.append((first, last))
    return [visits[first : last + 1] for first, last in found]


def chance_of(count: int, of: int, share: float) -> float:
    """The chance that at least so many of a number are what a share of all is (binomial)."""
    if share <= 0:
        return 0.0 if count else 1.0
    share = min(share, 1 - 1e-9)
    logs = (
        lgamma(of + 1) - lgamma(one + 1) - lgamma(of - one + 1) + one * log(share) + (of - one) * log(1 - share)
        for one in range(count, of + 1)
    )
    return min(1.0, sum(map(exp, logs)))
