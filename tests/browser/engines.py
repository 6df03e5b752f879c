"""One face over the engines that Playwright does not drive here: Firefox ESR, and WebKit as two ages of Safari.

A `Browser` has a profile that outlives it. A test finds things by the names that a screen reader says.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

PATIENCE = 180.0
PATIENCE_FOR_END = 30.0
WIDTH, HEIGHT = 390, 844
TOP, BOTTOM = 70, HEIGHT - 24  # below the app's bar, above the edge
ENVIRONMENT = {"LANG": "C.UTF-8", "LANGUAGE": "vi", "TZ": "Asia/Ho_Chi_Minh"}

SWITCH_ON_NAMES = """const e = document.querySelector('flt-semantics-placeholder');
if (!e) return Boolean(document.querySelector('flt-semantics'));
const r = e.getBoundingClientRect();
e.dispatchEvent(new MouseEvent('click', {bubbles: true, clientX: r.left + r.width / 2, clientY: r.top + r.height / 2}));
return false;"""
THINGS = """return [...document.querySelectorAll('flt-semantics, input, textarea')].map((e) => {
  const own = [...e.childNodes].filter((n) => n.nodeType === 3 || n.tagName === 'SPAN').map((n) => n.textContent);
  const r = e.getBoundingClientRect();
  return [e.getAttribute('role') ?? e.tagName.toLowerCase(), e.getAttribute('aria-label') ?? own.join(' ').trim(),
    Math.round(r.left + r.width / 2), Math.round(r.top + r.height / 2), e.getAttribute('aria-current') === 'true'];
}).filter((thing) => thing[1]);"""
HAS_SCREEN = "return performance.getEntriesByName('tungnha:screen').length > 0"
GONE = (OSError, RuntimeError)  # a page that is being left answers nothing


class Thing(NamedTuple):
    role: str
    name: str
    x: int
    y: int
    chosen: bool


def wait_for(look: Callable[[], Any], what: Callable[[], str] | str, seconds: float = PATIENCE) -> Any:
    """What `look` gives as soon as it is something. If it never is, `what` says what was waited for."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, what if isinstance(what, str) else what()
        time.sleep(0.1)
    return found


class Browser(ABC):
    """One browser with one page. After `close` or `kill` it can be opened again with what it kept."""

    environment: dict[str, str] = {}
    """More for the environment of its processes."""

    def __init__(self, profile: Path, display: str) -> None:
        self.profile, self._display = profile, display
        self.log = profile.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.launched = 0.0

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _connect(self) -> None:
        """Find the way into the process that was just started, or raise one of `GONE` if it is not ready."""

    @abstractmethod
    def goto(self, url: str) -> None:
        """Go there; the page need not be there yet."""

    @abstractmethod
    def js(self, body: str) -> Any:
        """Call an async function with this body in the page."""

    @abstractmethod
    def picture(self, path: Path) -> None: ...

    @abstractmethod
    def _press(self, x: int, y: int) -> None: ...

    @abstractmethod
    def _scroll(self, down: bool) -> None: ...

    @abstractmethod
    def type(self, text: str) -> None:
        """Type as a person does into what has the focus."""

    @abstractmethod
    def _end(self) -> None:
        """Ask the browser to close."""

    def open(self, url: str) -> None:
        """Start the browser's process and go there."""
        assert self.process is None
        self.profile.mkdir(parents=True, exist_ok=True)
        self.launched = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command(),
                env=os.environ | ENVIRONMENT | self.environment | {"DISPLAY": self._display},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self._is_connected, f"{self.process.args} did not start, see {self.log}")
        self.goto(url)

    def _is_connected(self) -> bool:
        try:
            self._connect()
        except GONE:
            return False
        return True

    def open_app(self, url: str) -> None:
        """Open the app; ready when its first screen can be used."""
        self.open(url)
        self.wait_for_app()

    def reload(self) -> None:
        """As by the browser's button; ready when the next page has begun."""
        self._leave("location.reload()")

    def leave_and_come_back(self) -> None:
        """Go to an empty page, and back as by the browser's button; ready when the app's page has begun."""
        self.goto("about:blank")
        wait_for(lambda: self.ask("return location.href === 'about:blank'"), "about:blank did not come")
        self._leave("history.back()")

    def _leave(self, how: str) -> None:
        self.js(f"globalThis.isLeft = true; setTimeout(() => {how})")
        wait_for(lambda: self.ask("return !globalThis.isLeft && location.protocol === 'http:'"), f"{how} did nothing")

    def wait_for_app(self) -> None:
        wait_for(lambda: self.ask(HAS_SCREEN), self._nothing_usable)
        wait_for(lambda: self.ask(SWITCH_ON_NAMES), "no names for screen readers")

    def _nothing_usable(self) -> str:
        return f"no usable screen after {PATIENCE:.0f} s; the page says: {self.ask('return document.body.innerText')}"

    def ask(self, body: str) -> Any:
        """What the page answers, or None while it is being left."""
        try:
            return self.js(body)
        except GONE:
            return None

    def things(self) -> list[Thing]:
        """Everything on the screen that has a name, in reading order."""
        return [Thing(*each) for each in self.ask(THINGS) or []]

    def find(self, name: str, *, exact: bool = False, after: str = "", seconds: float = PATIENCE) -> Thing:
        """The first thing with this pattern in its name, or exactly this name; after the first with `after` in its."""

        def look() -> Thing | None:
            things = iter(self.things())
            if after and not any(after in thing.name for thing in things):
                return None
            return next((one for one in things if (one.name == name if exact else re.search(name, one.name))), None)

        return wait_for(look, lambda: f"no {name!r} among {[thing.name for thing in self.things()]}", seconds)

    def tap(self, name: str, *, exact: bool = False, after: str = "") -> None:
        """Tap what has this name, once it stands still, scrolled to if it lies outside."""
        thing = self.find(name, exact=exact, after=after)
        for _ in range(60):
            before = thing
            time.sleep(0.15)
            thing = self.find(name, exact=exact, after=after)
            if thing != before:
                continue
            if TOP < thing.y < BOTTOM:
                self._press(thing.x, thing.y)
                return
            self._scroll(down=thing.y >= BOTTOM)
        raise AssertionError(f"{name!r} never stood still on the screen")

    def choose(self, question: str, answer: str) -> None:
        """Tap an answer until it is marked, or its question has gone with the card that is complete."""
        for _ in range(5):
            self.tap(answer, exact=True, after=question)
            for _ in range(30):
                things = self.things()
                asked = [number for number, thing in enumerate(things) if question in thing.name]
                answers = (thing for thing in things[asked[0] :] if thing.name == answer) if asked else iter(())
                if not asked or next(answers, things[asked[0]]).chosen:
                    return
                time.sleep(0.1)
        raise AssertionError(f"{answer!r} to {question!r} was not taken")

    def type_into(self, name: str, text: str) -> None:
        """Tap a field, wait until it has the focus, and type."""
        self.tap(name)
        focused = "return ['INPUT', 'TEXTAREA'].includes(document.activeElement?.tagName)"
        wait_for(lambda: self.ask(focused), f"{name!r} did not get the focus")
        time.sleep(0.3)  # Flutter opens its connection to the field a moment after the focus
        self.type(text)

    def close(self) -> None:
        """End as when a person closes it."""
        if self.process is None:
            return
        self._end()
        try:
            self.process.wait(PATIENCE_FOR_END)
            self._forget()
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to all of its processes at once."""
        if self.process is None:
            return
        for one in family(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()
        self._forget()

    def _forget(self) -> None:
        """Ready when none of its processes holds a file any more."""
        assert self.process is not None
        leader = self.process.pid
        self.process = None
        wait_for(lambda: not family(leader), f"processes live on: {family(leader)}", PATIENCE_FOR_END)


def family(leader: int) -> list[int]:
    """The living processes of this one's session, and their descendants in other sessions."""
    found: dict[int, tuple[int, int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent, _group, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if state != "Z":
                found[int(folder.name)] = int(parent), int(session)
    members = {one for one, (_parent, session) in found.items() if one == leader or session == leader}
    while more := {one for one, (parent, _session) in found.items() if parent in members} - members:
        members |= more
    return sorted(members)


@contextmanager
def screen() -> Iterator[str]:
    """A screen of its own that nobody sees; its name as DISPLAY. Empty where there is no Xvfb: Firefox needs none."""
    if not shutil.which("Xvfb"):
        yield ""
        return
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
