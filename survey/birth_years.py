"""A birth year in two taps: its decade, then the year. Only possible years are offered."""

from survey.records import EARLIEST_BIRTH_YEAR

AT_ONCE = 10


def recent_decades(latest: int) -> list[int]:
    """The first years of the ten decades up to that of `latest`, the latest first."""
    newest = latest // 10 * 10
    return list(range(newest, newest - 10 * AT_ONCE, -10))


def older_decades(latest: int) -> list[int]:
    """The possible decades before the ten that are offered at once, the latest first."""
    return list(range(recent_decades(latest)[-1] - 10, EARLIEST_BIRTH_YEAR - 10, -10))


def years_of(decade: int, latest: int) -> range:
    """The possible years of a decade, from its first on."""
    return range(max(decade, EARLIEST_BIRTH_YEAR), min(decade + 9, latest) + 1)


def is_possible(year: int, latest: int) -> bool:
    return EARLIEST_BIRTH_YEAR <= year <= latest
