"""Reporting periods: what a report is about, apart from the survey round.

Periodic reports of state bodies run from the 15th to the 14th, the year from 15/12 to 14/12 (as quoted from NĐ 09/2019;
see docs/decisions/0017-reports.md). Those dates are proposed; the commune chooses its own.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from survey.ids import Id
from survey.records import Record, Text

_FIRST_DAY, _LAST_DAY = 15, 14
_ROMAN = ("I", "II", "III", "IV")
Percent = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,2})?$")]


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    CAMPAIGN = "campaign"


class Plan(Record):
    """What a commune set out to reach in a period: villages that pass, and rates in percent by criterion number."""

    passed: Annotated[int, Field(ge=0, le=100_000)] | None = None
    rates: dict[str, Percent] = {}


class ReportingPeriod(Record):
    """A period with its first and last day. `ends_on` is the cut-off: what was visited later is of the next period."""

    id: Id
    kind: PeriodKind
    title: Text
    starts_on: date
    ends_on: date
    plan: Plan = Plan()


def period_dates(kind: PeriodKind, day: date) -> tuple[date, date]:
    """The proposed first and last day of the period of this kind that `day` lies in. A campaign has no own rhythm: a
    month is proposed. Nine months begin with the year; a day after them gets next year's."""
    month, year = _month_of(day)
    if kind is PeriodKind.QUARTER:
        return _between(year, month - (month - 1) % 3, 3)
    if kind is PeriodKind.HALF_YEAR:
        return _between(year, month - (month - 1) % 6, 6)
    if kind is PeriodKind.NINE_MONTHS:
        return _between(year + (month > 9), 1, 9)
    if kind is PeriodKind.YEAR:
        return _between(year, 1, 12)
    return _between(year, month, 1)


def period_title(kind: PeriodKind, ends_on: date) -> str:
    """ "quý IV năm 2026": how a period of this kind that ends on this day is usually called."""
    month, year = _month_of(ends_on)
    words = {
        PeriodKind.MONTH: f"tháng {month} năm {year}",
        PeriodKind.QUARTER: f"quý {_ROMAN[(month - 1) // 3]} năm {year}",
        PeriodKind.HALF_YEAR: f"6 tháng {'đầu' if month <= 6 else 'cuối'} năm {year}",
        PeriodKind.NINE_MONTHS: f"9 tháng đầu năm {year}",
        PeriodKind.YEAR: f"năm {year}",
        PeriodKind.CAMPAIGN: f"đợt tháng {month} năm {year}",
    }
    return words[kind]


def _month_of(day: date) -> tuple[int, int]:
    """The month whose report counts this day, and its year: from the 15th on it is the next one."""
    counted = day if day.day <= _LAST_DAY else day.replace(day=1) + timedelta(days=31)
    return counted.month, counted.year


def _between(year: int, first: int, months: int) -> tuple[date, date]:
    starts = date(year, first, 1) - timedelta(days=1)
    return starts.replace(day=_FIRST_DAY), date(year, first + months - 1, _LAST_DAY)
