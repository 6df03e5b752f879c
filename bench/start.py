"""How much the first visit downloads, and how long a start from the phone takes with the server stopped.

    python -m bench.start [--build build/web ...] [--runs 5] [--starts plain snapshot] [--speeds full quarter]
                          [--chromium PATH] [--engines firefox webkit]

Chromium in its phases, then the same starts in each engine that is installed (`--engines` with nothing: in none).
Builds, plain starts and starts from a snapshot are compared run by run in turn, so that a busy machine slows all of
them alike. "quarter": all of the browser's processes run a quarter of the time. Milliseconds from navigation,
and in brackets the fastest and the slowest run of the first usable screen.
"""

import argparse
import asyncio
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from tests.browser.engines import Browser, screen
from tests.browser.firefox import Firefox
from tests.browser.installed import FIREFOX, WEBKIT, find_chromium, missing, said, version_of
from tests.browser.slowed import slowed
from tests.browser.webkit import WebKit
from web.serve import offline_app

ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
MARKS = {
    "worker": "Python's worker started",
    "python": "Pyodide booted",
    "snapshot": "  or its memory restored",
    "imports": "imports done",
    "storage": "database file read",
    "main": "main.py reached ft.run",
    "flutter-loaded": "main.dart.js loaded",
    "flutter-first-frame": "Flutter's first frame (the floor)",
    "connected": "Flutter and Python connected",
    "screen": "first usable screen",
}


OTHERS: dict[str, tuple[type[Browser], dict[str, list[str]]]] = {
    "firefox": (Firefox, FIREFOX),
    "webkit": (WebKit, WEBKIT),
}
ENGINE_RUNS = 3
STARTS = {"plain": "?snapshot=0", "snapshot": "?snapshot=1"}
HAS_SNAPSHOT = "['snapshot', 'snapshot-kept'].some((name) => performance.getEntriesByName(`tungnha:${name}`).length)"


class CountingServer:
    """The offline app on a port of this machine; counts what goes out."""

    def __init__(self, build: Path) -> None:
        self.app = offline_app(build)
        self.requests = 0
        self.sent = 0
        config = uvicorn.Config(self._count, "127.0.0.1", 0, log_level="error", lifespan="off", interface="asgi3")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()), daemon=True)

    async def _count(self, scope: Any, receive: Any, send: Any) -> None:
        async def counted(message: Any) -> None:
            self.sent += len(message.get("body", b""))
            await send(message)

        self.requests += 1
        await self.app(scope, receive, counted)

    def start(self) -> str:
        """Serve; return the app's address."""
        self.thread.start()
        while not self.server.started:
            threading.Event().wait(0.05)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/app/"

    def stop(self) -> None:
        """Be gone, as a server is for a phone without coverage."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join()


def visit(playwright: Playwright, profile: str, chromium: str, address: str, speed: str = "full") -> dict[str, float]:
    """Open the app in a fresh browser process; return its performance marks."""
    context: BrowserContext = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium,
        args=ARGS,
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="vi-VN",
    )
    page = context.pages[0]
    with slowed(profile) if speed == "quarter" else nullcontext():
        page.goto(address, timeout=120_000)
        page.wait_for_selector("#splash", state="detached", timeout=300_000)
    while address.endswith(STARTS["snapshot"]) and not page.evaluate(HAS_SNAPSHOT):
        page.wait_for_timeout(500)
    marks = page.evaluate("performance.getEntriesByType('mark').map(mark => [mark.name, mark.startTime])")
    context.close()
    return {name.removeprefix("tungnha:"): at for name, at in marks}


def open_in(browser: Browser, address: str) -> dict[str, float]:
    """Open the app in a fresh process of another engine; return its performance marks."""
    browser.environment = {}  # with all of its compilers, as a person has it
    browser.open_app(address)
    while address.endswith(STARTS["snapshot"]) and not browser.js(f"return {HAS_SNAPSHOT}"):
        time.sleep(0.5)
    marks = browser.js("return performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
    browser.close()
    return {name.removeprefix("tungnha:"): at for name, at in marks}


def compare_engines(playwright: Playwright, chromium: str, build: Path, names: list[str], starts: list[str]) -> None:
    """Print how long each engine takes from its navigation to each phase."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        ways: dict[str, tuple[Callable[[str], dict[str, float]], str]] = {}
        for start in starts:
            profile = f"{folder}/chromium-{start}"
            name = f"{said([chromium, '--version']) or 'Chromium'}, {start}"
            ways[name] = partial(visit, playwright, profile, chromium), STARTS[start]
            for other in names:
                engine, packages = OTHERS[other]
                opened = partial(open_in, engine(Path(folder, f"{other}-{start}"), display))
                ways[f"{version_of(packages)}, {start}"] = opened, STARTS[start]
        server = CountingServer(build)
        address = server.start()
        for opened, how in ways.values():
            opened(address + how)
        server.stop()
        for _ in range(ENGINE_RUNS):
            for name, (opened, how) in ways.items():
                for mark, at in opened(address + how).items():
                    found[name][mark].append(at)
    print(f"\nwith the server stopped, medians of {ENGINE_RUNS} runs, ms from navigation")
    for name, marks in found.items():
        print(f"\n{name}")
        for mark, meaning in MARKS.items():
            if marks[mark]:
                print(f"  {meaning:36}{statistics.median(marks[mark]):10.0f}")


def steal() -> tuple[int, int]:
    """Time taken by the hypervisor, and all time, since boot."""
    times = [int(number) for number in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return times[7], sum(times)


def first_visit(playwright: Playwright, profile: str, chromium: str, build: Path, start: str) -> str:
    """Get the app, and its snapshot if it is to have one, into this profile; return the address, which is gone then."""
    server = CountingServer(build)
    address = server.start()
    first = visit(playwright, profile, chromium, address + STARTS[start])
    server.stop()
    print(
        f"{build} {start}: first visit {server.sent / 1e6:.2f} MB in {server.requests} requests,"
        f" usable after {first['screen'] / 1000:.1f} s (no network delay)",
        flush=True,
    )
    return address


def compare_starts(asked: argparse.Namespace) -> None:
    """Chromium: each build plainly and from a snapshot, at each speed, in turn."""
    found: dict[tuple[str, str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profiles:
        ways = {}
        for number, build in enumerate(asked.build):
            for start in asked.starts:
                profile = f"{profiles}/{number}-{start}"
                ways[build, start] = profile, first_visit(playwright, profile, asked.chromium, build, start)
        before = steal()
        for _ in range(asked.runs):
            for speed in asked.speeds:
                for (build, start), (profile, address) in ways.items():
                    marks = visit(playwright, profile, asked.chromium, address, speed)
                    for name in MARKS:
                        found[build.name, start, speed][name].append(marks.get(name, float("nan")))
    stolen, total = (after - was for after, was in zip(steal(), before, strict=True))
    print(f"\nstarts with the server stopped, medians of {asked.runs} runs, steal {stolen / total:.0%}\n")
    print(" " * 36 + "".join(f"{' '.join(way):>24}" for way in found))
    for name, meaning in MARKS.items():
        print(f"{meaning:36}" + "".join(f"{statistics.median(runs[name]):24.0f}" for runs in found.values()))
    ranges = [f"[{min(runs['screen']):.0f} to {max(runs['screen']):.0f}]" for runs in found.values()]
    print(" " * 36 + "".join(f"{text:>24}" for text in ranges))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, nargs="+", default=[Path("build/web")])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--starts", nargs="+", choices=STARTS, default=list(STARTS))
    parser.add_argument("--speeds", nargs="+", choices=["full", "quarter"], default=["full"])
    parser.add_argument("--chromium", default=find_chromium())
    here = [name for name, (_engine, packages) in OTHERS.items() if not missing(packages)]
    parser.add_argument("--engines", nargs="*", choices=OTHERS, default=here)
    asked = parser.parse_args()
    compare_starts(asked)
    if asked.engines:
        with sync_playwright() as playwright:
            compare_engines(playwright, asked.chromium, asked.build[0], asked.engines, asked.starts)


if __name__ == "__main__":
    main()
