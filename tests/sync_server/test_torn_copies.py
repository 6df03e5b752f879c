"""A copy that came out torn from a source that is whole: only reading the copy from end to end can tell, and it does.

SQLite opens each of these files, finds every table in it and counts its rows without a complaint.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync_server import backup
from sync_server.settings import ServerSettings
from sync_server.store import copies
from tests.builders import an_id
from tests.sync_server.databases import POSTGRES
from tests.sync_server.wire_client import Device, Server

pytestmark = pytest.mark.skipif(bool(POSTGRES), reason="about SQLite files")
Run = Callable[..., tuple[int, str, str]]
Spoil = Callable[[Path], None]


def a_page_overwritten(path: Path) -> None:
    """Rows of the stream are gone under something else."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'stream_row'").fetchone()
    with path.open("r+b") as file:
        file.seek(page * size - size // 4)
        file.write(b"\xff" * (size // 4))


def an_index_that_disagrees(path: Path) -> None:
    """The households, and where they are looked up, say different things."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        done = connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'village_id', 'head_name') WHERE name = 'household_by_village'"
        )
        connection.commit()
    assert done.rowcount == 1


def a_device_of_nobody(path: Path) -> None:
    """A row that another one speaks of is gone."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM member")
        connection.commit()


@pytest.fixture(params=[a_page_overwritten, an_index_that_disagrees, a_device_of_nobody], ids=lambda one: one.__name__)
def spoiled(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, run: Run, lan_member: Device, tmp_path: Path
) -> Path:
    """A good backup of a hundred households; whatever is copied from now on is torn after it was written."""
    lan_member.send(*(lan_member.change("household", an_id(), {"head_name": f"Hộ {at}"}) for at in range(100)))
    good, spoil = tmp_path / "good.db", request.param
    assert run("backup", good)[0] == 0

    def save_torn(source: Path, target: Path) -> None:
        copies.save_copy(source, target)
        spoil(target)
        with closing(sqlite3.connect(target)) as connection:
            assert connection.execute("SELECT count(*) FROM household").fetchone() == (100,), "it looks well"

    monkeypatch.setattr(backup, "save_copy", save_torn)
    return good


def test_a_backup_that_came_out_torn_is_no_backup(run: Run, spoiled: Path, tmp_path: Path) -> None:
    code, out, error = run("backup", tmp_path / "new.db")
    assert (code, out) == (1, "")
    assert "bị hỏng" in error
    assert not [path.name for path in tmp_path.iterdir() if "new.db" in path.name]
    assert copies.find_contents(spoiled).households == 100, "the one of before is as it was"


def test_a_restore_that_came_out_torn_changes_nothing(
    run: Run, settings: ServerSettings, server: Server, spoiled: Path, tmp_path: Path
) -> None:
    server.database.close()
    present = Path(settings.database_address.removeprefix("sqlite:///"))
    before = present.read_bytes()
    code, out, error = run("restore", spoiled)
    assert (code, out) == (1, "")
    assert "bị hỏng" in error
    assert present.read_bytes() == before
    assert not [path.name for path in tmp_path.iterdir() if "restoring" in path.name or path.name.startswith("server-")]
