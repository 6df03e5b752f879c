"""Requests that wait together are written together: none tells of what is not on the disk, none spoils another's."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from sync_server.store.database import DatabaseBusy, Session, StoreFailed
from sync_server.store.server_info import find_epoch
from sync_server.sync.writers import Writers
from tests.sync_server.databases import POSTGRES
from tests.sync_server.wire_client import Server

pytestmark = pytest.mark.skipif(bool(POSTGRES), reason="on PostgreSQL every writer is on its own")


def note(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        assert find_epoch(session)
        session.execute(text("INSERT INTO server_info (key, value) VALUES (:name, '')"), {"name": name})
        return name

    return work


class Waiting:
    """Requests that come while a writer is busy, so that they are one group."""

    def __init__(self, server: Server) -> None:
        self.database = server.database
        self.finished: list[list[str]] = []
        self.writers: Writers[str] = Writers(self.database, lambda _session, made: self.finished.append(sorted(made)))
        self.commits: list[object] = []
        event.listen(self.database._engine, "commit", self.commits.append)

    def together(self, works: list[Callable[[Session], str]]) -> list[Any]:
        """What each got: its result, or its error."""
        entered, leave = threading.Event(), threading.Event()
        got: list[Any] = [None] * len(works)

        def first(session: Session) -> str:
            entered.set()
            assert leave.wait(10)
            return note("first")(session)

        def run(place: int, work: Callable[[Session], str]) -> None:
            try:
                got[place] = self.writers.write(work)
            except Exception as error:
                got[place] = error

        threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
        busy = threading.Thread(target=lambda: self.writers.write(first))
        busy.start()
        assert entered.wait(10)
        for thread in threads:
            thread.start()
        while len(self.writers._waiting) < len(works):
            threading.Event().wait(0.005)
        leave.set()
        for thread in (busy, *threads):
            thread.join(20)
        return got

    def kept(self) -> set[str]:
        with self.database.read() as session:
            return set(session.execute(text("SELECT key FROM server_info WHERE value = ''")).scalars())


@pytest.fixture
def waiting(server: Server) -> Waiting:
    return Waiting(server)


def test_those_who_wait_are_written_in_one_commit_and_counted_once(waiting: Waiting) -> None:
    assert waiting.together([note("a"), note("b"), note("c")]) == ["a", "b", "c"]
    assert waiting.finished == [["first"], ["a", "b", "c"]]
    assert len(waiting.commits) == 2
    assert waiting.kept() == {"first", "a", "b", "c"}


def test_one_that_fails_fails_alone_and_leaves_nothing(waiting: Waiting) -> None:
    def fails(session: Session) -> str:
        note("b")(session)
        raise ValueError("a bug")

    got = waiting.together([note("a"), fails, note("c")])
    assert (got[0], type(got[1]), got[2]) == ("a", ValueError, "c")
    assert waiting.kept() == {"first", "a", "c"}


def test_a_request_that_the_database_refuses_fails_alone(waiting: Waiting) -> None:
    def fails(session: Session) -> str:
        return str(session.execute(text("SELECT no_such_column")))

    got = waiting.together([note("a"), fails, note("c")])
    assert (got[0], type(got[1]), got[2]) == ("a", DatabaseBusy, "c")
    assert waiting.kept() == {"first", "a", "c"}


def test_where_no_transaction_begins_all_are_told_at_once(waiting: Waiting) -> None:
    def locked(_connection: object) -> None:
        if waiting.finished:
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    event.listen(waiting.database._engine, "begin", locked)
    got = waiting.together([note("a"), note("b")])
    event.remove(waiting.database._engine, "begin", locked)
    assert [type(one) for one in got] == [DatabaseBusy, DatabaseBusy]
    assert got[0] is not got[1]
    assert waiting.kept() == {"first"}


@pytest.mark.parametrize(
    ("error", "told"), [(OperationalError, DatabaseBusy), (DatabaseError, StoreFailed)], ids=["busy", "broken"]
)
def test_nobody_is_told_of_a_commit_that_failed(
    waiting: Waiting, error: type[DatabaseError], told: type[StoreFailed]
) -> None:
    def fail(_connection: object) -> None:
        if len(waiting.commits) > 1:
            raise error("COMMIT", {}, Exception("disk I/O error"))

    event.listen(waiting.database._engine, "commit", fail)
    got = waiting.together([note("a"), note("b")])
    assert [type(one) for one in got] == [told, told]
    assert got[0] is not got[1]
    assert waiting.kept() == {"first"}


def test_where_the_count_fails_each_is_tried_by_itself(waiting: Waiting) -> None:
    def finish(_session: Session, made: list[str]) -> None:
        if "bad" in made:
            raise ValueError("this one cannot be counted")

    waiting.writers = Writers(waiting.database, finish)
    got = waiting.together([note("a"), note("bad"), note("c")])
    assert (got[0], type(got[1]), got[2]) == ("a", ValueError, "c")
    assert waiting.kept() == {"first", "a", "c"}


def test_after_a_failure_the_next_are_served(waiting: Waiting) -> None:
    with suppress(StoreFailed):
        waiting.writers.write(lambda session: str(session.execute(text("SELECT nothing"))))
    assert waiting.together([note("a")]) == ["a"]
