"""Firefox, driven by WebDriver BiDi over a web socket: no driver program is needed."""

import base64
import json
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.browser.engines import HEIGHT, WIDTH, Browser

PATIENCE = 130
HOLD = 60  # how long a finger stays, in milliseconds
NOWHERE = "http://127.0.0.1:1/"
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "vi-VN,vi",
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
    "services.settings.server": NOWHERE,
    "toolkit.startup.max_resumed_crashes": -1,
    "toolkit.telemetry.enabled": False,
}


class Firefox(Browser):
    """Without a window: Firefox draws the same without one."""

    ending: ExitStack
    socket: ClientConnection | None = None
    number = 0
    context = ""

    def _command(self) -> list[str]:
        self.ending = ExitStack()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (self.profile / "user.js").write_text("".join(lines))
        for left in ("lock", ".parentlock", "WebDriverBiDiServer.json"):  # by one that was killed
            (self.profile / left).unlink(missing_ok=True)
        sizes = [f"--width={WIDTH}", f"--height={HEIGHT}"]
        profile = ["--no-remote", "--profile", str(self.profile)]
        return ["firefox-esr", "--headless", *profile, "--remote-debugging-port=0", *sizes]

    def _connect(self) -> None:
        """Its port is written into the profile when it listens."""
        told = json.loads((self.profile / "WebDriverBiDiServer.json").read_text() or "{}")
        if not told:
            raise FileNotFoundError
        self.socket = self.ending.enter_context(connect(f"ws://127.0.0.1:{told['ws_port']}/session", max_size=None))
        self._call("session.new", capabilities={})
        self.context = self._call("browsingContext.getTree")["contexts"][0]["context"]
        size = {"width": WIDTH, "height": HEIGHT}
        self._call("browsingContext.setViewport", context=self.context, viewport=size)

    def _call(self, method: str, **parameters: Any) -> Any:
        assert self.socket is not None
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv(timeout=PATIENCE))
            if answer.get("id") != self.number:
                continue
            if answer["type"] == "error":
                raise RuntimeError(f"{answer['error']}: {answer['message']}")
            return answer["result"]

    def goto(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self.context, url=url, wait="none")

    def js(self, body: str) -> Any:
        expression = f"(async () => {{{body}}})().then((value) => JSON.stringify(value ?? null))"
        target = {"context": self.context}
        answer = self._call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def picture(self, path: Path) -> None:
        path.write_bytes(
            base64.b64decode(self._call("browsingContext.captureScreenshot", context=self.context)["data"])
        )

    def _act(self, **source: Any) -> None:
        self._call("input.performActions", context=self.context, actions=[source])

    def _press(self, x: int, y: int) -> None:
        hold = {"type": "pause", "duration": HOLD}
        there = {"type": "pointerMove", "x": x, "y": y}
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self._act(type="pointer", id="finger", actions=[there, hold, down, hold, up])

    def _scroll(self, down: bool) -> None:
        turn = {"type": "scroll", "x": WIDTH // 2, "y": HEIGHT // 2, "deltaX": 0, "deltaY": 250 if down else -250}
        self._act(type="wheel", id="wheel", actions=[turn])

    def type(self, text: str) -> None:
        keys: list[dict[str, Any]] = []
        for letter in text:
            keys += [{"type": "keyDown", "value": letter}, {"type": "keyUp", "value": letter}]
            keys.append({"type": "pause", "duration": HOLD})
        self._act(type="key", id="keys", actions=keys)

    def _end(self) -> None:
        with suppress(OSError, RuntimeError, WebSocketException):  # it may be gone before it has answered
            self._call("browser.close")

    def _forget(self) -> None:
        self.ending.close()
        self.socket = None
        super()._forget()
