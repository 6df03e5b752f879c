"""A browser that gets little of the processor: stopped and let go by turns, as on a cheap phone."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STOPPED_SECONDS, RUNNING_SECONDS = 0.03, 0.01
TURNS_PER_LOOK = 12
"""A page that is opened meanwhile may get a process of its own; so half a second later it is slowed too."""


@contextmanager
def slowed(mark: str) -> Iterator[None]:
    """Let the browser whose command line holds `mark` (its profile's folder), and its children, run a quarter of the
    time."""
    ends = threading.Event()
    assert _family(mark), "no such browser is running"
    pacer = threading.Thread(target=_pace, args=(mark, ends), daemon=True)
    pacer.start()
    try:
        yield
    finally:
        ends.set()
        pacer.join()


def _pace(mark: str, ends: threading.Event) -> None:
    turn, family = 0, _family(mark)
    while not ends.wait(RUNNING_SECONDS):
        turn += 1
        if turn % TURNS_PER_LOOK == 0:
            family = _family(mark)
        _tell(family, signal.SIGSTOP)
        ends.wait(STOPPED_SECONDS)
        _tell(family, signal.SIGCONT)


def _tell(family: list[int], what: signal.Signals) -> None:
    for process in family:
        with suppress(ProcessLookupError):
            os.kill(process, what)


def _family(mark: str) -> list[int]:
    parents: dict[int, int] = {}
    found: set[int] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if mark in (folder / "cmdline").read_bytes().decode(errors="replace"):
                found.add(int(folder.name))
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)
