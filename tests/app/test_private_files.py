"""The device's file and what lies beside it are their owner's alone, whatever the umask of whoever starts the app."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.device import keep_beside
from app.store.database import Database
from app.store.salvage import salvage
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from tests.sync_server.databases import POSTGRES


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("open_umask")
def test_the_file_its_folder_its_journal_and_its_copies_are_private(tmp_path: Path) -> None:
    path = tmp_path / "data" / "tungnha.db"
    database = Database(path)
    assert (rights(path.parent), rights(path)) == (0o700, 0o600)
    with database.write() as session:
        session.connection().execute(text("INSERT INTO setting VALUES ('a', 'b')"))
        journal = path.with_name("tungnha.db-journal")
        assert rights(journal) == 0o600
    database.close()
    keep_beside(path)
    salvage(path).close()
    kept = list(path.parent.iterdir())
    assert len(kept) == 2
    assert {rights(one) for one in kept} == {0o600}


@pytest.mark.usefixtures("open_umask")
def test_a_file_of_an_older_version_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "tungnha.db"
    Database(path).close()
    path.chmod(0o644)
    Database(path).close()
    assert rights(path) == 0o600


@pytest.mark.usefixtures("open_umask")
@pytest.mark.skipif(bool(POSTGRES), reason="about SQLite's files")
def test_the_servers_folder_and_files_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "srv" / "tung-nha"
    database = open_database(ServerSettings(data=folder))
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = version_num"))
    files = {path.name: rights(path) for path in folder.iterdir()}
    database.close()
    assert rights(folder) == 0o700
    assert files.keys() >= {"server.db", "server.db-wal"}
    assert set(files.values()) == {0o600}
