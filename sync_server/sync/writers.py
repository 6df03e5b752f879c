"""Requests that wait to write are written together: one transaction, one count, one commit for all.

A transaction costs more than the visit in it. A writer takes what waits by the time it is free; all are answered after
the commit. If that fails, each is tried alone, so that only the faulty one fails. On SQLite there is one writer. On
PostgreSQL there are several, so that a long piece of work does not hold up the others.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Protocol

from survey.wire import VerdictReply
from sync_server.problems import Problem
from sync_server.store.database import Database, DatabaseBusy, Session, StoreFailed
from sync_server.sync.apply import HandIn
from sync_server.sync.asks import Answer, Ask, SyncAsk

MOST = 32  # requests in one transaction, so that the last one need not wait for long
WRITERS = 2  # at once, where the database lets several write


class AnswerAll(Protocol):
    """Writes what some requests bring and answers them in their order, in the transaction that it is given.

    If it is not `careful`, it may fail as a whole for one of them.
    """

    def __call__(self, session: Session, asks: list[Ask], *, careful: bool) -> list[Answer]: ...


class Writers:
    """Writes requests to the database and answers them, several in one transaction."""

    def __init__(self, database: Database, answer: AnswerAll) -> None:
        self._database, self._answer = database, answer
        self._lock = Lock()
        self._waiting: list[tuple[Ask, Future[Answer]]] = []
        self._working, self._most = 0, 1 if database.has_one_writer else WRITERS
        self._threads = ThreadPoolExecutor(self._most, "writer")

    @property
    def waiting(self) -> int:
        """How many requests wait for a writer now."""
        return len(self._waiting)

    def sync(self, ask: SyncAsk) -> "Future[Any]":
        """The reply as JSON text, once everything is on the disk; or `Problem`, or `StoreFailed` if it could not be."""
        return self._submit(ask)

    def hand_in(self, sent: HandIn) -> list[VerdictReply]:
        """The verdicts on these changes, once they are on the disk. Raises `StoreFailed` if they could not be."""
        verdicts = self._submit(sent).result()
        assert isinstance(verdicts, list)
        return verdicts

    def _submit(self, ask: Ask) -> "Future[Answer]":
        future: Future[Answer] = Future()
        with self._lock:
            self._waiting.append((ask, future))
            is_needed = self._working < self._most
            self._working += is_needed
        if is_needed:
            self._threads.submit(self._work)
        return future

    def _work(self) -> None:
        try:
            while group := self._next_group():
                self._together(group)
        except BaseException:
            with self._lock:
                self._working -= 1
            raise

    def _next_group(self) -> list[tuple[Ask, "Future[Answer]"]]:
        """The requests that waited longest, without those that nobody waits for any more; none if there is no more
        work, and this writer ends."""
        with self._lock:
            while self._waiting:
                some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                if group := [one for one in some if one[1].set_running_or_notify_cancel()]:
                    return group
            self._working -= 1
        return []

    def _together(self, group: list[tuple[Ask, "Future[Answer]"]], *, careful: bool = False) -> None:
        has_begun = False
        try:
            with self._database.write() as session:
                has_begun = True
                answers = self._answer(session, [ask for ask, _ in group], careful=careful)
        except Exception as error:
            # All was rolled back. Each is tried alone and with care, so that only what is at fault fails; if the
            # transaction could not even begin, all fail at once instead of waiting again for a busy database.
            for one in group:
                if has_begun and not careful:
                    self._together([one], careful=True)
                else:
                    one[1].set_exception(_one_more(error))
            return
        except BaseException as error:  # the process is ending: nobody is left waiting for an answer
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            raise
        for (_, future), answer in zip(group, answers, strict=True):
            if isinstance(answer, Problem):
                future.set_exception(answer)
            else:
                future.set_result(answer)


def _one_more(error: Exception) -> Exception:
    """An error of the same kind for another request, so that each request raises its own."""
    if not isinstance(error, StoreFailed):
        return error
    copy = DatabaseBusy() if isinstance(error, DatabaseBusy) else StoreFailed()
    copy.__cause__ = error
    return copy
