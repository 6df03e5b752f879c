"""A ratio that everybody may read, village by village: where few people answered one way, no reader learns how many.

A village's count is hidden if few said yes, or few said no. Nobody at all, and everybody, is shown of a village that is
not small itself. Further villages are hidden with it, until the commune's sum, less what is shown, gives nothing small
away either. Which village was hidden for its own sake and which for another's is not said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from survey.criteria import Result

SMALLEST = 5


@dataclass(frozen=True)
class Cell:
    """One village's count of a ratio: `yes` of `n`, and its result."""

    village: str
    yes: int
    n: int
    result: Result


@dataclass(frozen=True)
class PublishedCell:
    """What is shown of a village's count. `yes` is None if hidden, `result` if it would tell of a hidden count."""

    village: str
    yes: int | None
    n: int
    result: Result | None


@dataclass(frozen=True)
class PublishedCriterion:
    """What is shown of a ratio: its villages in the order given, and the commune's sums; `yes` is None if hidden."""

    cells: tuple[PublishedCell, ...]
    yes: int | None
    n: int


def hide_small(
    cells: Sequence[Cell], reached: Callable[[int, int], bool], smallest: int = SMALLEST
) -> PublishedCriterion:
    """Hide each village where fewer than `smallest` said yes, or no, and those that would give it away.

    The smallest village still shown is hidden too until what is hidden `_is_vague`. If that fails with all of them, the
    commune's `yes` is hidden as well. Then more than `smallest` counts are possible for each hidden village (`audit`),
    or all that its `n` allows if it has fewer people. Who knows this method and calculates backwards is left with
    `smallest` - 1 counts at least.

    `reached` tells whether a count (yes, n) reaches the threshold. A hidden village keeps its result only if all counts
    that are possible for it agree: a reader knows it anyway. Equal counts are hidden alike, so that a measure that
    stands under two criteria tells no more than once.
    """
    by_size = sorted((cell for cell in cells if cell.n), key=lambda cell: cell.n)
    shown = [cell for cell in by_size if not _is_small(cell.yes, cell.n, smallest)]
    while not (vague := _is_vague(by_size, shown, smallest)) and shown:
        del shown[0]
    kept = {cell.village for cell in (*shown, *(cell for cell in cells if not cell.n))}
    published = PublishedCriterion(
        tuple(
            PublishedCell(cell.village, cell.yes if cell.village in kept else None, cell.n, cell.result)
            for cell in cells
        ),
        sum(cell.yes for cell in cells) if vague else None,
        sum(cell.n for cell in cells),
    )
    possible = audit(published)
    return replace(published, cells=tuple(_hide_result(cell, possible, reached) for cell in published.cells))


def audit(published: PublishedCriterion) -> dict[str, range]:
    """The counts that a reader must think possible for each hidden village, from what is published alone."""
    hidden = [cell for cell in published.cells if cell.yes is None]
    if published.yes is None:
        return {cell.village: range(cell.n + 1) for cell in hidden}
    yes = published.yes - sum(cell.yes for cell in published.cells if cell.yes is not None)
    people = sum(cell.n for cell in hidden)
    return {cell.village: range(max(0, yes - (people - cell.n)), min(cell.n, yes) + 1) for cell in hidden}


def _is_small(yes: int, n: int, smallest: int) -> bool:
    return 0 < yes < smallest or 0 < n - yes < smallest


def _is_vague(by_size: list[Cell], shown: list[Cell], smallest: int) -> bool:
    """Whether the villages that are not shown keep their counts.

    A reader knows how many people these count together and how many of them said yes. So one village's count is known
    no closer than the smallest of: its people, the others' people, all the yes, all the no. (Two hidden villages with
    one yes between them are as good as shown.) Who knows that villages are added by size knows more: one that is larger
    than a village still shown is hidden because its own count is small.
    """
    place = by_size.index(shown[0]) if shown else len(by_size)
    any_count, small_count = by_size[:place], [cell for cell in by_size[place:] if cell not in shown]
    hidden = any_count + small_count
    if not hidden:
        return True
    people, yes = sum(cell.n for cell in hidden), sum(cell.yes for cell in hidden)
    if min(yes, people - yes, people - hidden[-1].n) < smallest:
        return False
    room = sum(cell.n for cell in any_count)
    for cell in any_count:
        possible = _possible(range(cell.n + 1), yes, small_count, room - cell.n, smallest)
        if possible <= min(smallest, cell.n):
            return False
    for cell in small_count:
        others = [other for other in small_count if other is not cell]
        if _possible(_small_counts(cell.n, smallest), yes, others, room, smallest) < smallest - 1:
            return False
    return True


def _small_counts(n: int, smallest: int) -> list[int]:
    return [yes for yes in range(n + 1) if _is_small(yes, n, smallest)]


def _possible(counts: Sequence[int], yes: int, small: list[Cell], room: int, smallest: int) -> int:
    """How many of `counts` leave a rest of `yes` that others can have: the villages of a small count, and up to `room`
    the rest of the people."""
    sums = 1  # bit s is set if the villages of a small count can have s together
    for cell in small:
        sums = reduce(or_, (sums << count for count in _small_counts(cell.n, smallest)))
    found = 0
    for rest in (yes - count for count in counts if count <= yes):
        least = max(0, rest - room)
        found += bool((sums >> least) & ((1 << (rest - least + 1)) - 1))
    return found


def _hide_result(cell: PublishedCell, possible: dict[str, range], reached: Callable[[int, int], bool]) -> PublishedCell:
    tells = len({reached(yes, cell.n) for yes in possible.get(cell.village, ())}) > 1
    return replace(cell, result=None) if tells else cell
