"""The counts once more, in another way: from the records, a household and a measure at a time. `Counter` must agree."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from survey.indicators import Measure
from survey.questions import NO, UNKNOWN, YES
from survey.records import REGISTERED_STATUSES, Household, HouseholdStatus, Outcome, Resident
from survey.tally import Count, Tally


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
    """The sum over the households."""
    measures = list({measure.key: measure for measure in measures}.values())
    total = Tally()
    for household in households:
        total += tally_household(household, measures, year, round_began)
    return total
