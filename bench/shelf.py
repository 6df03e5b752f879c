"""What a save costs in each browser: the whole file as one value, or the pages that changed (web/page/shelf.js).

    python -m bench.shelf [--sizes 1 2.6 8] [--saves 40] [--engines chromium firefox webkit]

Milliseconds until the bytes are on the disk, medians, one run; in each save 8 of SQLite's pages changed, as by a visit.
"""

import argparse
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.engines import screen, wait_for
from tests.browser.installed import find_chromium
from tests.browser.killed import ENGINES
from tests.browser.offline_phone import PROJECT

MEASURE = """
const { replace, read } = await import("/shelf.js"), [size, saves] = [%d, %d];
const bytes = crypto.getRandomValues(new Uint8Array(4096));
let file = new Uint8Array(Math.floor(size / 4096) * 4096);
for (let at = 0; at < file.length; at += 4096) file.set(bytes, at), (bytes[at %% 4096] ^= at);
const changed = () => {
  const next = file.slice();
  for (let one = 0; one < 8; one++) {
    const at = Math.floor(Math.random() * file.length / 4096) * 4096;
    crypto.getRandomValues(next.subarray(at, at + 4096));
  }
  return next;
};
const whole = await new Promise((done) => {
  const opening = indexedDB.open("whole", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("files");
  opening.onsuccess = () => done(opening.result);
});
const asOne = () => new Promise((done, failed) => {
  const change = whole.transaction("files", "readwrite", { durability: "strict" });
  change.objectStore("files").put(file.buffer, "file");
  change.oncomplete = done;
  change.onabort = failed;
});
const timed = async (save) => {
  const times = [];
  for (let one = 0; one < saves; one++) {
    file = changed();
    const from = performance.now();
    await save();
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[saves >> 1];
};
let from = performance.now();
await replace("file", file);
const first = performance.now() - from;
const result = [await timed(asOne), await timed(() => replace("file", file)), first];
from = performance.now();
const kept = await read("file");
const reading = performance.now() - from;
if (kept.some((byte, at) => byte !== file[at])) throw new Error("the file that is read is another");
return [...result, reading];
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None: ...


def served() -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(PROJECT / "web" / "page")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def in_chromium(address: str, script: str) -> Any:
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        context = driver.chromium.launch_persistent_context(
            folder, executable_path=find_chromium(), args=["--no-sandbox"]
        )
        page = context.pages[0]
        page.goto(address)
        result = page.evaluate(f"async () => {{ {script} }}")
        context.close()
        return result


def in_engine(name: str, address: str, script: str) -> Any:
    with tempfile.TemporaryDirectory() as folder, screen() as display:
        browser = ENGINES[name](Path(folder, "profile"), display)
        browser.open(address)
        try:
            wait_for(lambda: browser.ask("return location.protocol === 'http:'"), "the page did not open")
            return browser.js(script)
        finally:
            browser.kill()


def main() -> None:
    """Print one line for each engine and size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=float, nargs="+", default=[1, 2.6, 8], help="MB")
    parser.add_argument("--saves", type=int, default=40)
    parser.add_argument("--engines", nargs="+", default=["chromium", *ENGINES])
    asked = parser.parse_args()
    address = f"http://127.0.0.1:{served().server_port}/stranger.js"
    print(f"{'':>18} {'MB':>4} {'one value':>10} {'pages':>8} {'all pages':>10} {'read':>6}   ms")
    for size in asked.sizes:
        script = MEASURE % (size * 1_000_000, asked.saves)
        for name in asked.engines:
            measure = in_chromium if name == "chromium" else partial(in_engine, name)
            one, pages, first, read = measure(address, script)
            print(f"{name:>18} {size:>4} {one:>10.1f} {pages:>8.1f} {first:>10.1f} {read:>6.1f}", flush=True)


if __name__ == "__main__":
    main()
