"""A real Chromium, the real site, and what a person does with a phone or an office computer.

To download the app and to sign in takes a phone longer than most tests do, and is tried by those that are about it
(test_story.py, test_cards.py, test_moving.py). The others begin with a copy of a phone that has it behind it.
"""

import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Request, expect, sync_playwright

from tests.browser.installed import ARGUMENTS, find_chromium
from tests.browser.offline_phone import Phone, stand_in
from tests.browser.site import Site, free_port

PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 768}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
    "Mobile Safari/537.36"
)
START_MS = 90_000
SNAPSHOT_KEPT = "performance.getEntriesByName('tungnha:snapshot-kept').length"
EVERY_ROW = "Đã gặp 185 trên 212 hộ"
PICTURES = Path(__file__).parent.parent.parent / "test-results"
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def playwright_driver() -> Iterator[Playwright]:
    """One driver for all browser tests. It ends with them: while it lives, no other test can run an event loop."""
    with sync_playwright() as driver:
        yield driver


@dataclass(frozen=True)
class Begun:
    """A demo that was set up once, and phones that were used there: each test has copies of what lies on their disks.

    `downloaded` is the profile of a browser that has the app and nobody's data, `member` the one of a member who has
    signed in and has the households. What a browser keeps belongs to an address, so all sites of a run have its port.
    """

    data: Path
    port: int
    downloaded: Path
    member: Path


@pytest.fixture(scope="package")
def begun(playwright_driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    folder = tmp_path_factory.mktemp("begun")
    made = Begun(folder / "server", free_port(), folder / "downloaded", folder / "member")
    site = Site(made.data, made.port)
    site.start()
    phone = Device(playwright_driver, made.downloaded, site, phone=True)
    page = phone.open_app()
    expect(page.get_by_role("button", name="Tiếp tục")).to_be_attached(timeout=START_MS)
    wait_until_kept(page)
    phone.close()
    shutil.copytree(made.downloaded, made.member)
    phone = Device(playwright_driver, made.member, site, phone=True)
    page = phone.sign_in(site.links["member"])
    expect(page.get_by_role("progressbar", name=EVERY_ROW)).to_be_attached(timeout=START_MS)
    expect(page.get_by_text("Đã gửi hết phiếu")).to_be_attached(timeout=START_MS)
    wait_until_kept(page)
    phone.close()
    site.stop()
    return made


def wait_until_kept(page: Page) -> None:
    """Until a snapshot is there, so that the next start is one from it, as most of a person's are."""
    for _ in range(START_MS // 500):  # the page's policy allows no waiting inside it
        if page.evaluate(SNAPSHOT_KEPT):
            return
        page.wait_for_timeout(500)


@pytest.fixture
def site(tmp_path: Path, begun: Begun) -> Iterator[Site]:
    running = Site(Path(shutil.copytree(begun.data, tmp_path / "server")), begun.port)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stand_in(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="package")
def used(playwright_driver: Playwright, tmp_path_factory: pytest.TempPathFactory, web: Path) -> Phone:
    """A phone that has the stand-in app and is closed: its next start is one from a snapshot. `downloaded`, beside its
    profile, has none yet."""
    made = Phone(playwright_driver, tmp_path_factory.mktemp("used"), free_port())
    made.serve(web)
    made.open().evaluate("navigator.serviceWorker.ready.then(() => true)")
    made.close()
    shutil.copytree(made.profile, made.profile.with_name("downloaded"))
    wait_until_kept(made.open())
    made.end()
    return made


def copy_of(used: Phone, profile: Path, folder: Path) -> Phone:
    shutil.copytree(profile, folder / "profile")
    return Phone(used.playwright, folder, used.port)


@pytest.fixture
def phone(used: Phone, tmp_path: Path) -> Iterator[Phone]:
    """A phone that was used before."""
    made = copy_of(used, used.profile, tmp_path)
    yield made
    made.end()


@pytest.fixture
def phone_without_snapshot(used: Phone, tmp_path: Path) -> Iterator[Phone]:
    """A phone that has downloaded the stand-in app and starts plainly."""
    made = copy_of(used, used.profile.with_name("downloaded"), tmp_path)
    yield made
    made.end()


@pytest.fixture
def new_phone(playwright_driver: Playwright, tmp_path: Path) -> Iterator[Phone]:
    """A phone that has not seen the stand-in app yet."""
    made = Phone(playwright_driver, tmp_path, free_port())
    yield made
    made.end()


class Device:
    """A browser with a profile that outlives it. `foreign` are the requests that went to anybody but our server."""

    def __init__(self, driver: Playwright, profile: Path, site: Site, *, phone: bool) -> None:
        self._driver, self._profile, self._site, self._phone = driver, profile, site, phone
        self.foreign: list[str] = []
        self.context: BrowserContext | None = None

    more: tuple[str, ...] = ()
    """Further arguments of the browser's command line, for the next start."""

    def open_app(self, path: str = "") -> Page:
        """Start the browser with the app, `path` in it."""
        return self.open(f"http://127.0.0.1:{self._site.port}/app/{path}")

    def open(self, url: str) -> Page:
        """Start the browser and the app in it; ready when Flutter has drawn."""
        page = self.look(url)
        turn_on_names(page)
        return page

    def sign_in(self, link: str) -> Page:
        """Open a sign-in link and answer its greeting."""
        page = self.open(link)
        page.get_by_role("button", name="Đúng là tôi").click(timeout=START_MS)
        return page

    def look(self, url: str) -> Page:
        """Start the browser with a page that need not be the app."""
        looks = {"user_agent": ANDROID, "is_mobile": True, "has_touch": True} if self._phone else {}
        self.context = self._driver.chromium.launch_persistent_context(
            str(self._profile),
            executable_path=find_chromium(),
            args=[*ARGUMENTS, *self.more],
            viewport=PHONE if self._phone else OFFICE,  # type: ignore[arg-type]
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **looks,  # type: ignore[arg-type]
        )
        self.context.on("request", self._watch)
        self.context.on("requestfailed", self._forget_blocked)
        page = self.context.pages[0]
        page.goto(url)
        return page

    def _watch(self, request: Request) -> None:
        address = request.url
        if address.startswith("http") and not address.startswith(f"http://127.0.0.1:{self._site.port}/"):
            self.foreign.append(address)

    def _forget_blocked(self, request: Request) -> None:
        """What the page's own policy stopped never left the browser."""
        if request.failure == "csp" and request.url in self.foreign:
            self.foreign.remove(request.url)

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None


def turn_on_names(page: Page) -> None:
    """Flutter draws on a canvas; its names for screen readers, which these tests use, are switched on by a tap."""
    switch = page.locator("flt-semantics-placeholder")
    switch.wait_for(state="attached", timeout=START_MS)
    page.wait_for_timeout(300)
    switch.evaluate(
        """e => { const r = e.getBoundingClientRect(); e.dispatchEvent(new MouseEvent('click',
            {bubbles: true, clientX: r.left + r.width / 2, clientY: r.top + r.height / 2})) }"""
    )


def bring_up_to_date(page: Page) -> None:
    """Have the phone ask the server now, and give it time to keep the answer: its list is there long before that."""
    page.get_by_role("button", name="Cập nhật").click()
    page.wait_for_timeout(8000)


def type_into(page: Page, label: str, text: str) -> None:
    """Tap a field of the app, wait until it has the focus as a person would, and type."""
    expect(page.locator("#early")).to_have_count(0)  # the list before the app has a search of the same name
    box = page.get_by_label(label)
    box.click()
    page.wait_for_timeout(400)
    box.press_sequentially(text, delay=60)


@pytest.fixture
def devices(
    request: pytest.FixtureRequest, playwright_driver: Playwright, tmp_path: Path, site: Site, begun: Begun
) -> Iterator["Devices"]:
    made = Devices(playwright_driver, tmp_path, site, begun)
    yield made
    for number, device in enumerate(made.made):
        if request.node.stash.get(FAILED, False) and device.context is not None:
            PICTURES.mkdir(exist_ok=True)
            device.context.pages[0].screenshot(path=PICTURES / f"{request.node.name}-{number}.png")
        device.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, "pytest.TestReport", None]:
    """Remember a failure, so that the devices take a picture of what they showed."""
    outcome = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or outcome.get_result().failed  # type: ignore[attr-defined]


class Devices:
    """Hands out phones and office computers, each with a profile of its own."""

    def __init__(self, driver: Playwright, folder: Path, site: Site, begun: Begun) -> None:
        self._driver, self._folder, self._site, self._begun = driver, folder, site, begun
        self.made: list[Device] = []

    def _device(self, *, phone: bool, begins_as: Path | None = None) -> Device:
        profile = self._folder / f"profile{len(self.made)}"
        if begins_as is not None:
            shutil.copytree(begins_as, profile)
        device = Device(self._driver, profile, self._site, phone=phone)
        self.made.append(device)
        return device

    def new_phone(self) -> Device:
        """A phone that was never here."""
        return self._device(phone=True)

    def phone(self) -> Device:
        """A phone that has downloaded the app; nobody has signed in on it."""
        return self._device(phone=True, begins_as=self._begun.downloaded)

    def members_phone(self) -> Device:
        """The phone of a member who has signed in and has the village's households. One a test: it is a copy."""
        return self._device(phone=True, begins_as=self._begun.member)

    def office(self) -> Device:
        return self._device(phone=False)
