"""The story and the kills in Firefox and in WebKit, as Safari 26 and before 26. Chromium has files of its own."""

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.browser.conftest import FAILED, PICTURES
from tests.browser.engines import GONE, Browser, screen, wait_for
from tests.browser.firefox import Firefox
from tests.browser.installed import FIREFOX, WEBKIT, missing
from tests.browser.killed import ENGINES, ask, kill_while_saving, served
from tests.browser.site import Site, free_port
from tests.browser.webkit import OlderWebKit
from tests.pace import LONG

pytestmark = pytest.mark.browser
KILLS = int(os.environ.get("TUNGNHA_BROWSER_KILLS", "3"))
TRIED = list(ENGINES) if LONG else ["firefox"]
STORAGE = "return globalThis.tungnha?.storage"
HAS_MARK = "return performance.getEntriesByName('tungnha:%s').length > 0"
IS_LIST_LEFT = """const come = (asked) => new Promise((done) => (asked.onsuccess = () => done(asked.result)));
const shelf = await come(indexedDB.open("tungnha"));
const size = await come(shelf.transaction("files").objectStore("files").get("beside"));
shelf.close();
return Boolean(size);"""
WRITES = "return 'createWritable' in FileSystemFileHandle.prototype"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


@pytest.fixture(params=TRIED)
def browser(request: pytest.FixtureRequest, display: str, tmp_path: Path) -> Iterator[Browser]:
    engine = ENGINES[request.param]
    if absent := missing(FIREFOX if engine is Firefox else WEBKIT):
        pytest.skip(f"not installed: {', '.join(absent)} (python -m tests.browser.installed)")
    made = engine(tmp_path / "profile", display)
    try:
        yield made
        if request.node.stash.get(FAILED, False) and made.process is not None:
            print(made.log.read_text(errors="replace")[-5000:])
            PICTURES.mkdir(exist_ok=True)
            with suppress(*GONE):
                made.picture(PICTURES / f"{request.node.name}.png")
    finally:
        made.kill()


def test_one_visit_without_network_survives_a_kill_and_is_confirmed(site: Site, browser: Browser) -> None:
    try:
        tell_story(site, browser)
    except AssertionError:
        # WebKitGTK 2.50 now and then takes a number in its own shaders for too large, and its page's process ends.
        if "Unable to load module sksl" not in browser.log.read_text(errors="replace"):
            raise
        browser.kill()
        shutil.rmtree(browser.profile)
        site.stop()
        site.start()  # with new codes
        tell_story(site, browser)


def tell_story(site: Site, browser: Browser) -> None:
    browser.open_app(site.links["member"])
    assert browser.js(WRITES) == (type(browser) is not OlderWebKit)
    browser.tap("Đúng là tôi")
    browser.find("Đã gặp .* trên [1-9]")

    # The server is stopped, the browser closed; the app starts again and everything is there.
    browser.close()
    site.stop()
    address = f"http://127.0.0.1:{site.port}/app/"
    browser.open_app(address)
    browser.find("Đã gặp .* trên [1-9]")
    browser.find("Chưa có mạng", seconds=30)
    record_visit(browser) if type(browser) is Firefox else note_nobody_at_home(browser)
    browser.kill()
    browser.open_app(address)
    browser.find("1 phiếu chờ gửi")

    # The server is back: the visit goes up by itself and is confirmed.
    site.start()
    browser.goto(address + "#/")
    browser.find("Máy chủ đã xác nhận 1 phiếu")

    # Who reloads, or comes back, is not told that the app is open in another place; the list is there at once.
    wait_for(lambda: browser.js(IS_LIST_LEFT), "no list was left for the next start")
    browser.reload()
    wait_for(lambda: browser.js(HAS_MARK % "early-list"), "the list was not shown early")
    assert wait_for(lambda: browser.ask(STORAGE), "no word about the file") == "ready"
    browser.wait_for_app()
    assert browser.js("return globalThis.tungnhaPlace.errors") == []
    browser.leave_and_come_back()
    assert wait_for(lambda: browser.ask(STORAGE), "no word about the file") == "ready"


def note_nobody_at_home(browser: Browser) -> None:
    """Record the shortest visit; ready when the app says that it is saved."""
    browser.type_into("Tìm chủ hộ", "nguyen")
    browser.tap("Chưa gặp")
    browser.tap("Không gặp, không hỏi được…")
    browser.tap("Vắng nhà")
    browser.find("Vắng nhà · chờ gửi")


def record_visit(browser: Browser) -> None:
    """One adult, and every question that this commune asks; ready when the app says that it is saved."""
    browser.type_into("Tìm chủ hộ", "nguyen")
    browser.tap("Chưa gặp")
    browser.tap("Bắt đầu khảo sát")
    browser.tap("Gia đình đồng ý")
    browser.tap("Chủ hộ", exact=True)
    browser.tap("Đã đủ")
    browser.tap("1980–")
    browser.tap("1985", exact=True)
    browser.choose("Nam hay nữ?", "Nam")
    browser.choose("Có dùng điện thoại thông minh không?", "Có")
    browser.choose("Có tài khoản thanh toán điện tử không?", "Có")
    browser.choose("Có biết nộp hồ sơ, dùng dịch vụ công trực tuyến không?", "Không rõ")
    browser.tap("Tiếp tục")
    browser.choose("Nhà có lắp Internet cáp quang không?", "Có")
    browser.choose("Nhà có địa chỉ số trên bản đồ không?", "Có")
    browser.choose("Nhà có kinh doanh, buôn bán không?", "Không")
    browser.tap("Lưu phiếu")
    browser.tap("Đúng rồi, lưu phiếu")
    browser.find("Đã khảo sát · chờ gửi")


@pytest.mark.skipif(not LONG, reason="make long")
def test_the_next_start_comes_from_a_snapshot(browser: Browser, web: Path) -> None:
    address = f"http://127.0.0.1:{(port := free_port())}/app/"
    with served(web, port):
        browser.open_app(address)
        ask(browser, "add", "Tẩn Láo Lở")
        if type(browser) is not OlderWebKit:  # Safari before 26 cannot write a file as a whole, and starts plainly
            wait_for(lambda: browser.js(HAS_MARK % "snapshot-kept"), "no snapshot was made")
        browser.close()
    browser.open_app(address)
    assert browser.js(HAS_MARK % "snapshot") == (type(browser) is not OlderWebKit)
    assert ask(browser, "count") == "1"
    assert browser.js("return globalThis.tungnhaPlace.errors") == []


@pytest.mark.skipif(not LONG, reason="make long")
def test_killed_at_any_moment_loses_no_acknowledged_row(browser: Browser, web: Path) -> None:
    """A hundred by hand: python -m tests.browser.killed --engine … --times 100."""
    tally = kill_while_saving(browser, web, KILLS, random.Random(KILLS))
    print(tally)
    assert (tally.tried, tally.lost) == (KILLS, 0), tally
