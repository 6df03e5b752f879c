"""Times: as they go over the wire, and as they are in Vietnam's one time zone (UTC+7, no summer time), in which people
read days and ages are reckoned."""

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


def wire_time(at: datetime) -> str:
    """The instant as it goes over the wire and onto streams: ISO 8601, with "Z" for UTC."""
    return at.isoformat().replace("+00:00", "Z")
