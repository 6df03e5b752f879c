"""The snapshot of Python's memory: made by itself, used by the next start, and never the reason that one fails."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page

from tests.browser.offline_phone import MARKS, SNAPSHOTS, Phone, limit_room, stand_in, tried, wait_for_snapshot
from tests.pace import LONG

pytestmark = pytest.mark.browser
ONLY_LONG = pytest.mark.skipif(not LONG, reason="make long")
KEPT = "performance.getEntriesByName('tungnha:snapshot-kept').length"
LATER_THAN_ONE_IS_MADE = 12_000
CHANGE = """async (change) => {
  const files = await (await navigator.storage.getDirectory()).getDirectoryHandle('snapshots');
  for await (const file of files.values()) {
    const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
    if (change === 'spoil') bytes[bytes.length >> 1] ^= 1;
    if (change === 'functions') new Uint32Array(bytes.buffer)[3] = 1;
    const place = await file.createWritable();
    await place.write(change === 'cut' ? bytes.subarray(0, bytes.length / 2) : bytes);
    await place.close();
  }
}"""
FORGET = """navigator.storage.getDirectory()
    .then((root) => root.removeEntry('snapshots', { recursive: true })).catch(() => {})"""
# Bytes of this type a browser does not compile, though they are the right ones.
OTHER_TYPE = """async () => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      if (!/[/]app[/]py-.*[.]wasm$/.test(url)) continue;
      const bytes = await (await cache.match(url)).arrayBuffer();
      await cache.put(url, new Response(bytes, { headers: { 'Content-Type': 'text/plain' } }));
    }
  }
}"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def phone(phone_without_snapshot: Phone) -> Phone:
    return phone_without_snapshot


def shows(name: str, value: object) -> str:
    return f"Object.defineProperty(Navigator.prototype, '{name}', {{ get: () => {json.dumps(value)} }});"


def marks(page: Page) -> set[str]:
    return set(page.evaluate(MARKS))


def with_snapshot(phone: Phone, web: Path) -> Page:
    """Opened once, one row written, and a snapshot made by itself."""
    phone.serve(web)
    page = phone.open()
    assert tried(page, "add", "Tẩn Láo Lở") == "1"
    assert "tungnha:python" in marks(page)
    wait_for_snapshot(page)
    return page


def test_made_by_itself_used_by_the_next_start_and_never_trusted(phone: Phone, web: Path) -> None:
    page = with_snapshot(phone, web)
    phone.stop_server()
    page = phone.open()
    assert "tungnha:snapshot" in marks(page)
    assert "tungnha:python" not in marks(page)
    assert tried(page, "count") == "1"
    assert tried(page, "add", "Tẩn Mẩy") == "2"
    first = tried(page, "chance")

    page = phone.open()
    assert "tungnha:snapshot" in marks(page)
    assert tried(page, "chance") != first
    assert tried(page, "integrity") == "ok"
    assert tried(page, "post", "/api/echo", "x", 5) == "ConnectError"

    for damage in ("cut", "spoil"):
        page.evaluate(CHANGE, damage)
        page = phone.open()
        assert {"tungnha:python", "tungnha:screen"} <= marks(page)
        assert not {"tungnha:snapshot", "tungnha:unrestored"} & marks(page)
        assert tried(page, "count") == "2"
        assert page.evaluate(SNAPSHOTS) == []
        if damage == "cut":
            wait_for_snapshot(page)


@ONLY_LONG
def test_one_that_cannot_be_restored_is_the_last_of_its_build(phone: Phone, web: Path) -> None:
    page = with_snapshot(phone, web)
    page.evaluate(CHANGE, "functions")
    page = phone.open()
    assert {"tungnha:python", "tungnha:unrestored", "tungnha:screen"} <= marks(page)
    assert tried(page, "count") == "1"
    page.wait_for_timeout(LATER_THAN_ONE_IS_MADE)
    assert len(page.workers) == 1
    assert page.evaluate(SNAPSHOTS) == []
    page = phone.open("?snapshot=1")  # by hand it may be tried again
    wait_for_snapshot(page)

    # A start that stood still twice before its screen is not tried a third time.
    page.evaluate("localStorage.setItem('tungnha-unfinished-starts', 2)")
    page = phone.open()
    assert "tungnha:python" in marks(page)
    assert page.evaluate(SNAPSHOTS) == []


@ONLY_LONG
def test_a_native_library_that_does_not_compile_is_noticed_at_once(phone: Phone, web: Path) -> None:
    page = with_snapshot(phone, web)
    page.evaluate(OTHER_TYPE)
    page = phone.open()
    assert {"tungnha:python", "tungnha:unrestored", "tungnha:screen"} <= marks(page)
    assert tried(page, "count") == "1"


@ONLY_LONG
def test_a_python_that_breaks_down_after_it_starts_plainly(phone: Phone, web: Path) -> None:
    with_snapshot(phone, web)
    page = phone.open()
    assert "tungnha:snapshot" in marks(page)
    with suppress(Error):
        tried(page, "crash")
    page.get_by_role("heading", name="Ứng dụng dừng đột ngột").wait_for(timeout=20_000)
    page.get_by_role("button", name="Mở lại").click()
    page.wait_for_selector("#splash", state="detached", timeout=60_000)
    assert "tungnha:python" in marks(page)
    assert tried(page, "count") == "1"


@ONLY_LONG
def test_a_new_build_drops_the_old_one(phone: Phone, web: Path, tmp_path: Path) -> None:
    def newer(source: Path) -> None:
        (source / "survey" / "greeting.txt").write_text("Chào bạn", "utf-8")

    page = with_snapshot(phone, web)
    [old] = page.evaluate(SNAPSHOTS)
    phone.serve(stand_in(tmp_path / "second", newer))
    page = phone.open()
    for _ in range(300):
        if json.loads(tried(page, "facts"))["update"]:
            break
        page.wait_for_timeout(100)
    page = phone.open(wait=False)
    page.wait_for_timeout(2000)  # the page takes the newer version and loads itself again
    page.wait_for_selector("#splash", state="detached", timeout=60_000)
    assert json.loads(tried(page, "facts"))["greeting"] == "Chào bạn"
    assert "tungnha:python" in marks(page)
    for _ in range(180):
        if page.evaluate(KEPT):
            break
        page.wait_for_timeout(500)
    [new] = page.evaluate(SNAPSHOTS)
    assert new != old


@pytest.mark.parametrize(
    "nature",
    [
        pytest.param(shows("userAgent", IPHONE), id="iPhone"),
        pytest.param(shows("deviceMemory", 1), id="1 GB", marks=ONLY_LONG),
        pytest.param("localStorage.setItem('tungnha-snapshot', '0');", id="switched off", marks=ONLY_LONG),
    ],
)
def test_none_is_made_where_it_costs_too_much(phone: Phone, web: Path, nature: str) -> None:
    phone.serve(web)
    page = phone.open(before=lambda context: context.add_init_script(nature))
    page.wait_for_timeout(LATER_THAN_ONE_IS_MADE)
    assert len(page.workers) == 1
    assert page.evaluate(SNAPSHOTS) == []


@ONLY_LONG
def test_none_without_room_and_it_goes_when_the_data_needs_its_room(phone: Phone, web: Path) -> None:
    """Chromium tells a page of more room than there is, so what is kept back for data shows at the writing."""

    def nearly_full(context: BrowserContext) -> None:
        limit_room(context, phone, 60_000_000)

    phone.serve(web)
    page = phone.open(before=nearly_full)
    page.wait_for_timeout(LATER_THAN_ONE_IS_MADE)
    for _ in range(300):
        if len(page.workers) == 1:
            break
        page.wait_for_timeout(100)
    print(page.evaluate("navigator.storage.estimate()"))
    assert page.evaluate(SNAPSHOTS) == []
    assert tried(page, "add", "Tẩn Láo Lở") == "1"

    page = phone.open()
    wait_for_snapshot(page)
    # The app and the data fit in, the snapshot does not.
    page = phone.open(before=nearly_full)
    assert tried(page, "add", "Tẩn Sài") == "2"
    assert page.evaluate(SNAPSHOTS) == []


@ONLY_LONG
def test_killed_while_it_is_made_nothing_of_it_is_used(phone: Phone, web: Path) -> None:
    phone.serve(web)
    for moment in range(6):
        page = phone.open("?snapshot=1")
        for _ in range(300):
            if len(page.workers) > 1:
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(moment * 1000)
        phone.kill()
        page = phone.open()
        assert "tungnha:unrestored" not in marks(page)
        assert tried(page, "integrity") == "ok"
        page.evaluate(FORGET)
