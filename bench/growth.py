"""Whether a visit costs more in a larger village: one visit and one empty sync, and a caller with many villages.

    python -m bench.growth [--sizes 200 2000 20000] [--runs 60]

The server is `tungnha serve` in a process of its own. Each village is surveyed whole with the criteria set
`thanh-hoa-2022`, which counts people by age; then one phone that has read everything sends one visit at a time. The
official of a commune of 60 villages syncs without anything to send. `cpu ms` is what the server used for one request;
`times` compares it with the smallest village of the run.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.phone import Phone, cpu_seconds, memory
from bench.village import Body, Visits, make_households, new_id, serving, set_up

CRITERIA = "thanh-hoa-2022"
BATCH = 200
MANY = 60
MOST_NAMES = 5_000


class Growth:
    """One run; each line is compared with the first of its kind."""

    def __init__(self, runs: int) -> None:
        self.pid, self.runs, self.first = 0, runs, dict[str, float]()

    async def line(self, kind: str, what: str, phone: Phone, act: Callable[[], Awaitable[object]]) -> None:
        await act()
        phone.took.clear()
        before = cpu_seconds(self.pid)
        for _ in range(self.runs):
            await act()
        cpu = (cpu_seconds(self.pid) - before) / self.runs * 1e3
        half = statistics.median(phone.took) * 1e3
        times = cpu / self.first.setdefault(kind, cpu)
        print(f"{what:44}{half:8.1f}{cpu:8.1f}{times:7.1f}{memory(self.pid)['VmRSS']:8.0f}", flush=True)


def names_of(village: str, size: int) -> list[Body]:
    """The bodies of a list of any size: of more than some thousands the made-up names are not all different."""
    some = make_households(village, min(size, MOST_NAMES))
    return (some * (size // len(some) + 1))[:size]


async def survey(phone: Phone, homes: list[str], visits: Visits) -> None:
    for first in range(0, len(homes), BATCH):
        made = [visits.make(home) for home in homes[first : first + BATCH]]
        await phone.sync(phone.changes("response", made))
    while (await phone.sync([]))["streams"][phone.village]["more"]:
        pass


async def run(sizes: list[int], runs: int) -> None:
    growth = Growth(runs)
    print(f"{'':44}{'ms':>8}{'cpu ms':>8}{'times':>7}{'MB':>8}")
    names = {f"Thôn {size}": size for size in sizes}
    with tempfile.TemporaryDirectory() as name:
        world = set_up(Path(name), dict.fromkeys(names, 1), criteria_set=CRITERIA)
        visits = Visits(world.round, CRITERIA)
        with serving(world.folder) as (port, pid):
            growth.pid = pid
            official = await Phone(port, "").enroll(world.official)
            for village, size in names.items():
                official.village, official.cursor = world.villages[village], 0
                homes = [new_id() for _ in range(size)]
                listed = list(zip(homes, names_of(village, size), strict=True))
                for first in range(0, size, BATCH):
                    await official.sync(official.changes("household", listed[first : first + BATCH]))
                phone = await Phone(port, world.villages[village]).enroll(world.codes[village][0])
                await survey(phone, homes, visits)
                turn = iter(homes * (runs // size + 2))

                async def visit(phone: Phone = phone) -> None:
                    await phone.sync(phone.changes("response", [visits.make(next(turn))]))  # noqa: B023

                async def nothing(phone: Phone = phone) -> None:
                    await phone.sync([])

                await growth.line("visit", f"one visit, village of {size:,}", phone, visit)
                await growth.line("nothing", f"nothing to send, village of {size:,}", phone, nothing)
    await many_villages(growth)


async def many_villages(growth: Growth) -> None:
    """An official whose every sync is about all villages of the commune."""
    for count in (1, MANY):
        with tempfile.TemporaryDirectory() as name:
            world = set_up(Path(name), {f"Thôn {number}": 0 for number in range(count)}, criteria_set=CRITERIA)
            with serving(world.folder) as (port, pid):
                growth.pid = pid
                official = await Phone(port, next(iter(world.villages.values()))).enroll(world.official)
                await official.follow_all()

                async def nothing(phone: Phone = official) -> None:
                    await phone.sync([])

                await growth.line("official", f"nothing to send, official of {count} villages", official, nothing)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[200, 2_000, 20_000])
    parser.add_argument("--runs", type=int, default=60)
    asked = parser.parse_args()
    asyncio.run(run(asked.sizes, asked.runs))


if __name__ == "__main__":
    main()
