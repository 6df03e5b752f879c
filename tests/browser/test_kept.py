"""Where the browser keeps the file: in its folder, or on the page's shelf. What was acknowledged survives a kill."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.offline_phone import Phone, tried

pytestmark = pytest.mark.browser
KILLS = int(os.environ.get("TUNGNHA_BROWSER_KILLS", "2"))
NAMES = """(async () => { const names = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name); return names; })()"""


def without_writing(context: BrowserContext) -> None:
    """As on iPhones before iOS 26: no file of the folder can be replaced, so the page's shelf keeps it."""
    context.add_init_script("delete FileSystemFileHandle.prototype.createWritable")


@pytest.mark.parametrize("before", [lambda _context: None, without_writing], ids=["folder", "shelf"])
def test_killed_at_any_moment_loses_no_acknowledged_row(
    phone: Phone, web: Path, before: Callable[[BrowserContext], None]
) -> None:
    """Two kills in the ordinary run; TUNGNHA_BROWSER_KILLS=30 for the long one, which prints tried / lost with -s."""
    phone.serve(web)
    page = phone.open(before=before)
    acknowledged = 0
    for round_ in range(KILLS):
        worker = next(worker for worker in page.workers if "worker.js" in worker.url)
        worker.evaluate(
            """() => { self.done = 0;
            (async () => { for (;;) self.done = Number(await tried_add('Giàng Thị Mỷ')); })(); }"""
        )
        page.wait_for_timeout(400 + 350 * (round_ % 7))
        acknowledged = int(worker.evaluate("() => self.done"))
        assert acknowledged > 0
        phone.kill()
        page = phone.open(before=before)
        assert int(tried(page, "count")) >= acknowledged
        assert tried(page, "integrity") == "ok"
    print(f"{KILLS} kills while saving, {acknowledged} rows acknowledged, 0 lost")


def test_what_is_on_the_shelf_stays_there_when_the_browser_learns_to_write(phone: Phone, web: Path) -> None:
    phone.serve(web)
    page = phone.open(before=without_writing)
    assert tried(page, "add", "Lò Thị Hoa") == "1"
    page = phone.open()  # the phone was updated
    assert tried(page, "add", "Vàng A Súa") == "2"
    assert "tungnha.db" not in page.evaluate(NAMES)
    page = phone.open(before=without_writing)
    assert tried(page, "count") == "2"


def test_a_damaged_file_on_the_shelf_is_kept_aside(phone: Phone, web: Path) -> None:
    phone.serve(web)
    page = phone.open(before=without_writing)
    assert tried(page, "add", "Hà Thị Lan") == "1"
    page.goto(phone.address + "manifest.json")
    page.evaluate(
        """() => new Promise((done) => indexedDB.open("tungnha").onsuccess = ({ target }) => {
            const change = target.result.transaction("files", "readwrite");
            change.objectStore("files").put(new TextEncoder().encode("not a database").buffer, "tungnha.db");
            change.oncomplete = () => (target.result.close(), done()); })"""
    )
    page = phone.open(before=without_writing)
    assert json.loads(tried(page, "facts"))["note"].startswith("tungnha-hong-")
    assert tried(page, "add", "Hà Thị Lan") == "1"
