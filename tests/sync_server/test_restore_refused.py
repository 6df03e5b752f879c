"""A file that must not be restored: one sentence says why, and nothing was touched."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sync_server.settings import ServerSettings
from tests.builders import an_id
from tests.sync_server.databases import POSTGRES
from tests.sync_server.wire_client import Device, Server

Run = Callable[..., tuple[int, str, str]]


def a_text(path: Path) -> None:
    path.write_text("not a database", encoding="utf-8")


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def a_phones_file(path: Path) -> None:
    from app.store.database import Database

    Database(path).close()


def cut_off(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def torn_inside(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(40_000))


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


WRONG = [
    (a_text, "không phải là bản sao lưu của Từng Nhà"),
    (nothing, "không phải là bản sao lưu của Từng Nhà"),
    (a_phones_file, "không phải là bản sao lưu của Từng Nhà"),
    (cut_off, "bị hỏng"),
    (torn_inside, "bị hỏng"),
    (newer, "phiên bản mới hơn"),
    (Path.unlink, "Không tìm thấy tệp"),
]


@pytest.mark.skipif(bool(POSTGRES), reason="about SQLite files")
@pytest.mark.parametrize(("spoil", "sentence"), WRONG, ids=[spoil.__name__ for spoil, _ in WRONG])
def test_a_file_that_must_not_be_restored_changes_nothing(
    run: Run, settings: ServerSettings, server: Server, lan_member: Device, tmp_path: Path,
    spoil: Callable[[Path], None], sentence: str,
) -> None:  # fmt: skip
    lan_member.send(*(lan_member.change("household", an_id(), {"head_name": f"Hộ {at}"}) for at in range(100)))
    copy = tmp_path / "copy.db"
    assert run("backup", copy)[0] == 0
    server.database.close()
    if spoil in {a_text, nothing, a_phones_file}:
        copy.unlink()
    spoil(copy)
    present = Path(settings.database_address.removeprefix("sqlite:///"))
    before = present.read_bytes()
    code, out, error = run("restore", copy)
    assert (code, out) == (1, "")
    assert sentence in error
    assert "Traceback" not in error
    assert present.read_bytes() == before
    assert not [path.name for path in tmp_path.iterdir() if "restoring" in path.name or path.name.startswith("server-")]
