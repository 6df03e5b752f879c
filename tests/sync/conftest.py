"""A commune's server with two villages, on a real SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.sync.rig import Clock, Rig


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    clock = Clock()
    server = create_app(ServerSettings(data=tmp_path / "server"), clock)
    made = Rig(server, tmp_path, clock)
    made.open_commune("Đinh Xá", "Nghinh Tiên")
    yield made
    for phone in made.phones:
        phone.database.close()
    server.state.database.close()
