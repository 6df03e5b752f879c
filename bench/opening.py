"""From the icon to the names and to the door that was tapped: the real app, 1,200 households, the server gone.

    python -m bench.opening [--runs 3] [--starts plain snapshot] [--speeds full quarter]

The tap comes as soon as names are there. Milliseconds from navigation, medians, at full speed and with all of the
browser's processes held to a quarter; "+" is the slowest run. `bench.start` has the phases and the other engines.
"""

import argparse
import shutil
import statistics
import tempfile
from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from bench.app import VILLAGE, record
from bench.start import HAS_SNAPSHOT, STARTS
from bench.village import serving
from tests.browser.conftest import Device
from tests.browser.site import Site
from tests.browser.slowed import slowed

MARKS = {
    "early-list": "names on the screen",
    "worker": "Python's worker started",
    "imports": "Python is there",
    "flutter-first-frame": "Flutter's first frame",
    "connected": "Flutter and Python connected",
    "screen": "the tapped household is open",
}


def prepare(driver: Playwright, folder: Path, site: Site, link: str, starts: list[str]) -> None:
    """A phone that is signed in and has its list; and for each kind of start one like it that was started so."""
    device = Device(driver, folder / "signed-in", site, phone=True)
    page = device.sign_in(link)
    met = page.get_by_role("progressbar", name="Đã gặp 1.200 trên 1.200")
    met.wait_for(state="attached", timeout=120_000)
    page.get_by_role("checkbox", name="Đã xong").click()  # all of them are
    page.wait_for_timeout(10_000)  # the list for the next start has been left
    device.close()
    for start in starts:
        shutil.copytree(folder / "signed-in", folder / start)
        device = Device(driver, folder / start, site, phone=True)
        page = device.look(f"http://127.0.0.1:{site.port}/app/{STARTS[start]}")
        page.wait_for_selector("#splash", state="detached", timeout=120_000)
        while start == "snapshot" and not page.evaluate(HAS_SNAPSHOT):
            page.wait_for_timeout(500)
        page.wait_for_timeout(5000)
        device.close()


def open_door(driver: Playwright, folder: Path, site: Site, start: str, speed: str) -> dict[str, float]:
    """Start, tap the third name; the marks."""
    device = Device(driver, folder / start, site, phone=True)
    page = device.look("about:blank")
    with slowed(str(folder / start)) if speed == "quarter" else nullcontext():
        page.goto(f"http://127.0.0.1:{site.port}/app/{STARTS[start]}", timeout=120_000)
        page.locator("#early .lines a").nth(2).click(timeout=120_000)
        page.wait_for_selector("#splash", state="detached", timeout=300_000)
    marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => [mark.name, mark.startTime])")
    device.close()
    return {name.removeprefix("tungnha:"): at for name, at in marks}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--starts", nargs="+", choices=STARTS, default=list(STARTS))
    parser.add_argument("--speeds", nargs="+", choices=["full", "quarter"], default=["full", "quarter"])
    asked = parser.parse_args()
    took: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        code = record(folder / "server")["unused"]
        with serving(folder / "server") as (port, _pid):
            site = Site(folder / "server", port)
            prepare(driver, folder, site, f"http://127.0.0.1:{port}/app/#/enroll/{code}", asked.starts)
        for _ in range(asked.runs):
            for speed in asked.speeds:
                for start in asked.starts:
                    for mark, at in open_door(driver, folder, site, start, speed).items():
                        took[start, speed][mark].append(at)
    print(f"{VILLAGE}: 1,200 households, {asked.runs} runs, ms\n{'':32}" + "".join(f"{' '.join(k):>20}" for k in took))
    for mark, words in MARKS.items():
        cells = [f"{statistics.median(one[mark]):10.0f} +{max(one[mark]):7.0f} " for one in took.values()]
        print(f"{words:32}" + "".join(cells))


if __name__ == "__main__":
    main()
