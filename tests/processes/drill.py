"""A commune at work on a real server on which one fault follows the other; after each one all is looked for."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx
from sqlalchemy import text

from app.actions.ids import new_id
from app.store.database import Database as DeviceDatabase
from app.store.outbox import add_to_outbox
from app.sync.client import Refused, ServerClient, Unreachable
from app.sync.exchange import exchange
from survey.coverage import CoverageReport
from survey.records import Outcome
from survey.roles import Role
from sync_server.commune.setup import add_village, create_commune, invite
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from tests.processes.served import Served
from tests.sync.rig import Phone

VILLAGES = ("Đinh Xá", "Nghinh Tiên")
TEAM = (
    (Role.MEMBER, "Vũ Thị Lan", VILLAGES[:1]),
    (Role.MEMBER, "Trần Văn Bình", VILLAGES[:1]),
    (Role.LEAD, "Hoàng Văn Minh", VILLAGES),
    (Role.MEMBER, "Lê Thị Tuyết", VILLAGES[1:]),
    (Role.OFFICIAL, "Đặng Thị Hoa", ()),
)
HOMES = 25
VISITS = 4
LONGEST_AFTER = 0.03  # seconds from the chosen request to the fault


class FarPhone(Phone):
    """A phone whose way to the server is HTTP."""

    def __init__(self, path: Path, address: str) -> None:
        super().__init__(DeviceDatabase(path), None, datetime.now(UTC))  # type: ignore[arg-type]
        self.http = httpx.AsyncClient(base_url=address)

    @property
    def client(self) -> ServerClient:
        return ServerClient(self.http)

    def goes_to(self, address: str) -> None:
        """From now on it asks the server at this address."""
        self.http.base_url = httpx.URL(address)

    def query(self, statement: str) -> list[tuple[object, ...]]:
        with self.database.read() as session:
            return [tuple(row) for row in session.connection().execute(text(statement))]

    def holds(self, village: str) -> bool:
        return bool(self.query(f"SELECT 1 FROM village WHERE id = '{village}'"))

    def add_homes(self, village: str, name: str, count: int) -> None:
        """Queue new households."""
        with self.database.write() as session:
            for place in range(count):
                add_to_outbox(
                    session, identity=new_id(self.now), kind="household", subject=new_id(self.now), household=None,
                    village=village, captured_at=self.now, seen=0,
                    body={"head_name": f"Hộ {place}", "address": name, "number": place},
                )  # fmt: skip

    def visits(self, *states: str) -> set[object]:
        """The visits recorded here whose change is in one of these states."""
        listed = ", ".join(f"'{state}'" for state in states)
        return {
            row[0] for row in self.query(f"SELECT subject FROM outbox WHERE kind = 'response' AND state IN ({listed})")
        }


@dataclass
class Tally:
    """What was tried, how requests ended that got no verdicts, and what was missing or there twice after a fault."""

    faults: int = 0
    cut: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    recorded: int = 0
    acknowledged: int = 0
    lost: list[object] = field(default_factory=list)

    def __str__(self) -> str:
        refused = ", ".join(f"{count} refused as {slug}" for slug, count in self.refused.items()) or "none refused"
        return (
            f"tried: {self.faults} faults, {self.cut} requests cut, {refused}, {self.recorded} visits "
            f"recorded, {self.acknowledged} acknowledged by the last fault; lost or doubled: {len(self.lost)}"
        )


class Drill:
    """A commune at work on a real server that is killed again and again. A drill of another fault says in `prepare`,
    `strike`, `meanwhile` and `mend` what it does; `data` is where the server keeps its files, if not in the folder."""

    def __init__(self, folder: Path, address: str, seed: int, data: Path | None = None) -> None:
        self.settings = {"data": data or folder, "database_url": address}
        self.random, self.tally, self.folder = Random(seed), Tally(), folder
        self.served, self.database = Served(**self.settings), open_database(ServerSettings(**self.settings))
        self.phones: list[FarPhone] = []
        self.villages: list[str] = []
        self._requests, self._target = 0, 0
        self._now = asyncio.Event()

    async def prepare(self) -> None:
        """What is done before the phones begin to hand in."""

    async def strike(self) -> None:
        """The fault itself, while phones hand in."""
        self.served.kill()

    async def meanwhile(self) -> None:
        """What is looked for before the fault is mended."""

    async def mend(self) -> None:
        """End the fault."""
        await self.served.start()

    async def open(self) -> None:
        """The commune with its villages, people and households; every phone signed in and in step."""
        now = datetime.now(UTC)
        with self.database.write() as session:
            create_commune(session, "09052", now, "nguyet-duc-demo")
            villages = {name: add_village(session, "09052", name, now).id for name in VILLAGES}
            codes = [
                invite(session, "09052", role, name, where, now, public_url="http://s").code
                for role, name, where in TEAM
            ]
        await self.served.start()
        for place, code in enumerate(codes):
            self.phones.append(FarPhone(self.folder / f"phone-{place}.db", self.served.address))
            await self.phones[-1].enroll(code)
        for name, village in villages.items():
            self.phones[-1].add_homes(village, name, HOMES)
            self.villages.append(village)
        await self.sync_all()

    async def close(self) -> None:
        self.served.kill()
        for phone in self.phones:
            await phone.http.aclose()
            phone.database.close()
        self.database.close()

    async def sync_all(self) -> None:
        """Every phone twice: what the last one hands in reaches the first, too."""
        for _ in range(2):
            for phone in self.phones:
                await phone.sync()

    async def fail_once(self) -> None:
        """Phones hand in side by side, the fault comes in the middle; then everything is looked for."""
        for phone in self.phones[:-1]:
            self._record(phone)
        await self.prepare()
        self._requests, self._target = 0, self.random.randint(1, 14)
        self._now.clear()
        working = [asyncio.create_task(self.hand_in(phone)) for phone in self.phones]
        await self._now.wait()
        await asyncio.wait(working, timeout=self.random.random() * LONGEST_AFTER)
        await self.strike()
        await asyncio.gather(*working)
        self.tally.faults += 1
        acknowledged = set().union(*(phone.visits("confirmed") for phone in self.phones))
        self.tally.acknowledged = len(acknowledged)
        await self.meanwhile()
        await self.mend()
        self._look_for(acknowledged)
        await self.sync_all()
        self._compare()

    def _record(self, phone: FarPhone) -> None:
        phone.now = datetime.now(UTC)
        for home in self.random.sample([one.id for one in phone.households()], VISITS):
            if self.random.random() < 0.2:
                phone.end(home, Outcome.ABSENT)
            else:
                phone.visit(home, phones=self.random.choice(["yes", "no"]), birth_year=self.random.randint(1940, 2000))

    async def hand_in(self, phone: FarPhone) -> None:
        """Round trips until nothing is left, the server is gone or does not take it."""
        try:
            more = True
            while more:
                self._requests += 1
                if self._requests >= self._target:
                    self._now.set()
                more = (await exchange(phone.database, phone.client, phone.now, most_changes=2, rows=20)).more
        except Unreachable:
            self.was_cut_off(phone)
        except Refused as refusal:
            self.tally.refused[refusal.problem.slug] += 1
        finally:
            self._now.set()

    def was_cut_off(self, phone: FarPhone) -> None:
        """A request of this phone got no answer."""
        self.tally.cut += 1

    def _rows(self, statement: str) -> list[tuple[object, ...]]:
        with self.database.read() as session:
            return [tuple(row) for row in session.execute(text(statement))]

    def _look_for(self, visits: set[object]) -> None:
        """Every one of the visits is on the server once, as a visit and as a change."""
        kept = [row[0] for row in self._rows("SELECT id FROM response")]
        changes = [row[0] for row in self._rows("SELECT subject FROM change WHERE kind = 'response'")]
        self.tally.lost += [one for one in visits if kept.count(one) != 1 or changes.count(one) != 1]

    def _compare(self) -> None:
        """Nothing waits any more, everything recorded is there once, phones agree with each other and the figures."""
        recorded = {row[0] for phone in self.phones for row in phone.query("SELECT id FROM response")}
        self.tally.recorded = len(recorded)
        self._look_for(recorded)
        for phone in self.phones:
            counts = phone.outbox()
            self.tally.lost += [phone] * (counts.waiting + counts.held + counts.invalid)
        for village in self.villages:
            states = [frozenset(phone.query(_ROWS.format(village))) for phone in self.phones if phone.holds(village)]
            self.tally.lost += [village] * (len(set(states)) - 1)
            self._compare_figures(village)

    def _compare_figures(self, village: str) -> None:
        (stored,) = self._rows(_REPORT.format(village))
        report = CoverageReport.model_validate_json(str(stored[0]))
        (surveyed,) = self._rows(_SURVEYED.format(village))
        if (report.surveyed, report.registered) != (surveyed[0], HOMES):
            self.tally.lost.append(report)


_ROWS = "SELECT kind, subject, seq, body FROM stream_row WHERE village_id = '{}'"
_REPORT = "SELECT body FROM stream_row WHERE kind = 'coverage' AND village_id = '{}'"
_SURVEYED = (
    "SELECT count(DISTINCT household_id) FROM response WHERE village_id = '{}' AND household_id IN"
    " (SELECT id FROM household WHERE outcome = 'completed')"
)


async def run(drill: Drill, faults: int) -> Tally:
    """So many faults; stops at the first loss."""
    try:
        await drill.open()
        while drill.tally.faults < faults and not drill.tally.lost:
            await drill.fail_once()
    finally:
        await drill.close()
    return drill.tally
