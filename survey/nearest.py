"""From a criterion that is not met to the doors: how many are enough, in which order, and by when at today's pace."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from survey.coverage import Door, Missing
from survey.criteria import Result
from survey.times import vietnam_day

PACE_WEEKS = 4
LONGEST_DAYS = 730
"""A day further away than this is no plan, and is not said."""


@dataclass(frozen=True)
class WayToPass:
    """The doors where a visit can bring a criterion further, and how many of them can be enough.

    `enough` is the fewest: each of these doors has to end with a yes of everybody who has none, or with answers where
    nobody was asked yet. 0 if all of them together are not enough.
    """

    missing: Missing
    doors: tuple[Door, ...]
    enough: int


def way_to_pass(missing: Missing, doors: Iterable[Door]) -> WayToPass:
    """Choose the doors for what a criterion lacks: those with most people without it, or those that nobody surveyed."""
    if missing.result is Result.NOT_ENOUGH_DATA:
        useful = sorted((door for door in doors if door.unvisited or door.unknown), key=lambda door: not door.unvisited)
        unvisited = sum(door.unvisited for door in useful)
        return WayToPass(missing, tuple(useful), missing.count if missing.count <= unvisited else 0)
    useful = sorted(doors, key=lambda door: (door.unvisited, -door.answered_no, -door.unknown))
    gained, enough = 0, 0
    for place, door in enumerate(useful, 1):
        gained += door.answered_no
        if gained >= missing.count:
            enough = place
            break
    return WayToPass(missing, tuple(useful), enough)


def by_way(doors: Sequence[Door], order: Sequence[str], start: str | None) -> list[Door]:
    """The doors in the order of the village's list, from the household `start` on and round to it again."""
    places = {household: place for place, household in enumerate(order)}
    here = places.get(start or "", 0)
    return sorted(doors, key=lambda door: (places.get(door.household, len(order)) - here) % (len(order) + 1))


def done_by(visits_left: int, visited_at: Iterable[datetime], now: datetime) -> date | None:
    """The day on which so many visits are done at the pace of the last four weeks; None if there was no visit then, or
    if it lies more than two years away."""
    since = now - timedelta(weeks=PACE_WEEKS)
    recent = sum(since < at <= now for at in visited_at)
    if not recent:
        return None
    days = ceil(visits_left * PACE_WEEKS * 7 / recent)
    return vietnam_day(now + timedelta(days=days)) if days <= LONGEST_DAYS else None
