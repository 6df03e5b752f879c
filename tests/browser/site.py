"""The site as a person starts it: a process of its own, which can be stopped and started again.

Each is forked from one process that has imported everything: three of the four seconds of a start are imports.
"""

import multiprocessing
import os
import queue
import re
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 120
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tungnha", "uvicorn.protocols.http.auto", "sync_server.demo.replay", "qrcode.main"])


def _be_the_server(environment: dict[str, str], output: Connection) -> None:
    """`tungnha demo`, in a process of its own."""
    os.environ.update(environment)
    for stream in (1, 2):
        os.dup2(output.fileno(), stream)
    sys.argv = ["tungnha", "demo"]
    import tungnha

    tungnha.main()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """`tungnha demo` on a data folder of its own; `links` are the one-time sign-in links of the last start."""

    data: Path
    port: int = field(default_factory=free_port)
    links: dict[str, str] = field(default_factory=dict)
    process: ForkServerProcess | None = None
    reader: threading.Thread | None = None

    def start(self) -> None:
        """Start the server and wait until it has printed its links."""
        output, into = _FORKS.Pipe(duplex=False)
        self.process = _FORKS.Process(target=_be_the_server, args=(self._environment(), into))
        self.process.start()
        into.close()
        lines: queue.Queue[str | None] = queue.Queue()
        self.reader = threading.Thread(target=self._read, args=(output, lines), daemon=True)
        self.reader.start()
        said = []
        self.links = {}
        while len(self.links) < 3:
            line = lines.get(timeout=START_SECONDS)
            assert line is not None, "the server ended:\n" + "".join(said)
            said.append(line)
            if match := re.match(r"(member|lead|official): (\S+)", line):
                self.links[match[1]] = match[2]

    def run(self, *words: str) -> str:
        """What a command prints on this data, while the server runs."""
        command = [sys.executable, "-m", "tungnha", *words]
        done = subprocess.run(command, cwd=ROOT, env=self._environment(), check=True, capture_output=True, text=True)
        return done.stdout

    def _environment(self) -> dict[str, str]:
        return os.environ | {"TUNGNHA_DATA": str(self.data), "TUNGNHA_PORT": str(self.port)}

    @staticmethod
    def _read(output: Connection, lines: "queue.Queue[str | None]") -> None:
        with output, os.fdopen(output.fileno(), closefd=False) as text:
            for line in text:
                lines.put(line)
        lines.put(None)

    def stop(self) -> None:
        """End the process, as a power cut would; nothing is asked."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            assert self.reader is not None
            self.reader.join()
            self.process = None
