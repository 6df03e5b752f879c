"""Requests that wait for SQLite's one writer are written together: one transaction, one count, one commit for all.

A commit to the disk and the count of a village cost more than writing a visit. The first request that finds the writer
free takes waiting ones with it, each in a savepoint of its own. All are answered after the commit; if it fails, each is
tried alone. On PostgreSQL writers work side by side, so each request has its own transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition
from typing import Generic, TypeVar

from survey.wire import VerdictReply
from sync_server.store.database import Database, DatabaseBusy, Session, StoreFailed, savepoint

T = TypeVar("T")
MOST = 16  # requests in one transaction, so that the last one need not wait for long


@dataclass(frozen=True)
class Taken:
    """The result of one request that writes: its verdicts, and a new credential if any."""

    verdicts: list[VerdictReply] = field(default_factory=list)
    token: str | None = None


class _Job(Generic[T]):
    """The work of one request, and its result. It counts as failed until `committed` is called."""

    def __init__(self, work: Callable[[Session], T]) -> None:
        self.work = work
        self.made: list[T] = []
        self.error: Exception | None = StoreFailed()
        self.is_over = False

    def take(self, session: Session) -> None:
        """Do the work in a savepoint, so that other jobs survive its failure. Raises `DatabaseBusy`, which ends all."""
        try:
            with savepoint(session):
                self.made = [self.work(session)]
        except DatabaseBusy:
            raise
        except Exception as error:
            self.fail(error)

    def committed(self) -> None:
        """Call this after the commit: only now is the result on the disk."""
        if self.made:
            self.error = None

    def fail(self, error: Exception) -> None:
        self.made, self.error = [], error

    def result(self) -> T:
        if self.error:
            raise self.error
        return self.made[0]


def _one_more(error: Exception) -> Exception:
    """Make an error of the same kind for another request, so that each request raises its own."""
    copy = DatabaseBusy() if isinstance(error, DatabaseBusy) else StoreFailed()
    copy.__cause__ = error
    return copy


class Writers(Generic[T]):
    """Writes requests to the database, several in one transaction where only one can write at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = Condition()
        self._waiting: list[_Job[T]] = []
        self._is_busy = False

    @property
    def waiting(self) -> int:
        """How many requests wait for the writer now."""
        return len(self._waiting)

    def write(self, work: Callable[[Session], T]) -> T:
        """Do the work in a transaction, perhaps with that of others, and return its result once it is committed.

        Raises what `work` raises, or `StoreFailed` if it could not be committed.
        """
        job = _Job(work)
        if not self._database.has_one_writer:
            self._alone(job)
            return job.result()
        with self._changed:
            self._waiting.append(job)
            self._changed.wait_for(lambda: job.is_over or not self._is_busy)
            if job.is_over:
                return job.result()
            self._is_busy = True
            group = [job, *[one for one in self._waiting if one is not job][: MOST - 1]]
            self._waiting = [one for one in self._waiting if one not in group]
        try:
            self._together(group)
        finally:
            with self._changed:
                self._is_busy = False
                for one in group:
                    one.is_over = True
                self._changed.notify_all()
        return job.result()

    def _together(self, group: list[_Job[T]]) -> None:
        if len(group) == 1:
            self._alone(group[0])
            return
        has_begun = False
        try:
            with self._database.write() as session:
                has_begun = True
                for job in group:
                    job.take(session)
            for job in group:
                job.committed()
        except Exception as error:
            # All was rolled back. Each is tried alone, so that only the faulty one fails; if the transaction could not
            # even begin, all fail at once instead of waiting again for a busy database.
            for job in group:
                if has_begun:
                    self._alone(job)
                else:
                    job.fail(_one_more(error))

    def _alone(self, job: _Job[T]) -> None:
        try:
            with self._database.write() as session:
                job.made = [job.work(session)]
            job.committed()
        except Exception as error:
            job.fail(error)
