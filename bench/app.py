"""What a device does with a village of 1,200 households: on this machine, and inside the browser.

    python -m bench.app [--build build/web] [--chromium PATH] [--only native browser]

The village (4,800 residents, all surveyed) comes from the real server; `bench.device` does the steps. In the browser
they run in the offline app's own Python: the build's worker.js boots the build's Pyodide and packages and has the page
keep the file as always, then calls `bench.device` where it would call main.py. `bench.door` measures what is seen.
"""

import argparse
import asyncio
import gzip
import json
import statistics
import tempfile
import threading
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Playwright, sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from bench import device
from bench.village import Body, Visits, make_change, make_households, new_id, serving, set_up
from tests.browser.installed import find_chromium
from web.serve import offline_app

VILLAGE, SIZE, BATCH = "Đinh Xá", 1200, 200
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
INSTEAD_OF_MAIN = """
  python.globals.set("recording", await (await fetch("/recording")).text());
  const script = await (await fetch("/device.py")).text();
  const found = await python.runPythonAsync(script + `
import json
from app.device.browser import DATABASE, flush
json.dumps(await measure(str(DATABASE), json.loads(recording), flush))`);
  return self.postMessage({ kind: "measured", found });
"""
PAGE = """<!doctype html><link rel="icon" href="data:,"><script type="module">
  const config = CONFIG;
  config.origin = location.origin;
  const { openFile, serve } = await import(config.code + "file.js");
  const worker = new Worker(config.code + "bench.js", { type: "module" });
  worker.onmessage = async ({ data }) => {
    if (data.kind === "measured") globalThis.found = data.found;
    if (data.kind === "failed") globalThis.found = JSON.stringify(data);
    if (data.kind === "file") worker.postMessage(await serve(data, () => {}));
  };
  worker.postMessage({ kind: "start", config });
  worker.postMessage({ kind: "opened", file: await openFile() });
</script>"""


def record(folder: Path) -> dict[str, Any]:
    """A surveyed village on the real server, and what that server answers to a new phone."""
    world = set_up(folder, {VILLAGE: 3})
    village = world.villages[VILLAGE]
    with serving(folder) as (port, _pid), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:

        def enroll(code: str) -> Body:
            return http.post("/api/v1/enrollments", json={"code": code, "device_name": "bench"}).json()

        def sync(signed_in: Body, changes: list[Body], cursor: int) -> str:
            request = {"device_time": "2026-11-22T03:04:05Z", "changes": changes, "cursors": {village: cursor}}
            headers = {"Authorization": f"Bearer {signed_in['token']}", "Content-Encoding": "gzip"}
            content = gzip.compress(json.dumps(request | {"limit": 500}).encode(), 1)
            return http.post("/api/v1/sync", content=content, headers=headers).raise_for_status().text

        official, member, phone = (enroll(code) for code in (world.official, *world.codes[VILLAGE][:2]))
        homes = [(new_id(), body) for body in make_households(VILLAGE, SIZE)]
        visits = Visits(world.round)
        for sender, kind, some in (
            (official, "household", homes),
            (member, "response", [visits.make(identity) for identity, _ in homes]),
        ):
            changes = [make_change(kind, who, village, number, body) for number, (who, body) in enumerate(some, 1)]
            for first in range(0, len(changes), BATCH):
                answer = json.loads(sync(sender, changes[first : first + BATCH], 2**40))
                assert all(one["verdict"] == "applied" for one in answer["verdicts"]), answer["verdicts"][0]
        replies, cursor, more = [], 0, True
        while more:
            replies.append(sync(phone, [], cursor))
            page = json.loads(replies[-1])["streams"][village]
            cursor, more = page["cursor"], page["more"]
    return {"enrollment": phone, "replies": replies, "unused": world.codes[VILLAGE][2]}


def native(folder: Path, recording: dict[str, Any]) -> dict[str, Any]:
    async def no_flush() -> None:
        """SQLite has written through already."""

    return asyncio.run(device.measure(str(folder / "device.db"), recording, no_flush))


class Server:
    """The build with our page beside it."""

    def __init__(self, build: Path, recording: dict[str, Any]) -> None:
        index = (build / "index.html").read_text("utf-8")
        config = index.split('id="build"', 1)[1].split(">", 1)[1].split("</script>", 1)[0]
        code = build / Path(json.loads(config)["code"]).relative_to("/app")
        worker = (code / "worker.js").read_text("utf-8")
        assert 'python.runPython("boot.start()");' in worker, "worker.js starts main.py in another way now"
        worker = worker.replace('python.runPython("boot.start()");', INSTEAD_OF_MAIN)
        script = Path(device.__file__).read_text("utf-8")
        routes = [
            Route("/page", lambda _request: HTMLResponse(PAGE.replace("CONFIG", config))),
            Route("/recording", lambda _request: Response(json.dumps(recording))),
            Route("/device.py", lambda _request: Response(script)),
            Route(f"/app/{code.name}/bench.js", lambda _request: Response(worker, media_type="text/javascript")),
            Mount("/app", offline_app(build)),
        ]
        self.server = uvicorn.Server(
            uvicorn.Config(Starlette(routes=routes), "127.0.0.1", 0, log_level="error", lifespan="off")
        )
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()))

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            threading.Event().wait(0.05)
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}/page"

    def __exit__(self, *_error: object) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join()


def in_browser(playwright: Playwright, chromium: str, profile: Path, address: str) -> dict[str, Any]:
    """The steps in a fresh profile."""
    context = playwright.chromium.launch_persistent_context(str(profile), executable_path=chromium, args=ARGS)
    page = context.pages[0]
    page.on("console", lambda message: message.type == "error" and print(message.text))
    page.goto(address)
    page.wait_for_function("globalThis.found", timeout=240_000)
    found: dict[str, Any] = json.loads(page.evaluate("found"))
    context.close()
    assert "times" in found, found
    return found


def show(columns: dict[str, dict[str, Any]]) -> None:
    """Median and p95 of every step in milliseconds, side by side."""
    print(f"\n{'median / p95, ms':30}" + "".join(f"{name:>20}" for name in columns))
    for step in next(iter(columns.values()))["times"]:
        cells = []
        for found in columns.values():
            took = sorted(found["times"].get(step, []))
            if not took:
                cells.append(f"{'–':>20}")
                continue
            p95 = took[min(len(took) - 1, round(len(took) * 0.95))]
            cells.append(f"{statistics.median(took):12.1f} /{p95:6.1f}")
        print(f"{step:30}" + "".join(cells))
    print(f"{'first load, rows a second':30}", end="")
    for found in columns.values():
        took = found["times"]["first load, one page of 500"] + found["times"]["flush after a page"]
        print(f"{found['rows'] / sum(took) * 1000:20,.0f}", end="")
    sizes = {found["bytes"] for found in columns.values()}
    print(f"\n{next(iter(columns.values()))['rows']:,} rows; file of {max(sizes) / 1e6:.1f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path("build/web"))
    parser.add_argument("--chromium", default=find_chromium())
    parser.add_argument("--only", nargs="+", choices=["native", "browser"], default=["native", "browser"])
    asked = parser.parse_args()
    columns: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording = record(folder / "server")
        if "native" in asked.only:
            columns["native"] = native(folder, recording)
        if "browser" in asked.only:
            with Server(asked.build, recording) as address, sync_playwright() as playwright:
                columns["browser"] = in_browser(playwright, asked.chromium, folder / "profile", address)
    show(columns)


if __name__ == "__main__":
    main()
