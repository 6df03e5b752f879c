"""Servers as real processes: alone on a port, or several that share one.

`python -m tests.processes.several` serves by the settings of its environment and says line by line what happens:
`process <id>` for each one that opens the database, `answers` once.
"""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from socket import socket
from types import TracebackType
from typing import Any, Self

from starlette.types import ASGIApp

from sync_server.http.serving import serve, serve_together
from sync_server.main import create_app
from sync_server.settings import ServerSettings

ANSWERS = "answers"


class Started:
    """A server that was started on a port that was free. It does not answer yet: `wait_until` it does."""

    def __init__(self, folder: Path, address: str, workers: int = 1) -> None:
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        given: dict[str, Any] = {"data": folder, "database_url": address, "port": port, "workers": workers}
        environment = os.environ | {f"TUNGNHA_{name.upper()}": str(value) for name, value in given.items()}
        command = [sys.executable, "-m", "tests.processes.several"]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._said = self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()
        self._said.close()

    def next_line(self) -> str:
        """What it says next; empty once all of its processes are gone."""
        return self._said.readline().strip()

    def wait_until_it_answers(self) -> list[int]:
        """The ids of the processes that opened the database meanwhile."""
        found = []
        while (line := self.next_line()) != ANSWERS:
            assert line, "it ended before it answered"
            found.append(process_of(line))
        return found

    def end(self, by: signal.Signals) -> tuple[int, str]:
        """Send the first process this signal; its exit code, and what is said until all of them are gone."""
        self._process.send_signal(by)
        rest = self._said.read()
        return self._process.wait(), rest


def process_of(line: str) -> int:
    """The id that a line tells."""
    return int(line.removeprefix("process "))


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # one write: several processes share the output


def _open_server(settings: ServerSettings) -> ASGIApp:
    _say(f"process {os.getpid()}")
    return create_app(settings)


if __name__ == "__main__":
    chosen = ServerSettings()
    run = serve_together if chosen.workers > 1 else serve
    run(partial(_open_server, chosen), chosen, partial(_say, ANSWERS))
