"""Reporting periods run from the 15th to the 14th, as periodic reports of state bodies do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.periods import PeriodKind, period_dates, period_title


@pytest.mark.parametrize(
    ("kind", "day", "starts_on", "ends_on", "title"),
    [
        ("month", date(2026, 11, 14), date(2026, 10, 15), date(2026, 11, 14), "tháng 11 năm 2026"),
        ("month", date(2026, 12, 15), date(2026, 12, 15), date(2027, 1, 14), "tháng 1 năm 2027"),
        ("quarter", date(2026, 11, 26), date(2026, 9, 15), date(2026, 12, 14), "quý IV năm 2026"),
        ("quarter", date(2026, 12, 15), date(2026, 12, 15), date(2027, 3, 14), "quý I năm 2027"),
        ("half_year", date(2026, 6, 14), date(2025, 12, 15), date(2026, 6, 14), "6 tháng đầu năm 2026"),
        ("half_year", date(2026, 6, 15), date(2026, 6, 15), date(2026, 12, 14), "6 tháng cuối năm 2026"),
        ("nine_months", date(2026, 9, 14), date(2025, 12, 15), date(2026, 9, 14), "9 tháng đầu năm 2026"),
        ("year", date(2026, 1, 31), date(2025, 12, 15), date(2026, 12, 14), "năm 2026"),
        ("year", date(2026, 12, 31), date(2026, 12, 15), date(2027, 12, 14), "năm 2027"),
    ],
)
def test_known_periods(kind: str, day: date, starts_on: date, ends_on: date, title: str) -> None:
    assert period_dates(PeriodKind(kind), day) == (starts_on, ends_on)
    assert period_title(PeriodKind(kind), ends_on) == title


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), st.sampled_from(PeriodKind))
def test_periods_of_a_kind_follow_each_other(day: date, kind: PeriodKind) -> None:
    starts_on, ends_on = period_dates(kind, day)
    assert (starts_on.day, ends_on.day) == (15, 14)
    if kind is PeriodKind.NINE_MONTHS:
        return  # the rest of a year is in none
    assert starts_on <= day <= ends_on
    assert period_dates(kind, ends_on + timedelta(days=1))[0] == ends_on + timedelta(days=1)
    assert period_dates(kind, ends_on) == period_dates(kind, starts_on) == (starts_on, ends_on)
