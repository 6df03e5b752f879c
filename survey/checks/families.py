"""Checks of who lives there: the same people in two houses, made-up birth years, ages that cannot be."""

from collections.abc import Iterator
from math import sqrt

from survey.checks.blocks import Visits, by_member, flag, worst_blocks
from survey.checks.limits import LIMITS
from survey.checks.visits import Check, CheckedVisit, Flag, Person, Told


def same_family(visits: Visits) -> Iterator[Flag]:
    """Three or more people with the same sexes and birth years in two houses of a village, whoever wrote them."""
    seen: dict[tuple[str, tuple[tuple[str, int], ...]], list[CheckedVisit]] = {}
    for one in sorted(visits, key=lambda one: (one.started_at, one.id)):
        if one.is_met and len(one.told.people) >= LIMITS.family_people:
            pattern = tuple(sorted((person.sex, person.birth_year) for person in one.told.people))
            seen.setdefault((one.village, pattern), []).append(one)
    for (_village, pattern), some in seen.items():
        if len({one.household for one in some}) > 1:
            *earlier, last = some
            found = flag(Check.SAME_FAMILY, [last, *earlier], count=len(some), people=len(pattern))
            yield Flag(found.check, last.member, found.village, tuple(one.id for one in some), found.evidence)


def alike(visits: Visits) -> Iterator[Flag]:
    """Blocks in which many visits repeat one of the member's visits just before: the same people, nearly the same birth
    years, every answer the same."""
    for mine in by_member(one for one in visits if one.is_met and one.told.people).values():
        repeats = {
            one.id
            for place, one in enumerate(mine)
            if any(_is_copy(one, other) for other in mine[max(0, place - LIMITS.alike_back) : place])
        }

        def weigh(block: Visits, repeats: set[str] = repeats) -> tuple[float, dict[str, object]] | None:
            count = sum(one.id in repeats for one in block)
            return (float(count), {"count": count, "of": len(block)}) if count >= LIMITS.alike_visits else None

        for block, evidence in worst_blocks(mine, weigh):
            yield flag(Check.ALIKE, [one for one in block if one.id in repeats], **evidence)


def _is_copy(one: CheckedVisit, other: CheckedVisit) -> bool:
    if one.household == other.household or len(one.told.people) != len(other.told.people):
        return False
    return one.told.answers == other.told.answers and all(
        (a.relation, a.sex) == (b.relation, b.sex)
        and abs(a.birth_year - b.birth_year) <= LIMITS.alike_years
        and a.answers == b.answers
        for a, b in zip(one.told.people, other.told.people, strict=True)
    )


def round_years(visits: Visits, year: int) -> Iterator[Flag]:
    """Blocks in which far too many birth years of people of working age end in 0 or 5."""

    def weigh(block: Visits) -> tuple[float, dict[str, object]] | None:
        years = [one.birth_year for visit in block for one in visit.told.people if 18 <= year - one.birth_year < 60]
        count, of = sum(one % 5 == 0 for one in years), len(years)
        if of < LIMITS.round_people or count < LIMITS.round_share * of:
            return None
        z = (count - 0.2 * of) / sqrt(0.16 * of)
        return (count / of, {"count": count, "of": of}) if z > LIMITS.round_z else None

    for mine in by_member(one for one in visits if one.is_met).values():
        for block, evidence in worst_blocks(mine, weigh):
            yield flag(Check.ROUND_YEARS, block, **evidence)


def impossible(visits: Visits, year: int) -> Iterator[Flag]:
    """A visit whose people can hardly be so: nearly always a slip of the finger, which is worth a second look."""
    for one in sorted(visits, key=lambda one: (one.started_at, one.id)):
        if one.is_met and (why := cannot_be(one.told, one.before, year)):
            yield flag(Check.IMPOSSIBLE, [one], why=sorted({kind for kind, _person in why}))


def cannot_be(told: Told, before: Told | None, year: int) -> list[tuple[str, str | None]]:
    """What can hardly be, as (kind, the person's id or None): head_young, nobody_adult, spouses_apart, parent_young,
    year_moved."""
    people = told.people
    if not people:
        return []
    head, found = _of(people, "head"), list[tuple[str, str | None]]()
    if head and year - head.birth_year < LIMITS.head_age:
        found.append(("head_young", head.id))
    if all(year - one.birth_year < LIMITS.adult_age for one in people):
        found.append(("nobody_adult", None))
    spouse = _of(people, "spouse")
    if head and spouse and abs(head.birth_year - spouse.birth_year) > LIMITS.spouse_years:
        found.append(("spouses_apart", spouse.id))
    for one in people:
        if head and one.relation == "child" and one.birth_year - head.birth_year < LIMITS.parent_years:
            found.append(("parent_young", one.id))
    earlier = {one.id: one.birth_year for one in (before.people if before else ())}
    for one in people:
        if abs(earlier.get(one.id, one.birth_year) - one.birth_year) >= LIMITS.moved_years:
            found.append(("year_moved", one.id))
    return found


def _of(people: tuple[Person, ...], relation: str) -> Person | None:
    return next((one for one in people if one.relation == relation), None)
