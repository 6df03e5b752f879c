"""The PIN that locks the screen: when it is asked, how often it may be tried, and how long to wait after wrong tries.

Time is what the device's clock says, and that clock can be set. A wait counts what has passed since it was last looked
at; a clock that went back counts as nothing passed. So setting it back never shortens a wait, and a clock that was
years ahead by mistake does not lock the app for years.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

DIGITS = 6
FREE_TRIES = 5
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
AWAY = timedelta(minutes=5)


@dataclass(frozen=True)
class Tries:
    """How many tries were wrong since the last right one, how much of a wait was left, and when that was so."""

    wrong: int
    left: timedelta
    seen: datetime

    def at(self, now: datetime) -> "Tries":
        """The same, looked at now."""
        passed = max(timedelta(), now - self.seen)
        return Tries(self.wrong, max(timedelta(), self.left - passed), now)

    def after_wrong(self, now: datetime) -> "Tries":
        """One more wrong try: the fifth brings the first wait, each further one the next; the last wait stays."""
        wrong = self.wrong + 1
        left = WAITS[min(wrong - FREE_TRIES, len(WAITS) - 1)] if wrong >= FREE_TRIES else timedelta()
        return Tries(wrong, left, now)

    @property
    def tries_left(self) -> int:
        """How many wrong tries there may be before the next wait; none while one lasts."""
        return 0 if self.left else max(1, FREE_TRIES - self.wrong)


def no_tries(now: datetime) -> Tries:
    return Tries(0, timedelta(), now)


def is_pin(text: str) -> bool:
    """Whether this can be a PIN: six digits, as a keypad types them."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def is_easy(pin: str) -> bool:
    """Whether it is among the first that anybody tries: one digit six times, or six in a row."""
    steps = {int(later) - int(earlier) for earlier, later in pairwise(pin)}
    return steps in ({0}, {1}, {-1})


def was_away(last_seen: datetime, now: datetime) -> bool:
    """Whether the PIN is asked again: five minutes without a tap, or a clock that was set back meanwhile."""
    return not timedelta() <= now - last_seen < AWAY
