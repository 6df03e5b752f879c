"""Finds browsers and an office suite for the tests, and gets what is not there: `python -m tests.browser.installed`."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium-headless-shell",  # the same engine without windows: the app is there in three quarters of the time
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# Without these a headless Chromium as root does not start, or asks its maker's hosts for updates.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The path of a Chromium: what `CHROMIUM` names, the system's, or the one that Playwright downloaded."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if found := shutil.which(name):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


# Debian's names of what the other engines need, and a program or a look that tells whether it is there.
FIREFOX = {"firefox-esr": ["firefox-esr", "--version"]}
WEBKIT = {
    "python3-gi": ["/usr/bin/python3", "-c", "import gi"],
    "gir1.2-gtk-3.0": ["/usr/bin/python3", "-c", "import gi; gi.require_version('Gtk', '3.0')"],
    "gir1.2-webkit2-4.1": ["/usr/bin/python3", "-c", "import gi; gi.require_version('WebKit2', '4.1')"],
    "xvfb": ["which", "Xvfb"],
    "xdotool": ["which", "xdotool"],
}
# What opens the reports' files as an office does, and draws their pages.
OFFICE_SUITE = {
    "libreoffice-calc-nogui": ["dpkg", "-s", "libreoffice-calc-nogui"],
    "libreoffice-writer-nogui": ["dpkg", "-s", "libreoffice-writer-nogui"],
    "fonts-liberation2": ["dpkg", "-s", "fonts-liberation2"],
}
WEBKIT_VERSION = """import gi; gi.require_version('WebKit2', '4.1'); from gi.repository import WebKit2
print(f'WebKitGTK {WebKit2.MAJOR_VERSION}.{WebKit2.MINOR_VERSION}.{WebKit2.MICRO_VERSION}')"""


def missing(packages: dict[str, list[str]]) -> list[str]:
    """Which of these packages of Debian are not here."""
    return [package for package, look in packages.items() if said(look) is None]


@functools.cache
def _version(look: tuple[str, ...]) -> str | None:
    try:
        return subprocess.run(look, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def said(look: list[str]) -> str | None:
    """What a command says; None where it is not there or fails."""
    return _version(tuple(look))


def version_of(packages: dict[str, list[str]]) -> str:
    """The engine's name and version, as it says itself."""
    if packages is FIREFOX:
        return said(FIREFOX["firefox-esr"]) or "?"
    return said(["/usr/bin/python3", "-c", WEBKIT_VERSION]) or "?"


def install(*packages: str) -> None:
    """Ask Debian's packages for these, quietly; where that cannot be, nothing happens."""
    if not packages or not shutil.which("apt-get"):
        return
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        subprocess.run(["apt-get", *words], env=quiet, check=False, capture_output=True)
    _version.cache_clear()


def get_chromium() -> None:
    if find_chromium():
        return
    print("Cài Chromium để thử trong trình duyệt…", flush=True)
    install("chromium-headless-shell")
    if not find_chromium():
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=True)


def get_others() -> None:
    """Firefox, WebKit, LibreOffice. The tests of what cannot be installed are skipped, and say why."""
    for packages in (FIREFOX, WEBKIT, OFFICE_SUITE):
        if absent := missing(packages):
            print(f"Cài {', '.join(absent)} để thử…", flush=True)
            install("--no-install-recommends", *absent)
        if absent := missing(packages):
            print(f"Không cài được {', '.join(absent)}: bỏ qua các bài thử cần đến.", flush=True)


def main() -> None:
    get_chromium()
    get_others()


if __name__ == "__main__":
    main()
