"""Times as a Vietnamese reader expects them, in Vietnam's time."""

from datetime import datetime

from survey.vietnam_time import vietnam_day, vietnam_time
from survey.vietnamese import format_date


def moment(at: datetime) -> str:
    """ "08:05 22/11/2026"."""
    return f"{vietnam_time(at):%H:%M} {day(at)}"


def day(at: datetime) -> str:
    return format_date(vietnam_day(at))
