"""One commune of many is put back as it was, as a shard is: its phones bring what is missing, no other's notice it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Table

from app.store.sync_state import find_setting, list_cursors
from survey.roles import Role
from sync_server.backup import Refused, renew
from sync_server.store.rows import ServerTable
from tests.pace import examples
from tests.sync.rig import Phone, Rig
from tests.sync.test_restore import visits_on

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
VILLAGE = "Đinh Xá"
Rows = dict[str, list[dict[str, Any]]]


def _tables(rig: Rig) -> Iterator[tuple[Table, Any]]:
    """Every table that holds something of the commune, and which of its rows do."""
    for table in ServerTable.metadata.sorted_tables:
        if table.name == "commune" or "commune" in table.columns:
            column = table.c.code if table.name == "commune" else table.c.commune
            yield table, column == rig.commune


@dataclass
class Commune:
    """A commune with a team of two, beside another on the same server."""

    rig: Rig
    homes: list[str] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)

    async def fill(self) -> "Commune":
        self.homes = await self.rig.add_households(VILLAGE, 6)
        self.phones = [await self.rig.phone(Role.MEMBER, name, VILLAGE) for name in ("Vũ Thị Lan", "Trần Văn Bình")]
        return self

    def copy(self) -> Rows:
        with self.rig.server.state.database.read() as session:
            queries = {table.name: table.select().where(own) for table, own in _tables(self.rig)}
            return {name: [dict(row) for row in session.execute(one).mappings()] for name, one in queries.items()}

    def put_back(self, copy: Rows) -> None:
        """The commune's rows as they were, by the database's own means; then the command for what comes after."""
        with self.rig.server.state.database.write() as session:
            tables = list(_tables(self.rig))
            for table, own in reversed(tables):
                session.execute(table.delete().where(own))
            for table, _ in tables:
                if copy[table.name]:
                    session.execute(table.insert(), copy[table.name])
        renew(self.rig.server.state.settings, self.rig.clock(), self.rig.commune)

    async def sync(self) -> None:
        """Every phone twice: what the last one hands in reaches the first one, too."""
        for phone in [*self.phones, *self.phones]:
            await phone.sync()

    def visits_on_server(self) -> list[str]:
        [rows] = [rows for name, rows in self.copy().items() if name == "response"]
        return sorted(row["id"] for row in rows)

    def visits_on_phones(self) -> list[str]:
        return sorted(set().union(*(visits_on(phone) for phone in self.phones)))

    def changes_on_server(self) -> int:
        return len(self.copy()["change"])


def state_of(phone: Phone) -> tuple[str | None, dict[str, int]]:
    with phone.database.read() as session:
        return find_setting(session, "server_epoch"), list_cursors(session)


@pytest.fixture
async def here(rig: Rig) -> Commune:
    return await Commune(rig).fill()


@pytest.fixture
async def beside(rig: Rig, tmp_path: Path) -> Any:
    (tmp_path / "beside").mkdir()
    other = Rig(rig.server, tmp_path / "beside", rig.clock, empty_phone=rig.empty_phone, commune="09025")
    other.open_commune(VILLAGE)
    yield await Commune(other).fill()
    for phone in other.phones:
        phone.database.close()


async def test_its_phones_offer_their_work_again_and_those_beside_it_are_undisturbed(
    here: Commune, beside: Commune
) -> None:
    copy = here.copy()
    for commune in (here, beside):
        commune.phones[0].visit(commune.homes[0])
        commune.phones[1].visit(commune.homes[1])
        await commune.sync()
    known, ours = [state_of(phone) for phone in beside.phones], [state_of(phone) for phone in here.phones]
    assert len({epoch for epoch, _ in (*known, *ours)}) == 2, "each commune has its own"
    taken = beside.changes_on_server()

    here.put_back(copy)
    assert here.visits_on_server() == []
    for phone in beside.phones:
        done = await phone.sync()
        assert (done.judged, done.received, done.changed) == (0, 0, False)
    assert [state_of(phone) for phone in beside.phones] == known
    assert beside.changes_on_server() == taken

    await here.sync()
    assert {epoch for epoch, _ in map(state_of, here.phones)}.isdisjoint({epoch for epoch, _ in (*known, *ours)})
    assert here.visits_on_server() == here.visits_on_phones()
    assert len(here.visits_on_server()) == 2
    assert all(min(cursors.values()) > 2**32 for _, cursors in map(state_of, here.phones))


@pytest.mark.parametrize("seed", range(examples(12)))
async def test_whichever_is_put_back_whenever_nothing_is_lost_or_counted_twice(
    here: Commune, beside: Commune, seed: int
) -> None:
    random, both = Random(seed), [here, beside]
    copies = {id(one): [one.copy()] for one in both}
    renewed: set[int] = set()
    epochs = {id(one): state_of(one.phones[0])[0] for one in both}
    for _ in range(30):
        one = random.choice(both)
        match random.choices(["visit", "sync", "copy", "put back"], [8, 8, 2, 1])[0]:
            case "visit":
                random.choice(one.phones).visit(random.choice(one.homes), birth_year=random.randint(1930, 2000))
            case "sync":
                await random.choice(one.phones).sync()
            case "copy":
                copies[id(one)].append(one.copy())
            case "put back":
                one.put_back(random.choice(copies[id(one)]))
                renewed.add(id(one))
    for one in both:
        await one.sync()
        assert one.visits_on_server() == one.visits_on_phones()
        assert {state_of(phone)[0] == epochs[id(one)] for phone in one.phones} == {id(one) not in renewed}
        for phone in one.phones:
            assert (phone.outbox().waiting, phone.outbox().held, phone.outbox().invalid) == (0, 0, 0)
            assert phone.reports()[VILLAGE] == one.phones[0].reports()[VILLAGE]
            done = await phone.sync()
            assert (done.judged, done.received) == (0, 0)


async def test_a_commune_that_is_not_here_changes_nothing(here: Commune) -> None:
    known = here.copy()
    with pytest.raises(Refused, match="không có xã mang mã 99999"):
        renew(here.rig.server.state.settings, here.rig.clock(), "99999")
    assert here.copy() == known
