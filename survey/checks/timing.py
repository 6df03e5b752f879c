"""Checks of when and how long: many visits in a few minutes, visits too short to ask in, doors that nobody opened."""

from collections.abc import Iterator

from survey.checks.blocks import Visits, by_member, chance_of, flag, quick_runs
from survey.checks.limits import LIMITS
from survey.checks.visits import Check, CheckedVisit, Flag
from survey.records import Outcome

_NOBODY = frozenset({Outcome.ABSENT.value, Outcome.VACANT.value, Outcome.MOVED.value})


def least_seconds(visit: CheckedVisit) -> float:
    """The least time in which the visit's answers can be asked for, or, filled in from earlier ones, gone through."""
    if visit.before is not None:
        return LIMITS.short_filled_in + LIMITS.short_filled_in_an_answer * visit.told.count
    return LIMITS.short_a_person * len(visit.told.people) + LIMITS.short_an_answer * visit.told.count


def pace(visits: Visits) -> Iterator[Flag]:
    """Completed visits that follow each other faster than anybody walks."""
    for mine in by_member(one for one in visits if one.is_met).values():
        for run in quick_runs(mine, LIMITS.pace_visits, LIMITS.pace_seconds):
            seconds = round((run[-1].ended_at - run[0].started_at).total_seconds())
            yield flag(Check.PACE, run, count=len(run), seconds=seconds, at=run[0].started_at.isoformat())


def short(visits: Visits) -> Iterator[Flag]:
    """Visits shorter than their questions take to ask; those of one day are one flag."""
    for mine in by_member(one for one in visits if one.is_met and one.seconds < least_seconds(one)).values():
        days: dict[object, list[CheckedVisit]] = {}
        for one in mine:
            days.setdefault(one.started_at.date(), []).append(one)
        for some in days.values():
            worst = min(some, key=lambda one: (one.seconds - least_seconds(one), one.id))
            told = {"people": len(worst.told.people), "seconds": max(0, round(worst.seconds))}
            yield flag(Check.SHORT, some, count=len(some), **told)


def not_met(visits: Visits) -> Iterator[Flag]:
    """Far more doors without an answer than the others have, or several within a few minutes."""
    people = by_member(visits)
    missed = sum(not one.is_met for one in visits)
    for mine in people.values():
        own = [one for one in mine if not one.is_met]
        rest = len(visits) - len(mine)
        usual = LIMITS.not_met_times * (missed - len(own) + 1) / (rest + 1)
        if own and chance_of(len(own), len(mine), max(LIMITS.not_met_at_least, usual)) < LIMITS.not_met_chance:
            yield flag(Check.NOT_MET, own, count=len(own), of=len(mine))
            continue
        nobody = [one for one in mine if one.outcome in _NOBODY]
        for run in quick_runs(nobody, LIMITS.burst_visits, LIMITS.burst_seconds):
            seconds = round((run[-1].ended_at - run[0].started_at).total_seconds())
            yield flag(Check.NOT_MET, run, count=len(run), seconds=seconds)
