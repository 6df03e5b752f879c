"""Visits as the checks read them, for tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from survey.checks.visits import CheckedVisit, Person, Told

BEGIN = datetime.fromisoformat("2026-11-21T10:00:00+00:00")
YEAR = 2026


def a_person(number: int = 0, **more: Any) -> Person:
    usual: dict[str, Any] = {"id": f"p{number}", "relation": "head" if number == 0 else "other"}
    usual |= {"birth_year": 1961 + number, "sex": "m", "answers": {"has_smartphone": "yes"}}
    return Person(**usual | more)


def a_visit(
    number: int,
    people: Sequence[Person] | None = None,
    *,
    at: datetime | None = None,
    seconds: float = 240,
    outcome: str = "completed",
    member: str = "lan",
    before: Told | None = None,
    household: str = "",
) -> CheckedVisit:
    """The visit of this number: ten minutes after the one before, unless `at` says when."""
    begin = at or BEGIN + timedelta(minutes=10 * number)
    people = [a_person(0, id=f"p{number}", birth_year=1930 + 3 * number % 60)] if people is None else people
    told = Told(tuple(people), {"has_fixed_internet": "yes"}) if outcome == "completed" else Told()
    end = begin + timedelta(seconds=seconds)
    home = household or f"h{member}{number}"
    return CheckedVisit(f"v{member}{number}", member, "Đinh Xá", home, outcome, begin, end, told, before)


def of(check: str, flags: Sequence[Any]) -> list[Any]:
    return [one for one in flags if one.check == check]
