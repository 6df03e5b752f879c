"""When a commune's visits are checked again: when its officials look, and every few minutes if something has come."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

from sync_server.clock import Clock
from sync_server.logs import log, where_it_failed
from sync_server.review.drawing import draw_visits
from sync_server.review.noticing import count_open, notice
from sync_server.store.aside import count_waiting
from sync_server.store.database import Database, Session
from sync_server.store.villages import count_given, list_communes_at_work

EVERY_SECONDS = 600
AGAIN_AFTER = timedelta(minutes=1)
DRAW_AFTER = timedelta(hours=1)
"""Phones may send all the time, and to check a commune of 2,000 households takes most of a second: not at each look."""


class Reviewer:
    """Notices what is new in each commune. What it remembers only saves work: another process may notice the same."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._lock, self._ended = Lock(), Event()
        self._checked: dict[str, tuple[int, int]] = {}
        self._looked: dict[str, datetime] = {}
        self._waiting: dict[str, Counter[str]] = {}
        self._drawn: dict[str, datetime] = {}

    def look(self, commune: str, now: datetime) -> None:
        """Check the commune's visits, unless nothing has come since they were checked, or that was a moment ago."""
        if timedelta(0) <= now - self._looked.get(commune, now - AGAIN_AFTER) < AGAIN_AFTER:
            return
        with self._database.read() as session:
            came = _count_come(session, commune)
        if self._checked.get(commune) == came:
            return
        with self._lock:
            self._looked[commune] = now
            notice(self._database, commune, now)
            self._remember(commune)

    def draw(self, commune: str, now: datetime, *, at_once: bool = False) -> None:
        """Draw the visits that are to be checked again, unless that was done within the hour: visits become old enough
        as time passes, whether anything comes or not."""
        if at_once or not timedelta(0) <= now - self._drawn.get(commune, now - DRAW_AFTER) < DRAW_AFTER:
            draw_visits(self._database, commune, now)
            self._drawn[commune] = now

    def expect_news(self, commune: str) -> None:
        """Something has come that the checks read besides visits: they look again, even if it was a moment ago."""
        self._checked.pop(commune, None)
        self._looked.pop(commune, None)

    @contextmanager
    def stepping(self, commune: str) -> Iterator[None]:
        """What is done about a doubt in this block gives the checks nothing new."""
        with self._database.read() as session:
            was_checked = self._checked.get(commune) == _count_come(session, commune)
        yield
        if was_checked:
            self._remember(commune)

    def count_waiting(self, commune: str, villages: Iterable[str]) -> int:
        """How much there was to look at in these villages when somebody looked last; 0 where nobody has."""
        waiting = self._waiting.get(commune, Counter[str]())
        return sum(waiting[village] for village in villages)

    def _remember(self, commune: str) -> None:
        with self._database.read() as session:
            self._checked[commune] = _count_come(session, commune)
            self._waiting[commune] = count_open(session, commune)

    def watch(self) -> None:
        """Look at every commune every few minutes, in a thread of its own, until `end`."""
        Thread(target=self._watch, name="reviewer", daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            with self._database.read() as session:
                communes = list_communes_at_work(session)
            for commune in communes:
                try:
                    self.look(commune, self._clock())
                    self.draw(commune, self._clock())
                except Exception as error:  # the next round may succeed, and the other communes wait for theirs
                    log.warning("the visits of commune %s were not checked: %s", commune, where_it_failed(error))


def _count_come(session: Session, commune: str) -> tuple[int, int]:
    """Other numbers as soon as anything was written, held or set aside in the commune."""
    return count_given(session, commune), count_waiting(session, commune)
