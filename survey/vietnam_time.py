"""Vietnam's one time zone (UTC+7, no summer time): the days and years that people read and ages are reckoned in."""

from datetime import date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def vietnam_time(at: datetime) -> datetime:
    """The instant as a clock on a wall in Vietnam shows it."""
    return at.astimezone(VIETNAM)


def vietnam_day(at: datetime) -> date:
    """The day that it is in Vietnam."""
    return vietnam_time(at).date()


def vietnam_midnight(day: date) -> datetime:
    """The instant at which the day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def vietnam_year(at: datetime) -> int:
    """The year that it is in Vietnam."""
    return vietnam_time(at).year
