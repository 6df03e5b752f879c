"""Deadlines of requests about a person's own data."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.requests import DAYS_TO_DO, REQUEST_WORDS, RequestKind, add_working_days, deadlines_of, is_working_day


@pytest.mark.parametrize(
    ("received_on", "answer_by"),
    [
        (date(2026, 11, 26), date(2026, 11, 30)),  # a Thursday: Friday and Monday
        (date(2026, 11, 28), date(2026, 12, 1)),  # a Saturday
        (date(2026, 12, 31), date(2027, 1, 5)),  # New Year's Day is a Friday
        (date(2026, 4, 29), date(2026, 5, 5)),  # 30/4 and 1/5 are Thursday and Friday
    ],
)
def test_two_working_days_to_answer(received_on: date, answer_by: date) -> None:
    assert deadlines_of(RequestKind.SEE, received_on).answer_by == answer_by


def test_each_kind_has_its_days_and_one_extension() -> None:
    came = date(2026, 11, 26)
    days = {kind: (deadlines_of(kind, came).do_by - came).days for kind in RequestKind}
    assert days == DAYS_TO_DO
    assert (days["see"], days["withdraw"], days["delete"]) == (10, 15, 20)
    assert deadlines_of(RequestKind.DELETE, came, is_extended=True).do_by == came + timedelta(days=35)
    assert REQUEST_WORDS.keys() == set(RequestKind)


@given(st.dates(date(2020, 1, 1), date(2050, 1, 1)), st.integers(1, 30))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    end = add_working_days(day, count)
    between = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]
    assert sum(is_working_day(one) for one in between) == count
    assert is_working_day(end)
    assert add_working_days(day, 1, [add_working_days(day, 1)]) == add_working_days(day, 2)
