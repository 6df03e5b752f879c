"""WebKit in a window (webkit_window.py), as two ages of Safari. Taps and keys come from the X server, as always."""

import json
import os
import signal
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.engines import HEIGHT, WIDTH, Browser

WINDOW = Path(__file__).parent / "webkit_window.py"
PYTHON = "/usr/bin/python3"  # Debian's, which has `gi`
PATIENCE = 130


class WebKit(Browser):
    """As Safari 26: everything that a page may do with files."""

    left_out: tuple[str, ...] = ()
    # Without the slowest of its compilers, which takes the processor from the page just while it starts. What is tried
    # here is the same with it; bench/start.py measures with it.
    environment = {"JSC_useOMGJIT": "0"}
    port = 0
    window = ""

    def _command(self) -> list[str]:
        (self.profile / "port").unlink(missing_ok=True)
        return [PYTHON, str(WINDOW), str(self.profile), *self.left_out]

    def _connect(self) -> None:
        self.port = int((self.profile / "port").read_text())
        self.window = ""

    def _post(self, what: str, given: str) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{what}", given.encode())
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            answer = json.load(reply)
        if "problem" in answer:
            raise RuntimeError(answer["problem"])
        return answer["value"]

    def goto(self, url: str) -> None:
        self._post("goto", url)

    def js(self, body: str) -> Any:
        return self._post("js", body)

    def picture(self, path: Path) -> None:
        self._post("picture", str(path))

    def _xdotool(self, *words: object) -> str:
        command = ["xdotool", *map(str, words)]
        environment = os.environ | {"DISPLAY": self._display}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def _focus(self) -> None:
        """Without a window manager nobody gives the window the keys."""
        assert self.process is not None
        if not self.window:
            self.window = self._xdotool("search", "--sync", "--onlyvisible", "--pid", self.process.pid).split()[-1]
            self._xdotool("windowfocus", "--sync", self.window)

    def _press(self, x: int, y: int) -> None:
        self._focus()
        self._xdotool("mousemove", x, y, "sleep", 0.1, "mousedown", 1, "sleep", 0.06, "mouseup", 1)

    def _scroll(self, down: bool) -> None:
        button = 5 if down else 4
        self._xdotool("mousemove", WIDTH // 2, HEIGHT // 2, "click", "--repeat", 4, "--delay", 20, button)

    def type(self, text: str) -> None:
        self._focus()
        self._xdotool("type", "--delay", 60, text)

    def _end(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGTERM)


class OlderWebKit(WebKit):
    """As Safari before 26: a page reads its folder and cannot replace a file there."""

    left_out = ("FileSystemWritableStream",)
