"""Requests that wait together are written together: none tells of what is not on the disk, none spoils another's."""

import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from survey.problems import NOT_SIGNED_IN
from sync_server.problems import Problem
from sync_server.store.database import DatabaseBusy, Session, StoreFailed
from sync_server.store.epochs import find_rescue_key
from sync_server.sync.writers import Writers
from tests.sync_server.wire_client import COMMUNE, Server


def note(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        assert find_rescue_key(session, COMMUNE)
        values = {"commune": COMMUNE, "name": name}
        session.execute(text("INSERT INTO criteria_set (commune, code, body) VALUES (:commune, :name, '')"), values)
        return name

    return work


class Waiting:
    """Requests that come while the writers are busy, so that they are one group. What a request asks is a function."""

    def __init__(self, server: Server) -> None:
        self.database = server.database
        self.groups: list[list[str]] = []
        self.writers = Writers(self.database, self.answer)  # type: ignore[arg-type]
        self.writers._most = 1  # so that it is known who is taken together, on PostgreSQL too
        self.commits: list[object] = []
        self.busy = count()
        event.listen(self.database._engine, "commit", self.commits.append)

    def answer(self, session: Session, asks: list[Callable[[Session], str]], *, careful: bool) -> list[str]:
        del careful  # a function fails as it does
        answers = [ask(session) for ask in asks]
        self.groups.append(sorted(answers))
        return answers

    def together(self, works: list[Callable[[Session], str]], given_up: int | None = None) -> list[Any]:
        """What each got: its result, or its error; None for the one that is given up while it waits."""
        entered, leave = threading.Semaphore(0), threading.Event()

        def busy(session: Session) -> str:
            entered.release()
            assert leave.wait(10)
            return note(f"busy {next(self.busy)}")(session)

        begun = []
        for _ in range(self.writers._most):
            begun.append(self.writers._submit(busy))  # type: ignore[arg-type]
            assert entered.acquire(timeout=10)
        waiting = [self.writers._submit(work) for work in works]  # type: ignore[arg-type]
        assert self.writers.waiting == len(works)
        if given_up is not None:
            assert waiting[given_up].cancel()
        leave.set()
        for one in begun:
            one.result(20)
        return [None if one.cancelled() else one.exception(20) or one.result() for one in waiting]

    def kept(self) -> set[str]:
        """What is on the disk of those that waited."""
        with self.database.read() as session:
            kept = set(session.execute(text("SELECT code FROM criteria_set WHERE body = ''")).scalars())
        return {one for one in kept if not one.startswith("busy")}


@pytest.fixture
def waiting(server: Server) -> Waiting:
    return Waiting(server)


def test_those_who_wait_are_written_in_one_commit(waiting: Waiting) -> None:
    assert waiting.together([note("a"), note("b"), note("c")]) == ["a", "b", "c"]
    assert ["a", "b", "c"] in waiting.groups
    assert len(waiting.commits) == len(waiting.groups) == waiting.writers._most + 1
    assert waiting.kept() == {"a", "b", "c"}


def test_one_that_fails_fails_alone_and_leaves_nothing(waiting: Waiting) -> None:
    def fails(session: Session) -> str:
        note("b")(session)
        raise ValueError("a bug")

    got = waiting.together([note("a"), fails, note("c")])
    assert (got[0], type(got[1]), got[2]) == ("a", ValueError, "c")
    assert waiting.kept() == {"a", "c"}


def test_a_request_that_the_database_refuses_fails_alone(waiting: Waiting) -> None:
    def fails(session: Session) -> str:
        return str(session.execute(text("SELECT no_such_column")))

    got = waiting.together([note("a"), fails, note("c")])
    assert (got[0], isinstance(got[1], StoreFailed), got[2]) == ("a", True, "c")
    assert waiting.kept() == {"a", "c"}


def test_where_no_transaction_begins_all_are_told_at_once(waiting: Waiting) -> None:
    def locked(_connection: object) -> None:
        if waiting.groups:
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    event.listen(waiting.database._engine, "begin", locked)
    got = waiting.together([note("a"), note("b")])
    event.remove(waiting.database._engine, "begin", locked)
    assert [type(one) for one in got] == [DatabaseBusy, DatabaseBusy]
    assert got[0] is not got[1]
    assert waiting.kept() == set()


@pytest.mark.parametrize(
    ("error", "told"), [(OperationalError, DatabaseBusy), (DatabaseError, StoreFailed)], ids=["busy", "broken"]
)
def test_nobody_is_told_of_a_commit_that_failed(
    waiting: Waiting, error: type[DatabaseError], told: type[StoreFailed]
) -> None:
    def fail(_connection: object) -> None:
        if len(waiting.commits) > waiting.writers._most:
            raise error("COMMIT", {}, Exception("disk I/O error"))

    event.listen(waiting.database._engine, "commit", fail)
    got = waiting.together([note("a"), note("b")])
    event.remove(waiting.database._engine, "commit", fail)
    assert [type(one) for one in got] == [told, told]
    assert got[0] is not got[1]
    assert waiting.kept() == set()


def test_a_refusal_is_told_and_the_others_are_written(waiting: Waiting) -> None:
    def refused(_session: Session) -> Any:
        return Problem(NOT_SIGNED_IN)

    waiting.answer = lambda session, asks, careful: [ask(session) for ask in asks]  # type: ignore[method-assign]
    waiting.writers._answer = waiting.answer  # type: ignore[assignment]
    got = waiting.together([note("a"), refused, note("c")])
    assert (got[0], type(got[1]), got[2]) == ("a", Problem, "c")
    assert waiting.kept() == {"a", "c"}


def test_after_a_failure_the_next_are_served(waiting: Waiting) -> None:
    failed = waiting.writers._submit(lambda session: str(session.execute(text("SELECT nothing"))))  # type: ignore[arg-type]
    assert isinstance(failed.exception(20), StoreFailed)
    assert waiting.together([note("a")]) == ["a"]


def test_a_request_that_nobody_waits_for_any_more_is_left_out(waiting: Waiting) -> None:
    """Its phone was told nothing, and sends it again."""
    assert waiting.together([note("a"), note("gone"), note("b")], given_up=1)[::2] == ["a", "b"]
    assert waiting.together([note("gone too")], given_up=0) == [None]
    assert waiting.together([note("c")]) == ["c"]
    assert waiting.kept() == {"a", "b", "c"}
