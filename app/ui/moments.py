"""Times as a Vietnamese reader expects them, in Vietnam's one time zone (UTC+7, no summer time)."""

from datetime import datetime, timedelta, timezone

from survey.vietnamese import format_date

VIETNAM = timezone(timedelta(hours=7))


def moment(at: datetime) -> str:
    """ "08:05 22/11/2026"."""
    local = at.astimezone(VIETNAM)
    return f"{local:%H:%M} {format_date(local.date())}"


def day(at: datetime) -> str:
    return format_date(at.astimezone(VIETNAM).date())
