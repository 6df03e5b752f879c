"""When a member of the demo stood at which door: some evenings and weekends, on foot from one door to the next."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from survey.times import VIETNAM, vietnam_day

DAYS = 18
_SATURDAY = 5


def seconds_at_the_door(random: Random, people: int, told: int) -> float:
    """How long a first visit takes: a greeting, who lives there, and each answer that is told; else only a knock."""
    if not told:
        return random.uniform(15, 70)
    return max(20, (25 + 12 * people + 7 * told) * random.lognormvariate(0, 0.4))


def walk(random: Random, seconds: Sequence[float], until: datetime) -> list[datetime]:
    """When each of the visits begins, in their order: one or two hours a day, on days before the one of `until`."""
    outings: list[list[float]] = []
    left = 0.0
    for one in seconds:
        if left <= 0:
            outings.append([])
            left = random.uniform(3600, 2.6 * 3600)
        way = 30 + random.expovariate(1 / 150)
        outings[-1].append(way + one)
        left -= way + one
    begins: list[datetime] = []
    days = max(DAYS, len(outings))
    rest = iter(seconds)
    for number, outing in enumerate(outings):
        day = vietnam_day(until) - timedelta(days=days - number * days // len(outings))
        first_hour = random.uniform(8, 15) if day.weekday() >= _SATURDAY else random.uniform(17.2, 19)
        at = datetime.combine(day, time(), VIETNAM) + timedelta(hours=first_hour)
        for whole in outing:
            at += timedelta(seconds=whole)
            begins.append(at - timedelta(seconds=next(rest)))
    return begins
