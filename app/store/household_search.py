"""The search over households in SQL: SQLite looks for the needles of `survey.searching` in each household's text.

The SQL is put together as text: a few dozen needles as expressions cost the phone's Python far more than SQLite needs
to look for them in a whole village. Needles are always bound, never part of the SQL.
"""

import re
from functools import lru_cache

from sqlalchemy import TextClause, text

from survey.searching import OUT_OF_ORDER, Needle, Reading, searched

_NOT_FOUND = 2**62


class HouseholdSearch:
    """What was typed, as conditions and an order of households. `is_empty` is whether nothing was typed.

    `is_found` is whether `survey.searching.rank_of` gives a household a rank, `rank` is that rank, and `is_inside` is
    the function of this name.
    """

    def __init__(self, typed: str) -> None:
        search = searched(typed)
        self.is_empty = not search.inside
        self.is_found = _Sql("found").any_found(search.readings)
        self.rank = _Sql("ranked").best_rank(search.readings)
        self.is_inside = _Sql("inside").all_inside(search.inside)

    @staticmethod
    @lru_cache(4)
    def of(typed: str) -> "HouseholdSearch":
        """The search, made once for the page and the count that a letter typed asks for."""
        return HouseholdSearch(typed)


class _Sql:
    """Writes SQL and keeps what is to be bound in it, under names that no other part of the statement has."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}

    def any_found(self, readings: tuple[Reading, ...]) -> TextClause:
        every = (" AND ".join(f"({self._any_in(word.finding)})" for word in one.words) for one in readings)
        return self._clause(" OR ".join(every) or "0")

    def best_rank(self, readings: tuple[Reading, ...]) -> TextClause:
        ranks = [f"ifnull({self._rank(reading)}, {_NOT_FOUND})" for reading in readings]
        # min() of one argument would be that of all rows.
        return self._clause(f"min({', '.join(ranks)})" if len(ranks) > 1 else "".join(ranks) or "NULL")

    def all_inside(self, words: tuple[str, ...]) -> TextClause:
        return self._clause(" AND ".join(self._is_in(Needle((word,))) for word in words) or "0")

    def _any_in(self, needles: tuple[Needle, ...]) -> str:
        return " OR ".join(self._is_in(needle) for needle in needles)

    def _rank(self, reading: Reading) -> str:
        """NULL where a word is not found: a sum with NULL is NULL."""
        costs = [
            f"CASE {' '.join(f'WHEN {self._is_in(needle)} THEN {needle.cost}' for needle in word.needles)} END"
            for word in reading.words
        ]
        if reading.in_order:
            costs.append(f"CASE WHEN {self._is_in(reading.in_order)} THEN 0 ELSE {OUT_OF_ORDER} END")
        return " + ".join(costs)

    def _is_in(self, needle: Needle) -> str:
        if len(needle.parts) == 1:
            return f"instr(household.search, {self._bound(needle.parts[0])})"
        # GLOB tells capitals from small letters, LIKE does not.
        pattern = "*".join(re.sub(r"([*?\[])", r"[\1]", part) for part in needle.parts)
        return f"household.search GLOB {self._bound(f'*{pattern}*')}"

    def _bound(self, value: str) -> str:
        return ":" + self._names.setdefault(value, f"{self._prefix}{len(self._names)}")

    def _clause(self, sql: str) -> TextClause:
        return text(f"({sql})").bindparams(**{name: value for value, name in self._names.items()})
