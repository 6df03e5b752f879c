"""What the browser keeps of the app's file: what was acknowledged survives a kill, and one page alone writes."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.offline_phone import Phone, tried
from tests.browser.shelf import AS_IN_FOLDER, AS_IN_VERSION_1, IN_FOLDER, LOSE_A_PAGE, NAMES, SPOIL_BEGINNING
from tests.pace import LONG

pytestmark = pytest.mark.browser
KILLS = int(os.environ.get("TUNGNHA_BROWSER_KILLS", "5" if LONG else "2"))
BUSY = "Từng Nhà đang mở ở một thẻ khác"


def test_killed_at_any_moment_loses_no_acknowledged_row(phone: Phone, web: Path) -> None:
    """A few kills; with TUNGNHA_BROWSER_KILLS=100 and -s a hundred, and it prints what was tried and lost."""
    phone.serve(web)
    page = phone.open()
    acknowledged = 0
    for round_ in range(KILLS):
        worker = next(worker for worker in page.workers if "worker.js" in worker.url)
        worker.evaluate(
            """() => { self.done = 0;
            (async () => { for (;;) self.done = Number(await tried_add('Giàng Thị Mỷ')); })(); }"""
        )
        while not worker.evaluate("() => self.done"):
            page.wait_for_timeout(50)
        page.wait_for_timeout(350 * (round_ % 7))
        acknowledged = int(worker.evaluate("() => self.done"))
        phone.kill()
        page = phone.open()
        assert int(tried(page, "count")) >= acknowledged, tried(page, "facts")
        assert tried(page, "integrity") == "ok"
    print(f"{KILLS} kills while saving, {acknowledged} rows acknowledged, 0 lost")


@pytest.mark.parametrize("earlier", [AS_IN_FOLDER, AS_IN_VERSION_1], ids=["folder", "one value"])
def test_the_file_of_an_earlier_version_is_taken_over_once(phone: Phone, web: Path, earlier: str) -> None:
    phone.serve(web)
    page = phone.open()
    assert tried(page, "add", "Lò Thị Hoa") == "1"
    page.goto(phone.address + "manifest.json")
    page.evaluate(earlier)
    page = phone.open()
    assert tried(page, "add", "Vàng A Súa") == "2"
    assert page.evaluate(IN_FOLDER) == []
    page = phone.open()
    assert tried(page, "count") == "2"


@pytest.mark.parametrize("spoil", [SPOIL_BEGINNING, LOSE_A_PAGE], ids=["no database", "a page is missing"])
def test_a_damaged_file_is_kept_aside(phone: Phone, web: Path, spoil: str) -> None:
    phone.serve(web)
    page = phone.open()
    for count in range(1, 40):
        assert tried(page, "add", "Hà Thị Lan " * 90) == str(count)  # more than one page
    page.goto(phone.address + "manifest.json")
    page.evaluate(spoil)
    page = phone.open()
    note = json.loads(tried(page, "facts"))["note"]
    assert note.startswith("tungnha-hong-")
    assert tried(page, "add", "Hà Thị Lan") == "1"
    assert {note.split(":")[0], "tungnha.db"} <= set(page.evaluate(NAMES))


def test_a_file_that_cannot_be_read_just_now_is_not_taken_for_none(phone: Phone, web: Path) -> None:
    phone.serve(web)
    page = phone.open()
    assert tried(page, "add", "Hà Thị Lan") == "1"
    broken = "IDBObjectStore.prototype.getAll = () => { throw new DOMException('Internal error.', 'UnknownError'); };"
    page = phone.open(wait=False, before=lambda context: context.add_init_script(broken))
    page.get_by_role("heading", name="Chưa đọc được dữ liệu trên máy này").wait_for(timeout=20_000)
    while page.workers:  # Python is stopped, so that it can write nothing over the file
        page.wait_for_timeout(100)
    page = phone.open()
    assert tried(page, "add", "Hà Thị Loan") == "2"


def test_a_connection_that_was_lost_is_opened_again(phone: Phone, web: Path) -> None:
    """As on an iPhone that slept: "Connection to Indexed Database server lost". The save goes over a new one."""
    phone.serve(web)
    page = phone.open()
    assert tried(page, "add", "Hà Thị Lan") == "1"
    page.evaluate(
        """() => { const begin = IDBDatabase.prototype.transaction; let lost = false;
        IDBDatabase.prototype.transaction = function (...given) {
            if (lost) return begin.apply(this, given);
            lost = true;
            throw new DOMException("Connection to Indexed Database server lost", "UnknownError"); } }"""
    )
    assert tried(page, "add", "Hà Thị Loan") == "2"
    page = phone.open()
    assert tried(page, "count") == "2"


def second_tab(phone: Phone, fragment: str = "") -> Page:
    """Another tab while the first has the file."""
    assert phone.context
    second = phone.context.new_page()
    phone.visit(second, fragment, wait=False)
    second.get_by_role("heading", name=BUSY).wait_for(timeout=20_000)
    return second


def test_a_second_tab_waits_and_goes_on_by_itself(phone: Phone, web: Path) -> None:
    phone.serve(web)
    first = phone.open()
    assert tried(first, "add", "Lò Văn Pán") == "1"
    second = second_tab(phone, "#/c/ZX-98")
    first.wait_for_function("location.hash === '#/c/ZX-98'")  # the scanned card is shown where the app runs
    assert tried(first, "add", "Lò Văn Pản") == "2"
    first.close()
    second.wait_for_selector("#splash", state="detached", timeout=60_000)
    assert tried(second, "count") == "2"


def test_a_second_tab_may_take_the_app_and_give_it_back(phone: Phone, web: Path) -> None:
    phone.serve(web)
    first = phone.open()
    assert tried(first, "add", "Lò Văn Pán") == "1"
    second = second_tab(phone)
    second.get_by_role("button", name="Mở ở đây").click()
    first.get_by_role("heading", name="Từng Nhà đã mở ở một thẻ khác").wait_for(timeout=20_000)
    second.wait_for_selector("#splash", state="detached", timeout=60_000)
    assert tried(second, "add", "Lò Văn Pản") == "2"
    first.get_by_role("button", name="Mở ở đây").click()
    second.get_by_role("heading", name="Từng Nhà đã mở ở một thẻ khác").wait_for(timeout=20_000)
    first.wait_for_selector("#splash", state="detached", timeout=60_000)
    assert tried(first, "count") == "2"


def test_a_tab_that_slept_writes_nothing_over_the_work_of_the_one_that_took_the_app(phone: Phone, web: Path) -> None:
    """The first tab cannot hear the second, nor that its lock was taken: the shelf itself refuses what it writes."""
    phone.serve(web)
    deaf = """BroadcastChannel.prototype.postMessage = () => {};
        const request = navigator.locks.request.bind(navigator.locks);
        if (new URLSearchParams(location.search).has('sleeps'))
            navigator.locks.request = (...given) => request(...given).catch(() => new Promise(() => {}));"""
    first = phone.open("?sleeps=1", before=lambda context: context.add_init_script(deaf))
    assert tried(first, "add", "Lò Văn Pán") == "1"
    second = second_tab(phone)
    second.get_by_role("button", name="Mở ở đây").click()
    second.wait_for_selector("#splash", state="detached", timeout=60_000)
    assert tried(second, "add", "Lò Văn Pản") == "2"
    assert tried(first, "add", "Lò Văn Pần") == "StorageFailed"
    assert tried(second, "count") == "2"
    page = phone.open()
    assert tried(page, "count") == "2"
