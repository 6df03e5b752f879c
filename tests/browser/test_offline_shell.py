"""The offline web app's shell: kept on the phone, saved when it says so, honest when it cannot start."""

import json
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Error

from tests.browser.offline_phone import Phone, limit_room, stand_in, tried

pytestmark = pytest.mark.browser
# Straight from the cache, without waking the service worker's script.
WAY_OF_FLUTTER = """performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('main.dart.wasm'))
    .map(({ workerFinalSourceType }) => workerFinalSourceType)"""


def test_opens_without_server_and_keeps_rows(new_phone: Phone, web: Path) -> None:
    new_phone.serve(web)
    page = new_phone.open("#/enroll/AB12-CD34")
    assert tried(page, "add", "Lò Thị Hoa") == "1"
    facts = json.loads(tried(page, "facts"))
    assert facts["storage"] == "ready"
    assert facts["note"] is None
    assert facts["offline"] is True
    assert facts["greeting"] == "Xin chào"
    assert facts["server"] + "/app/" == new_phone.address
    new_phone.stop_server()

    page = new_phone.open("#/c/ZX-98")
    assert tried(page, "count") == "1"
    assert page.evaluate(WAY_OF_FLUTTER) == ["cache"]
    assert tried(page, "add", "Vàng A Súa") == "2"
    assert page.evaluate("location.hash") == "#/c/ZX-98"

    page = new_phone.open()
    assert tried(page, "count") == "2"
    strangers = {url for url in new_phone.asked if not url.startswith((new_phone.address, "blob:", "about:"))}
    assert not strangers


def test_first_visit_downloads_each_file_once(new_phone: Phone, web: Path) -> None:
    new_phone.serve(web)
    page = new_phone.open()
    seen = page.evaluate("fetch('/asked').then(reply => reply.json())")
    twice = {path for path, times in seen.items() if times > 1}
    assert not {path for path in twice if path.endswith((".wasm", ".pack", ".zip", ".ttf"))}


def test_reload_is_not_taken_for_a_second_tab(phone: Phone, web: Path) -> None:
    phone.serve(web)
    page = phone.open()
    tried(page, "add", "Hà Thị Lan")
    for _ in range(2):
        page.reload()
        page.wait_for_selector("#splash", state="detached", timeout=60_000)
        assert tried(page, "count") == "1"


def test_full_disk_is_said_and_later_made_good(phone: Phone, web: Path) -> None:
    phone.serve(web)
    page = phone.open()
    assert tried(page, "add", "Bàn Thị Mai") == "1"
    # A new start, for Chromium remembers for a while how much room there was.
    page = phone.open(before=lambda context: limit_room(context, phone, 1))
    assert tried(page, "count") == "1"
    assert tried(page, "add", "Bàn Thị Mơ") == "StorageFull"
    assert phone.context
    limit_room(phone.context, phone, 1_000_000_000)
    assert tried(page, "add", "Bàn Thị Mận") == "3"
    page = phone.open()
    assert tried(page, "count") == "3"


def test_no_room_for_the_app_is_said(new_phone: Phone, web: Path) -> None:
    new_phone.serve(web)
    page = new_phone.open(wait=False, before=lambda context: limit_room(context, new_phone, 3_000_000))
    page.get_by_role("heading", name="Máy không còn đủ chỗ trống").wait_for(timeout=60_000)


def test_network_through_the_browser(phone: Phone, web: Path) -> None:
    phone.serve(web)
    page = phone.open()
    reply = tried(page, "post", "/api/echo", "Xã Tả Phìn", 5)
    assert json.loads(reply.removeprefix("200 ")) == {"text": "Xã Tả Phìn", "packed": True, "authorization": "Bearer x"}
    assert tried(page, "post", "/api/slow", "x", 0.2) == "ReadTimeout"
    phone.stop_server()
    assert tried(page, "post", "/api/echo", "x", 5) == "ConnectError"


def test_update_comes_at_the_next_start_and_downloads_only_what_is_new(phone: Phone, web: Path, tmp_path: Path) -> None:
    def newer(source: Path) -> None:
        (source / "survey" / "greeting.txt").write_text("Chào bạn", "utf-8")

    phone.serve(web)
    page = phone.open()
    tried(page, "add", "Đặng Thị Sen")
    second = stand_in(tmp_path / "second", newer)
    phone.serve(second)
    page = phone.open("#/c/ZX-98")
    for _ in range(100):
        facts = json.loads(tried(page, "facts"))
        if facts["update"]:
            break
        page.wait_for_timeout(100)
    assert facts["update"] is True
    assert facts["greeting"] == "Xin chào"
    downloaded = page.evaluate("fetch('/asked').then(reply => reply.json())")
    assert not [path for path in downloaded if "/engine-" in path or "/py-" in path]
    assert [path.rpartition("/")[2] for path in downloaded if "/code-" in path] == ["app.pack"], "scripts are as before"
    phone.stop_server()

    page = phone.open("#/c/ZX-98", wait=False)
    page.wait_for_timeout(2000)  # the page takes the newer version and loads itself again
    page.wait_for_selector("#splash", state="detached", timeout=60_000)
    facts = json.loads(tried(page, "facts"))
    assert facts["greeting"] == "Chào bạn"
    assert tried(page, "count") == "1"
    assert page.evaluate("location.hash") == "#/c/ZX-98"


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ("RuntimeError('hỏng rồi')", "Chưa mở được ứng dụng"),
        ("MemoryError", "Máy không đủ bộ nhớ để mở ứng dụng"),
    ],
)
def test_failing_start_is_said_in_words(new_phone: Phone, tmp_path: Path, error: str, title: str) -> None:
    def broken(source: Path) -> None:
        (source / "main.py").write_text(f"raise {error}\n", "utf-8")

    new_phone.serve(stand_in(tmp_path / "broken", broken))
    page = new_phone.open(wait=False)
    page.get_by_role("heading", name=title).wait_for(timeout=30_000)
    assert "vẫn còn nguyên" in page.inner_text("#notice")
    assert page.get_by_role("button", name="Thử lại").is_visible()


def test_python_that_breaks_down_is_said_and_opened_again(phone: Phone, web: Path) -> None:
    phone.serve(web)
    page = phone.open()
    assert tried(page, "add", "Lò Thị Hoa") == "1"
    with suppress(Error):  # what the call itself says does not matter
        tried(page, "crash")
    page.get_by_role("heading", name="Ứng dụng dừng đột ngột").wait_for(timeout=20_000)
    page.get_by_role("button", name="Mở lại").click()
    page.wait_for_selector("#splash", state="detached", timeout=60_000)
    assert tried(page, "count") == "1"


def test_broken_download_is_said_and_goes_on_later(new_phone: Phone, web: Path) -> None:
    new_phone.serve(web, dies_after=45)
    page = new_phone.open(wait=False)
    page.get_by_role("heading", name="Chưa tải xong ứng dụng").wait_for(timeout=90_000)
    new_phone.serve(web)
    page.get_by_role("button", name="Thử lại").click()
    page.wait_for_selector("#splash", state="detached", timeout=60_000)
    again = page.evaluate("fetch('/asked').then(reply => reply.json())")
    total = len(json.loads((web / "files.json").read_text("utf-8"))["files"])
    assert len(again) < total - 10


def test_answers_are_compressed_kept_and_closed_to_strangers(new_phone: Phone, web: Path) -> None:
    new_phone.serve(web)
    listed = json.loads((web / "files.json").read_text("utf-8"))["files"]
    runtime = next(name for name in listed if name.endswith("pyodide.asm.wasm"))
    with httpx.Client(base_url=new_phone.address, headers={"accept-encoding": "gzip, br"}) as client:
        kept = client.head(runtime)
        assert kept.headers["content-type"] == "application/wasm"
        assert kept.headers["content-encoding"] == "br"
        assert int(kept.headers["content-length"]) == listed[runtime]["br"]
        assert "immutable" in kept.headers["cache-control"]
        assert client.head(runtime, headers={"accept-encoding": "gzip"}).headers["content-encoding"] == "gzip"
        page = client.get("")
        assert page.headers["cache-control"] == "no-cache"
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert client.get("sw.js").headers["cache-control"] == "no-cache"
        assert client.get("no-such-file").status_code == 404
        assert "SIL OPEN FONT LICENSE" in client.get("licences.txt").text.upper()
