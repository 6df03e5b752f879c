"""What the sync server manages: round trips, visits per second, the first load of a village, bytes, memory.

    python -m bench.sync [--seconds 5]

The server is `tungnha serve` in a process of its own on a new SQLite file, with one village of 1,200 households and
eight of 200. Every visit is of a family of four. Devices enrol, send gzip and read on from their cursors as phones do,
so each also gets the others' visits of its village back. `ms` is the median of the requests, `cpu ms` what the server
used of the processors for one; `floor` is the time that json (read and written) and one durable SQLite commit of the
same bytes take here at that moment, once for each phone, and `times` how often it fits into the median.
"""

import argparse
import asyncio
import gzip
import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from bench.village import Body, Visits, World, make_change, make_households, new_id, serving, set_up

BIG, BIG_SIZE, SMALL_SIZE = "Đinh Xá", 1200, 200
SMALL = tuple(f"Thôn {number}" for number in range(1, 9))
BATCH = 200
STAYS_OPEN_SECONDS = 3  # uvicorn closes a connection that is not used for five


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Phone:
    """As much of a device as the server can tell from the real one: its requests, over one kept connection."""

    def __init__(self, port: int, village: str) -> None:
        self.port, self.village, self.cursor, self.sent = port, village, 0, 0
        self.took: list[float] = []
        self.bytes_up = self.bytes_up_plain = self.bytes_down = self.bytes_down_plain = 0
        self._token, self._used = "", -1e9

    async def enroll(self, code: str) -> "Phone":
        reply = await self._post("/api/v1/enrollments", {"code": code, "device_name": "bench"})
        self._token, self._epoch = reply["token"], reply["server_epoch"]
        self.village = self.village or reply["villages"][0]["id"]
        return self

    async def sync(self, changes: list[Body]) -> Body:
        """One round trip, as `app.sync.exchange` makes it."""
        reply = await self._post(
            "/api/v1/sync",
            {
                "protocol": 1,
                "device_time": "2026-11-22T03:04:05Z",
                "server_epoch": self._epoch,
                "scope_version": 0,
                "changes": changes,
                "cursors": {self.village: self.cursor},
                "limit": 500,
            },
        )
        bad = [one for one in reply["verdicts"] if one["verdict"] != "applied"]
        assert not bad, bad[:1]
        assert len(reply["verdicts"]) == len(changes)
        self.cursor = reply["streams"][self.village]["cursor"]
        return reply

    async def pull(self) -> list[Body]:
        """Everything of the village from its beginning."""
        self.cursor, rows, more = 0, [], True
        while more:
            page = (await self.sync([]))["streams"][self.village]
            rows += page["rows"]
            more = page["more"]
        return rows

    def changes(self, kind: str, some: Iterable[tuple[str, Body]]) -> list[Body]:
        made = [
            make_change(kind, subject, self.village, self.sent + n, body) for n, (subject, body) in enumerate(some, 1)
        ]
        self.sent += len(made)
        return made

    async def _post(self, path: str, content: Body) -> Body:
        plain = compact(content)
        packed = gzip.compress(plain, 6)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self._token}\r\nAccept-Encoding: gzip\r\n"
        )
        head += f"Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        if time.perf_counter() - self._used > STAYS_OPEN_SECONDS:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        begun = time.perf_counter()
        self._writer.write(head.encode() + packed)
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        body = await self._reader.readexactly(int(headers["content-length"]))
        self._used = time.perf_counter()
        self.took.append(self._used - begun)
        answer = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        assert " 20" in lines[0], f"{lines[0]}: {answer[:500]!r}"
        self.bytes_up, self.bytes_up_plain = len(packed), len(plain)
        self.bytes_down, self.bytes_down_plain = len(body), len(answer)
        return json.loads(answer)  # type: ignore[no-any-return]


class Floor:
    """The least that any server has to do: read and write the JSON, and make it durable in one commit."""

    def __init__(self, folder: Path) -> None:
        self._file = sqlite3.connect(folder / "floor.db", isolation_level=None)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.execute("CREATE TABLE kept (id TEXT PRIMARY KEY, body TEXT)")

    def of(self, rows: list[Body], *, keep: bool = True, runs: int = 9) -> float:
        took = []
        plain = compact(rows)
        for _ in range(runs):
            begun = time.perf_counter()
            texts = [(new_id(), compact(row).decode()) for row in json.loads(plain)]
            if keep:
                self._file.execute("BEGIN IMMEDIATE")
                self._file.executemany("INSERT INTO kept VALUES (?, ?)", texts)
                self._file.execute("COMMIT")
            took.append(time.perf_counter() - begun)
        return statistics.median(took)


def memory(pid: int) -> dict[str, float]:
    """Resident memory now and at most so far, in MB."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {name: int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")}


def cpu_seconds(pid: int) -> float:
    """What the process has used of the processors so far: steadier than time where other work runs beside it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Bench:
    """One run; `line` prints a row of the table as soon as it is known."""

    def __init__(self, world: World, port: int, pid: int, floor: Floor, seconds: float) -> None:
        self.world, self.port, self.pid, self.floor, self.seconds = world, port, pid, floor, seconds
        self.visits, self.random = Visits(world.round), Random(1)
        self.homes: dict[str, list[str]] = {}

    async def phone(self, village: str, number: int) -> Phone:
        phone = Phone(self.port, self.world.villages[village])
        await phone.enroll(self.world.codes[village][number])
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
        self.line(what, took, cpu / len(took), f"{rate:,.0f} visits/s" if size else "", floor)
        for phone in phones:
            phone.took.clear()

    def line(self, what: str, took: list[float], cpu: float, rate: str, floor: float | None) -> None:
        took, half = sorted(took), statistics.median(took)
        times = [half, took[min(len(took) - 1, round(len(took) * 0.95))], cpu]
        last = f"{floor * 1e3:8.2f}{half / floor:7.1f}" if floor else ""
        print(f"{what:40}{len(took):6}{''.join(f'{one * 1e3:8.1f}' for one in times)}{rate:>22}{last}", flush=True)

    async def run(self) -> None:
        await self.register()
        homes = self.homes[BIG]
        print(f"{'':40}{'runs':>6}{'ms':>8}{'p95':>8}{'cpu ms':>8}{'':22}{'floor':>8}{'times':>7}")
        one = await self.phone(BIG, 0)
        await self.send("nothing to send, nothing new", {one: homes}, 0, 150)
        await self.send("200 first visits, village of 1,200", {one: homes}, BATCH, BIG_SIZE // BATCH)
        await self.send("200 later visits, village of 1,200", {one: homes}, BATCH, 12)
        up_200, plain_200 = one.bytes_up / BATCH, one.bytes_up_plain / BATCH
        await self.send("1 visit, village of 1,200", {one: homes}, 1, 150)
        up_1, plain_1 = one.bytes_up, one.bytes_up_plain
        team = {await self.phone(BIG, number): homes[number * 150 : (number + 1) * 150] for number in range(1, 8)}
        await self.send("1 visit, 8 phones, village of 1,200", {one: homes[:150], **team}, 1, 600)
        spread = {await self.phone(name, 0): self.homes[name] for name in SMALL}
        first = {next(iter(spread)): self.homes[SMALL[0]]}
        await self.send("200 visits, 8 phones, villages of 200", spread, BATCH, 24)
        await self.send("200 visits, village of 200", first, BATCH, 10)
        await self.send("1 visit, village of 200", first, 1, 150)
        await self.send("1 visit, 8 phones, villages of 200", spread, 1, 1000)
        down, down_plain = await self.first_load(one)
        print(f"\nbytes a visit up, 200 at once: {plain_200:,.0f} plain, {up_200:,.0f} gzip")
        print(f"bytes a visit up, one alone:   {plain_1:,} plain, {up_1:,} gzip (the whole request without headers)")
        print(f"bytes a household down:        {down_plain:,.0f} plain, {down:,.0f} gzip")

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
        self.line(f"first load, {len(households):,} surveyed households", took, cpu / len(took), rate, floor)
        phone.cursor = 0
        page = (await phone.sync([]))["streams"][phone.village]["rows"]
        return phone.bytes_down / len(page), phone.bytes_down_plain / len(page)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5, help="most seconds for one line of the table")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = set_up(folder / "server", {BIG: 8, **dict.fromkeys(SMALL, 1)})
        with serving(world.folder) as (port, pid):
            idle = memory(pid)["VmRSS"]
            asyncio.run(Bench(world, port, pid, Floor(folder), asked.seconds).run())
            after = memory(pid)
        size = sum(file.stat().st_size for file in world.folder.glob("server.db*")) / 1e6
        print(f"server memory (with hosted screens): {idle:.0f} MB idle, {after['VmRSS']:.0f} MB after,", end=" ")
        print(f"{after['VmHWM']:.0f} MB at most; database {size:.0f} MB")


if __name__ == "__main__":
    main()
