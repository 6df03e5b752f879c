"""Several real servers on one database: started at once where nothing is, sharing a port, dying and ending."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from tests.processes.served import Served
from tests.processes.several import Started, process_of
from tests.sync_server import databases

pytestmark = pytest.mark.slow


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    with databases.one_more(tmp_path) as made:
        yield made


def test_four_servers_that_start_at_once_open_an_empty_database_once(tmp_path: Path, address: str) -> None:
    servers = [Served(data=tmp_path, database_url=address) for _ in range(4)]

    async def start_all() -> None:
        await asyncio.gather(*(server.start() for server in servers))

    try:
        asyncio.run(start_all())
        said = [httpx.get(f"{server.address}/healthz").json()["database"] for server in servers]
    finally:
        for server in servers:
            server.kill()
    database = Database(address)
    with database.read() as session:
        versions = session.execute(text("SELECT count(*) FROM alembic_version")).scalar()
    database.close()
    assert (said, versions) == (["ok"] * 4, 1)


def test_processes_share_a_port_and_one_that_dies_is_started_again(tmp_path: Path, address: str) -> None:
    with Started(tmp_path, address, workers=2) as server:
        first = server.wait_until_it_answers()
        assert len(set(first)) == 2
        os.kill(first[0], signal.SIGKILL)
        assert httpx.get(f"{server.address}/healthz").status_code == 200, "the other one answers meanwhile"
        assert process_of(server.next_line()) not in first
        assert server.end(signal.SIGTERM) == (0, ""), "all are gone, and it was said once that they answer"


def test_processes_do_not_outlive_the_one_that_started_them(tmp_path: Path, address: str) -> None:
    with Started(tmp_path, address, workers=2) as server:
        server.wait_until_it_answers()
        assert server.end(signal.SIGKILL) == (-signal.SIGKILL, "")
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.address}/healthz")


def test_sqlite_has_one_process_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tungnha import cli

    monkeypatch.setenv("TUNGNHA_DATA", str(tmp_path))
    done = CliRunner().invoke(cli, ["serve", "--workers", "2"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "một tiến trình" in done.stderr
    assert "TUNGNHA_DATABASE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "server.db").exists()


def test_all_processes_of_a_machine_fit_what_postgresql_allows() -> None:
    for workers in (1, 2, 4, 8, 16, 64):
        settings = ServerSettings(workers=workers)
        assert 1 <= settings.connections_each <= 20
        assert workers * settings.connections_each <= 90
    assert ServerSettings(workers=4, connections=7).connections_each == 7
