"""The device's file: brought to this version, never touched by an older program, its outbox never migrated."""

import sqlite3
from pathlib import Path

import pytest

from app.store.database import Database
from app.store.migrations import STEPS, DatabaseTooNew


def version_of(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_file_has_this_version_and_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "device.db"
    Database(path).close()
    assert version_of(path) == len(STEPS)
    before = path.read_bytes()
    Database(path).close()
    assert path.read_bytes() == before


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "device.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew):
        Database(path)
    assert path.read_bytes() == before


def test_the_file_is_one_file_when_nothing_is_being_written(tmp_path: Path) -> None:
    Database(tmp_path / "device.db")
    assert [path.name for path in tmp_path.iterdir()] == ["device.db"]
