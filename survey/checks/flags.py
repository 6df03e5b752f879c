"""All checks of a round's visits."""

from collections.abc import Iterable, Mapping

from survey.checks.answers import few_no, no_change, unknowns, vneid_back
from survey.checks.families import alike, impossible, round_years, same_family
from survey.checks.rates import Cell
from survey.checks.timing import not_met, pace, short
from survey.checks.visits import CheckedVisit, Flag


def list_flags(
    visits: Iterable[CheckedVisit], *, year: int, last_round: Mapping[Cell, float] | None = None
) -> list[Flag]:
    """What the checks find in a commune's visits of one round, by village, member and check. The order of the visits
    does not matter. `last_round` are the rates of no of the round before (`rates_of_no`)."""
    every = sorted(visits, key=lambda one: one.id)
    found = [
        *pace(every),
        *short(every),
        *alike(every),
        *same_family(every),
        *few_no(every, year, last_round),
        *unknowns(every, year),
        *round_years(every, year),
        *not_met(every),
        *no_change(every),
        *vneid_back(every),
        *impossible(every, year),
    ]
    return sorted(found, key=lambda one: (one.village, one.member, one.check, one.visits))
