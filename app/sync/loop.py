"""When to sync: at start, after a save, when the network returns, on a slow timer, and by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from app.store.database import Database
from app.store.sync_state import find_sign_in
from app.sync.client import NotUnderstood, Refused, ServerClient, Unreachable
from app.sync.exchange import exchange
from app.sync.status import Phase, SyncStatus
from survey.wire import MOST_CHANGES

QUIET_SECONDS = 300.0
FIRST_RETRY_SECONDS = 4.0
LONGEST_RETRY_SECONDS = 60.0
MOST_STARTS = 2  # from 0 in one sync: two servers that answer in turns, one a copy of the other, would never let it end


def retry_delay(failures: int, chance: float) -> float:
    """Seconds to wait after this many failures in a row: doubled each time, at most 60, spread by `chance` (0 to 1)."""
    return min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** min(failures - 1, 10)) * (0.5 + chance / 2)


class SyncLoop:
    """Syncs one device with its server. `on_change` tells the screens, `flush` writes what came in to the disk."""

    def __init__(
        self,
        database: Database,
        client: ServerClient,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        flush: Callable[[], Awaitable[None]],
        on_change: Callable[[SyncStatus, bool], None],
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        self.status = SyncStatus()
        self._quiet_seconds, self._stopped = quiet_seconds, False
        self._database, self._client, self._clock, self._chance = database, client, clock, chance
        self._flush, self._on_change = flush, on_change
        self._wake = asyncio.Event()
        self._failures = 0

    def nudge(self) -> None:
        """Sync soon: something was saved, the network is back, or the person asked."""
        self._wake.set()

    def stop(self) -> None:
        """End the loop after the round trip under way."""
        self._stopped = True
        self._wake.set()

    async def run(self) -> None:
        """Sync until it is stopped."""
        while not self._stopped:
            self._wake.clear()
            await self.sync_now()
            try:
                await asyncio.wait_for(self._wake.wait(), self._next_wait())
            except TimeoutError:
                continue

    def _next_wait(self) -> float:
        return retry_delay(self._failures, self._chance()) if self._failures else self._quiet_seconds

    async def sync_now(self) -> None:
        """Make round trips until both sides have everything. A failure sets `status`, and `run` tries again later."""
        with self._database.read() as session:
            if find_sign_in(session) is None:
                return
        self._tell(replace(self.status, phase=Phase.WORKING, problem=None, received=0), rows_changed=False)
        # A link that just failed gets a smaller load, so that something gets through.
        most = max(1, MOST_CHANGES >> (2 * self._failures))
        try:
            more, starts = True, 0
            while more and starts < MOST_STARTS:
                done = await exchange(self._database, self._client, self._clock(), most_changes=most)
                more = done.more
                starts += done.started_over
                if done.changed:  # a credential too: it must not be used before it is kept
                    await self._flush()
                received = self.status.received + done.received
                self._tell(replace(self.status, received=received), rows_changed=done.changed)
        except Unreachable:
            self._failed(Phase.OFFLINE)
        except Refused as refusal:
            await self._flush()  # a device that was reported lost has just been wiped
            self._failed(Phase.REFUSED, refusal.problem.slug)
        except NotUnderstood:
            self._failed(Phase.NOT_UNDERSTOOD)
        else:
            self._failures = 0
            self._tell(SyncStatus(Phase.RESTING, self._clock()), rows_changed=False)

    def _failed(self, phase: Phase, problem: str | None = None) -> None:
        self._failures += 1
        self._tell(replace(self.status, phase=phase, problem=problem), rows_changed=phase is Phase.REFUSED)

    def _tell(self, status: SyncStatus, rows_changed: bool) -> None:
        self.status = status
        self._on_change(status, rows_changed)
