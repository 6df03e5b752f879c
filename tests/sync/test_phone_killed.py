"""A phone's program killed (SIGKILL) before each statement that SQLite is given: the file is as before or as after.

Real processes: each copy of the file is worked on by a process of its own, which ends itself one statement later than
the one before, until one lives to the end.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event

from app.actions.responses import find_campaign, keep_draft, open_draft, record_response
from app.store.database import Database
from app.store.migrations import STEPS
from app.sync.client import ServerClient, Unreachable
from app.sync.exchange import exchange
from survey.records import Outcome
from survey.roles import Role
from tests.builders import NOW
from tests.sync.rig import Phone, Rig
from tests.sync.test_bad_links import Send
from tests.sync.truth import assert_counted_once, visits_of

pytestmark = pytest.mark.anyio
VILLAGE = "Đinh Xá"
_CONTEXT = get_context("forkserver")  # what the phone needs is imported once, not for each death
_CONTEXT.set_forkserver_preload(["tests.processes.drill", "uvicorn", __name__])  # one for all tests


def _run(job: Callable[..., None], number: int, file: Path, given: tuple[Any, ...]) -> None:
    """Do the job, and die at once before the statement of this number."""
    statements = count(1)

    def trace(_statement: str) -> None:
        if next(statements) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Engine, "connect")
    def _watch(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(trace)

    job(file, *given)


def left_behind(folder: Path, file: Path, job: Callable[..., None], *given: Any) -> Iterator[Path]:
    """Copies of the file as killed processes left them; the last is of the process that lived."""
    folder.mkdir()
    for number in count(1):
        copy = folder / f"{number:03}.db"
        shutil.copy(file, copy)
        process = _CONTEXT.Process(target=_run, args=(job, number, copy, given), daemon=True)
        process.start()
        process.join(60)
        yield copy
        if process.exitcode == 0:
            return
        assert process.exitcode == -signal.SIGKILL


def all_in(file: Path) -> tuple[int, list[str]]:
    """The version and every row; opening the file first undoes what was half written."""
    connection = sqlite3.connect(file)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return version, sorted(connection.iterdump())
    finally:
        connection.close()


async def a_phone(rig: Rig) -> tuple[Phone, str]:
    [home, _] = await rig.add_households(VILLAGE, 2)
    return await rig.phone(Role.MEMBER, "Vũ Thị Lan", VILLAGE), home


def save_a_visit(file: Path, home: str, now: datetime) -> None:
    database = Database(file)
    campaign = find_campaign(database)
    draft = open_draft(database, now, home, campaign)
    record_response(database, now, draft.end_as(Outcome.VACANT), campaign)
    database.close()


def take_a_reply_over(file: Path, reply: bytes, now: datetime) -> None:
    database = Database(file)
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=reply))
    client = ServerClient(httpx.AsyncClient(transport=transport, base_url="http://server"))
    asyncio.run(exchange(database, client, now))
    database.close()


def open_it(file: Path) -> None:
    Database(file).close()


@pytest.mark.slow
async def test_change_saved_but_outbox_not_written(rig: Rig, tmp_path: Path) -> None:
    lan, home = await a_phone(rig)
    campaign = find_campaign(lan.database)
    keep_draft(lan.database, NOW, open_draft(lan.database, NOW, home, campaign).answer("signal", "weak"))
    before, found = all_in(lan.database.path), []
    for copy in left_behind(tmp_path / "killed", lan.database.path, save_a_visit, home, NOW):
        if all_in(copy) == before:
            found.append("nothing")
            continue
        after = Phone(Database(copy), lan.link, NOW)
        assert (after.outbox().waiting, after.listed(home).waiting) == (1, 1)
        assert not after.listed(home).has_draft
        after.database.close()
        found.append("all")
    assert found.count("nothing") > 10
    assert found[-1] == "all"
    lan.database = Database(copy)
    await lan.sync()
    assert len(visits_of(rig, home)) == lan.outbox().confirmed == 1
    assert_counted_once(rig)


@pytest.mark.slow
async def test_reply_taken_over_by_halves(rig: Rig, tmp_path: Path) -> None:
    lan, home = await a_phone(rig)
    lan.visit(home)
    await rig.add_households(VILLAGE, 3)
    replies: list[bytes] = []

    async def keep_and_lose(request: httpx.Request, send: Send) -> httpx.Response:
        replies.append(await (await send(request)).aread())
        raise httpx.ReadTimeout("lost", request=request)

    lan.link.way = keep_and_lose
    with pytest.raises(Unreachable):
        await lan.sync()
    before = all_in(lan.database.path)
    copies = list(left_behind(tmp_path / "killed", lan.database.path, take_a_reply_over, replies[0], NOW))
    states = [all_in(copy) for copy in copies]
    after = states[-1]
    assert [state for state in states if state not in (before, after)] == []
    assert states.count(before) > 20
    lan.link.way = None
    lan.database.close()
    for copy in (copies[states.index(after) - 1], copies[-1]):  # the last that has nothing, and one that has all
        lan.database = Database(copy)
        await lan.sync()
        assert (lan.outbox().waiting, lan.outbox().confirmed, len(lan.households())) == (0, 1, 5)
    assert len(visits_of(rig, home)) == 1


@pytest.mark.slow
async def test_app_schema_migration_fails_half_way(rig: Rig, tmp_path: Path) -> None:
    lan, home = await a_phone(rig)
    lan.visit(home)
    lan.database.close()
    old = tmp_path / "old.db"
    shutil.copy(lan.database.path, old)
    connection = sqlite3.connect(old)  # as the first version of the program left it
    connection.executescript(
        "ALTER TABLE household DROP COLUMN ask_again; ALTER TABLE village DROP COLUMN into_id; PRAGMA user_version = 1"
    )
    connection.close()
    before = all_in(old)
    states = []
    for copy in left_behind(tmp_path / "killed", old, open_it):
        states.append(all_in(copy))
        assert Phone(Database(copy), lan.link).outbox().waiting == 1
        assert all_in(copy)[0] == len(STEPS), "the next start finishes it"
    assert [state for state in states if state not in (before, states[-1])] == []
    assert states.count(before) > len(STEPS)
    lan.database = Database(copy)
    await lan.sync()
    assert (lan.outbox().confirmed, len(visits_of(rig, home))) == (1, 1)
