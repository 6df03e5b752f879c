"""Replies that are damaged on the way: the phone keeps them or says that it cannot, and loses nothing by either."""

import asyncio
import shutil
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from sqlite3 import connect
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions.households import edit_household
from app.actions.responses import find_campaign, keep_draft, open_draft
from app.store.database import Database
from app.store.outbox import add_to_outbox
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.sync.exchange import exchange
from survey.records import Outcome
from survey.roles import Role
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.builders import an_id
from tests.clock import Clock
from tests.pace import examples
from tests.sync.damages import DAMAGES, Damage, damaged
from tests.sync.rig import Link, Phone, Rig

PROMISED = (Unreachable, Refused, NotUnderstood)
STAGES = ("first", "work", "paged")
KEPT = {
    "outbox": "SELECT id, device_seq, kind, subject, household_id, village_id, captured_at, seen, body FROM outbox",
    "draft": "SELECT * FROM draft",
    "response": "SELECT * FROM response",
}


@dataclass
class Damaged:
    """A server, and the file of a phone at several times: just signed in, with work that waits, in step and behind."""

    rig: Rig
    folder: Path
    loop: asyncio.AbstractEventLoop

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(what)

    def phone(self, stage: str) -> Phone:
        path = self.folder / "tried.db"
        shutil.copyfile(self.folder / f"{stage}.db", path)
        return Phone(Database(path), Link(self.rig.server), self.rig.clock())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, empty_phone: Path) -> Iterator[Damaged]:
    folder, clock, loop = tmp_path_factory.mktemp("damaged"), Clock(), asyncio.new_event_loop()
    rig = Rig(create_app(ServerSettings(data=folder), clock), folder, clock, empty_phone=empty_phone)
    rig.open_commune("Đinh Xá", "Nghinh Tiên")
    made = Damaged(rig, folder, loop)
    made.run(_fill(made))
    for phone in rig.phones:
        phone.database.close()
    yield made
    rig.server.state.database.close()
    loop.close()


async def _fill(made: Damaged) -> None:
    """Two who visited the same house, a form that is begun, work of every fate."""
    rig = made.rig
    homes = await rig.add_households("Đinh Xá", 9)
    there = await rig.add_households("Nghinh Tiên", 3)
    lan = rig.new_phone()
    await lan.enroll(rig.code(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá", "Nghinh Tiên"))
    _keep(made, lan, "first")
    await lan.sync()
    minh = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    for one in homes[:2]:
        minh.visit(one, phones="no")
        lan.visit(one)
    await minh.sync()
    lan.end(homes[3], Outcome.ABSENT)
    edit_household(lan.database, lan.now, homes[1], head_name="Trần Thị Hòa", phone="0912345678")
    _send_strange(lan, rig)
    campaign = find_campaign(lan.database)
    keep_draft(lan.database, lan.now, open_draft(lan.database, lan.now, there[0], campaign).agree(True, lan.now))
    _keep(made, lan, "work")
    await lan.sync()
    await rig.add_households("Đinh Xá", 8)
    lan.visit(there[1])
    _keep(made, lan, "paged")


def _send_strange(lan: Phone, rig: Rig) -> None:
    """What the server holds, and what it calls invalid."""
    with lan.database.write() as session:
        for kind, body in (("from_tomorrow", {"anything": 1}), ("response", {"outcome": "không hiểu"})):
            add_to_outbox(
                session, identity=an_id(), kind=kind, subject=an_id(), household=None, village=rig.villages["Đinh Xá"],
                captured_at=lan.now, seen=0, body=body,
            )  # fmt: skip


def _keep(made: Damaged, phone: Phone, stage: str) -> None:
    shutil.copyfile(phone.database.path, made.folder / f"{stage}.db")


def everything(phone: Phone) -> list[str]:
    with connect(phone.database.path) as file:
        return list(file.iterdump())


def work(phone: Phone) -> dict[str, list[Any]]:
    with connect(phone.database.path) as file:
        return {name: sorted(file.execute(query).fetchall(), key=repr) for name, query in KEPT.items()}


def assert_kept(phone: Phone, saved: dict[str, list[Any]]) -> None:
    """Every change and form is there as it was, and every visit that the server did not confirm yet."""
    now = work(phone)
    assert (now["outbox"], now["draft"]) == (saved["outbox"], saved["draft"])
    assert all(one in saved["response"] for one in now["response"])
    with connect(phone.database.path) as file:
        query = "SELECT subject FROM outbox WHERE state = 'waiting' AND kind = 'response' AND household_id IS NOT NULL"
        waiting = {row[0] for row in file.execute(query)}
    assert waiting <= {one[0] for one in now["response"]}


def mirror(path: Path, villages: str) -> list[Any]:
    query = (
        f"SELECT village_id, kind, subject, seq FROM stream_row WHERE body IS NOT NULL AND village_id IN ({villages})"
    )
    with connect(path) as file:
        return sorted(file.execute(query).fetchall())


async def is_survived(made: Damaged, stage: str, replies: list[tuple[int, list[Damage], bool]]) -> None:
    """Some replies come damaged, then true ones."""
    phone = made.phone(stage)
    try:
        saved = work(phone)
        for dice, some, cut in replies:
            await _one_reply(phone, Random(dice), some, cut)
            assert_kept(phone, saved)
        phone.link.way = None
        phone.now += timedelta(hours=2)
        for _ in range(40):
            if not (await exchange(phone.database, phone.client, phone.now)).more:
                break
        else:
            raise AssertionError("a true sync does not come to its end")
        assert_kept(phone, saved)
        villages = ", ".join(f"'{one}'" for one in made.rig.villages.values())
        assert mirror(phone.database.path, villages) == mirror(made.folder / "server.db", villages)
    finally:
        phone.database.close()


async def _one_reply(phone: Phone, dice: Random, some: list[Damage], cut: bool) -> None:
    """Kept, or refused in one of the promised ways: then the file is as it was."""

    async def spoil(request: httpx.Request, send: Any) -> httpx.Response:
        answer = await send(request)
        body = await answer.aread()
        headers = {"content-type": answer.headers["content-type"]}
        if answer.status_code == 200:
            body = damaged(dice, body, some, cut=cut)
        return httpx.Response(answer.status_code, headers=headers, content=body)

    phone.link.way = spoil
    before = everything(phone)
    try:
        await exchange(phone.database, phone.client, phone.now, rows=dice.choice([1, 4, 500]))
    except PROMISED:
        assert everything(phone) == before


DAMAGE = st.tuples(
    st.integers(0, 2**32),
    st.lists(st.sampled_from(DAMAGES), min_size=1, max_size=3),
    st.sampled_from([False] * 9 + [True]),
)


@pytest.mark.slow
@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stage=st.sampled_from(STAGES), replies=st.lists(DAMAGE, min_size=1, max_size=3))
def test_a_damaged_reply_is_kept_or_refused_and_nothing_is_lost(
    made: Damaged, stage: str, replies: list[tuple[int, list[Damage], bool]]
) -> None:
    made.run(is_survived(made, stage, replies))
