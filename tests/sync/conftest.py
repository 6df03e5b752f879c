"""A commune's server with two villages, on a real SQLite file or on PostgreSQL (see `tests/sync_server/databases`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.sync.rig import Clock, Rig
from tests.sync_server import databases


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def rig(tmp_path: Path, empty_database: str) -> Iterator[Rig]:
    clock = Clock()
    (tmp_path / "server").mkdir()
    with databases.one_more(tmp_path / "server", copy_of=empty_database) as address:
        server = create_app(ServerSettings(data=tmp_path / "server", database_url=address), clock)
        made = Rig(server, tmp_path, clock)
        made.open_commune("Đinh Xá", "Nghinh Tiên")
        yield made
        for phone in made.phones:
            phone.database.close()
        server.state.database.close()
