"""A commune's server with two villages, on a real SQLite file or on PostgreSQL (see `tests/sync_server/databases`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.database import Database
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.clock import Clock
from tests.kept_sums import assert_kept_sums
from tests.sync.rig import Rig
from tests.sync_server import databases


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory, empty_database: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a database with the commune and its villages, to copy, and the villages' ids."""
    folder = tmp_path_factory.mktemp("opened")
    with databases.one_more(folder, copy_of=empty_database) as address:
        clock = Clock()
        made = Rig(create_app(ServerSettings(data=folder, database_url=address), clock), folder, clock)
        made.open_commune("Đinh Xá", "Nghinh Tiên")
        made.server.state.database.close()
        yield address, made.villages


@pytest.fixture(scope="session")
def empty_phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a device before it signed in, to copy."""
    path = tmp_path_factory.mktemp("phone") / "empty.db"
    Database(path).close()
    return path


@pytest.fixture
def rig(tmp_path: Path, opened: tuple[str, dict[str, str]], empty_phone: Path) -> Iterator[Rig]:
    clock = Clock()
    (tmp_path / "server").mkdir()
    copied, villages = opened
    with databases.one_more(tmp_path / "server", copy_of=copied) as address:
        server = create_app(ServerSettings(data=tmp_path / "server", database_url=address), clock)
        made = Rig(server, tmp_path, clock, dict(villages), empty_phone=empty_phone)
        yield made
        assert_kept_sums(server.state.database)
        for phone in made.phones:
            phone.database.close()
        server.state.database.close()
