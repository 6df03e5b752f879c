"""Times in Vietnam's one time zone (UTC+7, no summer time), in which days are shown and ages are counted; and times in
wire form."""

from datetime import date, datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def vietnam_time(at: datetime) -> datetime:
    """The instant in Vietnam's time zone."""
    return at.astimezone(VIETNAM)


def vietnam_day(at: datetime) -> date:
    """The calendar day in Vietnam at this instant."""
    return vietnam_time(at).date()


def vietnam_midnight(day: date) -> datetime:
    """The instant when the day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def vietnam_year(at: datetime) -> int:
    """The calendar year in Vietnam at this instant."""
    return vietnam_time(at).year


def wire_time(at: datetime) -> str:
    """The instant as it goes over the wire and onto streams: ISO 8601, with "Z" for UTC."""
    return at.isoformat().replace("+00:00", "Z")
