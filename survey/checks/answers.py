"""Checks of what was answered: too few no, too many unknown, nothing changed, VNeID lower than before."""

from collections.abc import Iterator, Mapping
from math import sqrt

from survey.checks.blocks import Visits, by_member, chance_of, flag, worst_blocks
from survey.checks.limits import LIMITS
from survey.checks.rates import Cell, answers_by_cell, count_by_cell
from survey.checks.visits import Check, CheckedVisit, Flag
from survey.questions import UNKNOWN

VNEID = "vneid_level"


def few_no(visits: Visits, year: int, last_round: Mapping[Cell, float] | None = None) -> Iterator[Flag]:
    """Blocks of visits with far fewer no than people of these ages give elsewhere now, or gave in the last round: where
    many members leave the no out, their neighbours now say nothing."""
    every = count_by_cell(visits, year)
    for mine in by_member(one for one in visits if one.is_met).values():
        own = count_by_cell(mine, year)
        expected = {
            cell: max(
                _rate_of_others(counts, own.get(cell, (0, 0))),
                LIMITS.few_no_last_round * (last_round or {}).get(cell, 0.0),
            )
            for cell, counts in every.items()
        }

        def weigh(block: Visits, expected: dict[Cell, float] = expected) -> tuple[float, dict[str, object]] | None:
            said, usual, spread = 0, 0.0, 0.0
            for visit in block:
                for cell, is_no in answers_by_cell(visit, year):
                    usual += expected[cell]
                    spread += expected[cell] * (1 - expected[cell])
                    said += is_no
            if usual < LIMITS.few_no_least_expected or said >= LIMITS.few_no_ratio * usual:
                return None
            z = (said - usual) / sqrt(LIMITS.design_effect * spread)
            return (-z, {"count": len(block), "no": said, "usual": round(usual)}) if z < LIMITS.few_no_z else None

        for block, evidence in worst_blocks(mine, weigh):
            yield flag(Check.FEW_NO, block, **evidence)


def _rate_of_others(every: tuple[int, int], own: tuple[int, int]) -> float:
    """The share of no among the others' known answers; 0 where they are too few to tell anything about anybody: whoever
    is the first to go round would be measured by nobody."""
    no, known = every[0] - own[0], every[1] - own[1]
    return (no + 0.5) / (known + 1) if known >= LIMITS.few_no_least_others else 0.0


def unknowns(visits: Visits, year: int) -> Iterator[Flag]:
    """Blocks with far more unknown answers of adults than the others have."""
    met = [one for one in visits if one.is_met]
    all_unknown, all_asked = _unknown_of(met, year)
    for mine in by_member(met).values():
        own_unknown, own_asked = _unknown_of(mine, year)
        usual = (all_unknown - own_unknown + 1) / (all_asked - own_asked + 1)
        share = max(LIMITS.unknown_at_least, LIMITS.unknown_times * usual)

        def weigh(block: Visits, share: float = share) -> tuple[float, dict[str, object]] | None:
            unknown, asked = _unknown_of(block, year)
            if unknown < LIMITS.unknown_least or chance_of(unknown, asked, share) >= LIMITS.unknown_chance:
                return None
            return float(unknown), {"count": unknown, "of": asked}

        for block, evidence in worst_blocks(mine, weigh):
            yield flag(Check.UNKNOWNS, [one for one in block if _unknown_of([one], year)[0]], **evidence)


def _unknown_of(visits: Visits, year: int) -> tuple[int, int]:
    """How many answers of adults are unknown, and how many there are."""
    unknown = asked = 0
    for visit in visits:
        for person in visit.told.people:
            if year - person.birth_year >= LIMITS.adult_age:
                values = [answer for answer in person.answers.values() if answer is not None]
                asked += len(values)
                unknown += values.count(UNKNOWN)
    return unknown, asked


def no_change(visits: Visits) -> Iterator[Flag]:
    """Blocks of filled-in visits of which nearly all stayed as they were, far more than with the others, once they have
    made enough to compare with."""
    again = [one for one in visits if one.is_met and one.before is not None]
    same = {one.id for one in again if one.told == one.before}
    for mine in by_member(again).values():
        rest = len(again) - len(mine)
        if rest < LIMITS.same_least_others:
            continue
        share = min(0.9, (len(same) - sum(one.id in same for one in mine)) / rest)

        def weigh(block: Visits, share: float = share) -> tuple[float, dict[str, object]] | None:
            kept = sum(one.id in same for one in block)
            if len(block) < LIMITS.same_least or kept < LIMITS.same_share * len(block):
                return None
            chance = chance_of(kept, len(block), share)
            return (kept / len(block), {"count": kept, "of": len(block)}) if chance < LIMITS.same_chance else None

        for block, evidence in worst_blocks(mine, weigh):
            yield flag(Check.NO_CHANGE, block, **evidence)


def went_back(visit: CheckedVisit) -> list[str]:
    """Who has a lower VNeID level than before: the first entry or this one is wrong."""
    before = {one.id: one.answers.get(VNEID) for one in (visit.before.people if visit.before else ())}
    return [one.id for one in visit.told.people if _is_lower(one.answers.get(VNEID), before.get(one.id))]


def _is_lower(now: object, before: object) -> bool:
    return isinstance(now, int) and isinstance(before, int) and now < before


def vneid_back(visits: Visits) -> Iterator[Flag]:
    """Several households of one member where somebody's VNeID level fell."""
    for mine in by_member(one for one in visits if one.is_met and went_back(one)).values():
        if len(mine) >= LIMITS.vneid_households:
            yield flag(Check.VNEID_BACK, mine, count=len(mine))
