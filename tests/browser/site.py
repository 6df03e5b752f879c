"""The site as a person starts it: a process of its own, which can be stopped and started again."""

import os
import queue
import re
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 120


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
    process: subprocess.Popen[str] | None = None
    reader: threading.Thread | None = None

    def start(self) -> None:
        """Start the server and wait until it has printed its links."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tungnha", "demo"],
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines: queue.Queue[str | None] = queue.Queue()
        self.reader = threading.Thread(target=self._read, args=(self.process, lines), daemon=True)
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
    def _read(process: subprocess.Popen[str], lines: "queue.Queue[str | None]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                lines.put(line)
        lines.put(None)

    def stop(self) -> None:
        """End the process, as a power cut would; nothing is asked."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.reader is not None
            self.reader.join()
            self.process = None
