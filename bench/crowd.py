"""Whether phones are still answered while a crowd stands at the office's door.

    python -m bench.crowd [--seconds 10] [--phones 4] [--requests 2000] [--connections 200] [--half-open 500]

The server is `tungnha serve` in a process of its own. Each phone has a village of its own and sends one visit a
request, round after round: alone; while a third process asks for /office/ and /office/overview without signing in, each
request over a new connection and so many at once; and while connections stay open that sent half a request line. `ms`
is from opening the connection, where that is needed, to the whole answer; `failed` counts syncs that got none in 30
seconds or were cut off; `cpu` is how much of one processor the server used.
"""

import argparse
import asyncio
import socket
import statistics
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from bench.phone import Phone, cpu_seconds
from bench.village import Visits, World, make_households, new_id, serving, set_up

PAGES = ("/office/", "/office/overview")
PATIENCE_SECONDS = 30
HOUSEHOLDS = 50
HALF_A_LINE = b"GET /office/ HT"
Trouble = (OSError, TimeoutError, EOFError, AssertionError)


class Bench:
    """The phones, and a line of the table for each situation that they are in."""

    def __init__(self, world: World, port: int, pid: int) -> None:
        self.world, self.port, self.pid = world, port, pid
        self.visits = Visits(world.round)
        self.phones: list[tuple[Phone, deque[str]]] = []

    async def begin(self) -> None:
        """Each phone enrols and enters its village's list."""
        for name, village in self.world.villages.items():
            phone = await Phone(self.port, village).enroll(self.world.codes[name][0])
            listed = [(new_id(), body) for body in make_households(name, HOUSEHOLDS)]
            await phone.sync(phone.changes("household", listed))
            self.phones.append((phone, deque(home for home, _ in listed)))

    async def measure(self, what: str, is_over: Callable[[], bool]) -> None:
        """Let all phones send until `is_over` says that it is over, and print the line."""
        took: list[float] = []
        failed: Counter[str] = Counter()

        async def work(phone: Phone, homes: deque[str]) -> None:
            while homes and not is_over():
                home, sent_at = homes.popleft(), time.perf_counter()
                try:
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        await phone.sync(phone.changes("response", [self.visits.make(home)]))
                except Trouble as trouble:
                    failed[type(trouble).__name__] += 1
                    phone.connect_anew()
                    continue  # what became of this visit is not known: the household is left alone
                took.append(time.perf_counter() - sent_at)
                homes.append(home)

        begun, cpu = time.perf_counter(), cpu_seconds(self.pid)
        await asyncio.gather(*(work(phone, homes) for phone, homes in self.phones))
        wall, cpu = time.perf_counter() - begun, cpu_seconds(self.pid) - cpu
        half, worst = (statistics.median(took) * 1e3, max(took) * 1e3) if took else (0, 0)
        print(
            f"{what:44}{wall:8.1f}{len(took):7}{len(took) / wall:9.1f}{half:9.1f}{worst:10.1f}{failed.total():8}"
            f"{cpu / wall:8.0%}",
            flush=True,
        )
        if failed:
            print(f"    failed: {dict(failed)}")


def over_after(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds went by since now."""
    until = time.perf_counter() + seconds
    return lambda: time.perf_counter() > until


def ask_anonymously(port: int, requests: int, connections: int) -> tuple[float, Counter[str]]:
    """Ask for the pages in turn, so many at once: the seconds until all were answered, and how many got which status.

    One that got none in a minute, or was cut off, counts under what happened.
    """
    answers: Counter[str] = Counter()
    left = iter(range(requests))

    async def ask(path: str) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
            return (await reader.read()).split(b" ", 2)[1].decode()
        finally:
            writer.close()

    async def visitor() -> None:
        for number in left:
            path = PAGES[number % len(PAGES)]
            try:
                async with asyncio.timeout(2 * PATIENCE_SECONDS):
                    status = await ask(path)
            except (*Trouble, IndexError) as trouble:
                status = type(trouble).__name__
            answers[f"{path} {status}"] += 1

    async def all_of_them() -> None:
        await asyncio.gather(*(visitor() for _ in range(connections)))

    begun = time.perf_counter()
    asyncio.run(all_of_them())
    return time.perf_counter() - begun, answers


@contextmanager
def half_open(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many connections on which half a request line was sent."""
    opened = []
    try:
        for _ in range(count):
            opened.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS))
            opened[-1].sendall(HALF_A_LINE)
            opened[-1].setblocking(False)
        yield opened
    finally:
        for one in opened:
            one.close()


def is_open(connection: socket.socket) -> bool:
    """Whether the other side has neither closed it nor said anything."""
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


async def run(bench: Bench, asked: argparse.Namespace) -> None:
    """The three lines, and what the crowd was told."""
    await bench.begin()
    print(f"{'':44}{'seconds':>8}{'syncs':>7}{'syncs/s':>9}{'ms':>9}{'worst ms':>10}{'failed':>8}{'cpu':>8}")
    await bench.measure(f"{asked.phones} phones alone", over_after(asked.seconds))
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        process.submit(int).result()  # its start is not measured
        crowd = process.submit(ask_anonymously, bench.port, asked.requests, asked.connections)
        await bench.measure(f"(a) {asked.requests:,} requests, {asked.connections} at once", crowd.done)
        seconds, answers = crowd.result()
    await bench.measure(f"{asked.phones} phones alone again", over_after(asked.seconds))
    with half_open(bench.port, asked.half_open) as opened:
        await bench.measure(f"(b) {asked.half_open} half-open connections", over_after(asked.seconds))
        still = sum(map(is_open, opened))
    print(f"\n(a) all answered after {seconds:.1f} s, {asked.requests / seconds:,.0f} a second:")
    for what, many in sorted(answers.items()):
        print(f"    {what:28}{many:7,}")
    print(f"(b) still open at the end: {still} of {asked.half_open}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10, help="how long the phones are measured alone and with (b)")
    parser.add_argument("--phones", type=int, default=4)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=200, help="most anonymous requests at once")
    parser.add_argument("--half-open", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = set_up(Path(folder), {f"Thôn {number}": 1 for number in range(1, asked.phones + 1)})
        with serving(world.folder) as (port, pid):
            asyncio.run(run(Bench(world, port, pid), asked))


if __name__ == "__main__":
    main()
