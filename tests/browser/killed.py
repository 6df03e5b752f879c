"""SIGKILL while the stand-in app saves without end: python -m tests.browser.killed --engine firefox --times 100

Prints how often it was tried, how many rows were acknowledged, and how often one of them was lost.
"""

import argparse
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.engines import Browser, screen, wait_for
from tests.browser.firefox import Firefox
from tests.browser.offline_phone import PROJECT, SERVER, stand_in
from tests.browser.site import free_port
from tests.browser.webkit import OlderWebKit, WebKit

ENGINES: dict[str, type[Browser]] = {"firefox": Firefox, "webkit": WebKit, "webkit-before-26": OlderWebKit}
CALL = """const channel = new BroadcastChannel("tried"), id = String(Math.random());
try { return await new Promise((done, failed) => {
  channel.onmessage = ({ data }) => data.id === id && done(data.result);
  channel.postMessage({ id, name: %s, given: %s });
  setTimeout(() => failed(new Error("Python does not answer")), 60000); }); }
finally { channel.close(); }"""
KEEP_ADDING = """globalThis.acknowledged = 0;
globalThis.tried = new BroadcastChannel("tried");
tried.onmessage = ({ data }) => (acknowledged = Math.max(acknowledged, Number(data.acknowledged) || 0));
tried.postMessage({ id: "", name: "keep_adding", given: ["Giàng Thị Mỷ"] });"""
LONGEST_SAVING = 2.0


@dataclass
class Tally:
    tried: int = 0
    acknowledged: int = 0
    lost: int = 0

    def __str__(self) -> str:
        return f"{self.tried} kills while saving, {self.acknowledged} rows acknowledged, {self.lost} lost"


def ask(browser: Browser, name: str, *given: Any) -> str:
    """Call one of the stand-in's functions in Python's worker."""
    return str(browser.js(CALL % (json.dumps(name), json.dumps(given))))


@contextmanager
def served(web: Path, port: int) -> Iterator[None]:
    """The stand-in's server, there for the first visit and gone afterwards."""
    server = subprocess.Popen([sys.executable, str(SERVER), str(port), str(web), "0", "0"], cwd=PROJECT)
    try:
        wait_for(lambda: _listens(port), "the stand-in's server did not start")
        yield
    finally:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def kill_while_saving(
    browser: Browser,
    web: Path,
    times: int,
    moments: random.Random,
    told: Callable[[Tally], None] = lambda _tally: None,
) -> Tally:
    """Save without end, SIGKILL at some moment, look for each acknowledged row; again, with what is there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/app/"
    tally = Tally()
    with served(web, port):
        browser.open_app(address)
    for _ in range(times):
        browser.js(KEEP_ADDING)
        wait_for(lambda: browser.js("return acknowledged"), "nothing was ever acknowledged")
        time.sleep(moments.uniform(0, LONGEST_SAVING))
        acknowledged = int(browser.js("return acknowledged"))
        browser.kill()
        browser.open_app(address)
        tally.tried += 1
        tally.acknowledged = acknowledged
        found, whole = int(ask(browser, "count")), ask(browser, "integrity") == "ok"
        tally.lost += found < acknowledged or not whole
        told(tally)
    return tally


def main() -> None:
    """Try it by hand; ends with 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, default="firefox")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        browser = ENGINES[asked.engine](Path(folder, "profile"), display)
        try:
            tally = kill_while_saving(
                browser,
                stand_in(Path(folder)),
                asked.times,
                random.Random(asked.seed),
                lambda tally: print(f"{asked.engine}: {tally}", flush=True),
            )
        finally:
            browser.kill()
    sys.exit(tally.lost > 0)


if __name__ == "__main__":
    main()
