"""A phone for test_offline_shell.py: one browser profile, one server that may go away, the stand-in app."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.installed import find_chromium
from web.build import build

STAND_IN = Path(__file__).parent / "stand_in"
PROJECT = Path(__file__).parent.parent.parent
MARKS = "performance.getEntriesByType('mark').map(mark => mark.name)"
SNAPSHOTS = """(async () => { const names = [], root = await navigator.storage.getDirectory();
    for await (const name of (await root.getDirectoryHandle('snapshots', { create: true })).keys()) names.push(name);
    return names; })()"""
SERVER = Path(__file__).parent / "offline_server.py"


def stand_in(folder: Path, change: Callable[[Path], None] = lambda _folder: None) -> Path:
    """Build the stand-in app, changed as asked."""
    source = folder / "source"
    shutil.copytree(STAND_IN, source)
    shutil.copytree(PROJECT / "app" / "device", source / "app" / "device")
    change(source)
    build(source, folder / "web")
    return folder / "web"


class Phone:
    """One browser profile and one server, which may go away and come back."""

    def __init__(self, driver: Playwright, folder: Path, port: int) -> None:
        self.profile = folder / "profile"
        self.address = f"http://127.0.0.1:{port}/app/"
        self.port = port
        self.server: subprocess.Popen[bytes] | None = None
        self.context: BrowserContext | None = None
        self.playwright = driver
        self.asked: list[str] = []

    def serve(self, web: Path, *, dies_after: int = 0, cuts: int = 0) -> None:
        self.stop_server()
        command = [sys.executable, str(SERVER), str(self.port), str(web), str(dies_after), str(cuts)]
        self.server = subprocess.Popen(command, cwd=PROJECT)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the server did not start")

    def stop_server(self) -> None:
        if self.server:
            self.server.kill()
            self.server.wait()
        self.server = None

    def open(
        self,
        fragment: str = "",
        *,
        wait: bool = True,
        before: Callable[[BrowserContext], None] = lambda _context: None,
    ) -> Page:
        """A fresh browser process with the same profile."""
        self.close()
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
            viewport={"width": 390, "height": 844},
            locale="vi-VN",
        )
        self.context.on("request", lambda request: self.asked.append(request.url))
        page = self.context.pages[0]
        before(self.context)
        self.visit(page, fragment, wait=wait)
        return page

    def visit(self, page: Page, fragment: str = "", *, wait: bool = True) -> None:
        page.goto(self.address + fragment)
        if wait:
            page.wait_for_selector("#splash", state="detached", timeout=60_000)

    def close(self) -> None:
        if self.context:
            self.context.close()
        self.context = None

    def kill(self) -> None:
        """As the system kills an app: at once, all of its processes."""
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if str(self.profile).encode() in command:
                os.kill(int(folder.name), signal.SIGKILL)
        time.sleep(0.5)
        self.context = None
        (self.profile / "SingletonLock").unlink(missing_ok=True)

    def end(self) -> None:
        self.close()
        self.stop_server()


def tried(page: Page, name: str, *arguments: object) -> str:
    """Call one of the stand-in's functions in Python's worker."""
    worker = next(worker for worker in page.workers if "worker.js" in worker.url)
    return str(worker.evaluate(f"args => tried_{name}(...args)", list(arguments)))


def limit_room(context: BrowserContext, phone: Phone, size: int) -> None:
    browser = context.new_cdp_session(context.pages[0])
    origin = phone.address.removesuffix("/app/")
    browser.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": size})


def is_being_made(page: Page) -> bool:
    return len(page.workers) > 1


def wait_for_snapshot(page: Page) -> None:
    page.wait_for_timeout(5000)
    for _ in range(450):
        if len(page.evaluate(SNAPSHOTS)) == 1 and not is_being_made(page):
            return
        page.wait_for_timeout(200)
    raise AssertionError("no snapshot was made")
