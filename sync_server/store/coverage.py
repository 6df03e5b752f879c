"""Counts villages in SQL: one GROUP BY over households, one over residents. A test compares it with `survey.tally`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Table, and_, bindparam, func, or_, select, true

from survey.indicators import Measure
from survey.questions import CATALOGUE, NO, UNKNOWN, YES, About
from survey.records import REGISTERED_STATUSES, HouseholdStatus, Outcome
from survey.tally import Count, Tally
from sync_server.store.rows import HouseholdRow, ResidentRow, UtcTime, table_of
from sync_server.store.statements import Session, Statement, is_one_of

_HOUSEHOLD, _RESIDENT = table_of(HouseholdRow), table_of(ResidentRow)
_business = func.coalesce(_HOUSEHOLD.c.runs_business, UNKNOWN)
Counted = ColumnElement[int]


def count_villages(
    session: Session,
    commune: str,
    villages: Iterable[str],
    measures: Iterable[Measure],
    year: int,
    round_began: datetime | None = None,
) -> dict[str, Tally]:
    """The tally of each village; a village without households has an empty one.

    Ages are counted for `year`. Households that left since `round_began` are counted apart.
    """
    unique = {measure.key: measure for measure in measures}.values()
    of_people = tuple(one for one in unique if CATALOGUE[one.question].about is About.RESIDENT)
    of_houses = tuple(one for one in unique if CATALOGUE[one.question].about is About.HOUSEHOLD)
    wanted: dict[str, Any] = {"commune": commune, "villages": list(villages), "year": year, "began": round_began}
    tallies: dict[str, Tally] = dict.fromkeys(wanted["villages"], Tally())
    for village, there, completed, declined, away, moved, vacant, left, *numbers in _houses(of_houses).rows(
        session, **wanted
    ):
        figures = _read(of_houses, numbers) if completed else {}
        tallies[village] = Tally(there, completed + declined, completed, declined, figures, moved, vacant, left, away)
    if of_people:
        for village, *numbers in _people(of_people).rows(session, **wanted):
            tallies[village] += Tally(counts=_read(of_people, numbers))
    return tallies


@lru_cache(maxsize=64)
def _houses(measures: tuple[Measure, ...]) -> Statement:
    """The statement that counts households by village, built once for these measures."""
    registered = _HOUSEHOLD.c.status.in_([status.value for status in REGISTERED_STATUSES])
    surveyed = and_(registered, _HOUSEHOLD.c.outcome == Outcome.COMPLETED.value)
    refused = and_(registered, _HOUSEHOLD.c.outcome == Outcome.REFUSED.value)
    absent = and_(registered, _HOUSEHOLD.c.outcome == Outcome.ABSENT.value)
    moved, vacant = (_HOUSEHOLD.c.status == status.value for status in (HouseholdStatus.MOVED, HouseholdStatus.VACANT))
    left = and_(~registered, _HOUSEHOLD.c.left_at >= bindparam("began", type_=UtcTime))
    return Statement(
        select(_HOUSEHOLD.c.village_id, *map(_count, (registered, surveyed, refused, absent, moved, vacant, left)))
        .add_columns(*_counts(measures, _HOUSEHOLD, surveyed))
        .where(_HOUSEHOLD.c.commune == bindparam("commune"), is_one_of(_HOUSEHOLD.c.village_id, "villages"))
        .where(_HOUSEHOLD.c.quarantined_at.is_(None))
        .group_by(_HOUSEHOLD.c.village_id)
    )


@lru_cache(maxsize=64)
def _people(measures: tuple[Measure, ...]) -> Statement:
    """The statement that counts people by village. The table holds only those that count: see `save_residents`."""
    return Statement(
        select(_RESIDENT.c.village_id, *_counts(measures, _RESIDENT, true()))
        .where(_RESIDENT.c.commune == bindparam("commune"), is_one_of(_RESIDENT.c.village_id, "villages"))
        .group_by(_RESIDENT.c.village_id)
    )


def _count(condition: ColumnElement[bool]) -> Counted:
    return func.count().filter(condition)


def _counts(measures: Sequence[Measure], table: Table, asked: ColumnElement[bool]) -> list[Counted]:
    """Three columns for each measure: how many say yes, how many say no, how many are not known."""
    columns: list[Counted] = []
    for measure in measures:
        counted = and_(asked, _in_population(measure, table))
        answer = table.c[measure.question]
        known = _is_known(measure, answer)
        says_yes = _says_yes(measure, answer)
        columns += [
            _count(and_(counted, known, says_yes)),
            _count(and_(counted, known, ~says_yes)),
            _count(and_(counted, ~known)),
        ]
    return columns


def _is_known(measure: Measure, answer: Column[object]) -> ColumnElement[bool]:
    # A number's column is empty where the answer is not known. NULL never stays in a condition: not NULL is NULL.
    known = answer.is_not(None) if measure.level is not None else func.coalesce(answer, UNKNOWN) != UNKNOWN
    return and_(known, _business == YES) if measure.population.of == "businesses" else known


def _says_yes(measure: Measure, answer: Column[object]) -> ColumnElement[bool]:
    return answer.in_([YES, "good"]) if measure.level is None else answer >= measure.level


def _in_population(measure: Measure, table: Table) -> ColumnElement[bool]:
    people = measure.population
    if table is _HOUSEHOLD:
        # Only who said "no" has no business; where nobody knows, the answer is not known.
        return _business != NO if people.of == "businesses" else true()
    age = bindparam("year", type_=Integer) - _RESIDENT.c.birth_year
    limits = [
        and_(_RESIDENT.c.sex == sex, true() if (oldest := people.oldest(sex)) is None else age <= oldest)
        for sex in ("m", "f")
    ]
    return and_(age >= people.age_min, or_(*limits))


def _read(measures: Sequence[Measure], numbers: Sequence[int]) -> dict[str, Count]:
    return {measure.key: Count(*numbers[3 * place : 3 * place + 3]) for place, measure in enumerate(measures)}
