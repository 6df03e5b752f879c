"""The search over households in SQL: SQLite looks for the needles of `survey.searching` in each household's text."""

import re
from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlmodel import col

from app.store.rows import HouseholdRow
from survey.searching import OUT_OF_ORDER, Needle, Reading, Search, searched

_TEXT = col(HouseholdRow.search)
_NOT_FOUND = 2**62


class HouseholdSearch:
    """What was typed, as conditions and an order of households. `is_empty` is whether nothing was typed."""

    def __init__(self, typed: str) -> None:
        self._search: Search = searched(typed)
        self.is_empty = not self._search.inside

    def is_found(self) -> ColumnElement[bool]:
        """Whether `survey.searching.rank_of` gives the household a rank."""
        return or_(literal(False), *(_is_found(reading) for reading in self._search.readings))

    def rank(self) -> ColumnElement[int] | None:
        """The rank that `survey.searching.rank_of` gives a household that is found; None if none can be."""
        ranks = [func.coalesce(_rank(reading), _NOT_FOUND) for reading in self._search.readings]
        return func.min(*ranks) if len(ranks) > 1 else next(iter(ranks), None)

    def is_inside(self) -> ColumnElement[bool]:
        """`survey.searching.is_inside`, for when no household is found."""
        return and_(*(func.instr(_TEXT, word) > 0 for word in self._search.inside))


def _is_found(reading: Reading) -> ColumnElement[bool]:
    return and_(*(or_(*(_is_in(needle) for needle in _loosest(needles))) for needles in reading.words))


def _loosest(needles: tuple[Needle, ...]) -> Iterator[Needle]:
    """The needles without those that find only what another one finds, too."""
    for needle in needles:
        if not any(other != needle and other.finds_all_of(needle) for other in needles):
            yield needle


def _rank(reading: Reading) -> ColumnElement[Any]:
    """NULL where a word is not found: a sum with NULL is NULL."""
    costs: list[ColumnElement[Any]] = [
        case(*((_is_in(needle), needle.cost) for needle in needles)) for needles in reading.words
    ]
    if reading.in_order:
        costs.append(case((_is_in(reading.in_order), 0), else_=OUT_OF_ORDER))
    return reduce(add, costs)


def _is_in(needle: Needle) -> ColumnElement[bool]:
    if len(needle.parts) == 1:
        return func.instr(_TEXT, needle.parts[0]) > 0
    # GLOB tells capitals from small letters, LIKE does not.
    pattern = "*".join(re.sub(r"([*?\[])", r"[\1]", part) for part in needle.parts)
    return _TEXT.op("GLOB", is_comparison=True)(f"*{pattern}*")
