"""The database: migrated at start, opened in the right mode, one writer at a time."""

import time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import CheckConstraint, inspect, text

from sync_server.commune.province import open_province
from sync_server.commune.setup import add_village, create_commune, open_commune
from sync_server.main import create_app, open_database
from sync_server.publish import Subject, publish
from sync_server.settings import ServerSettings
from sync_server.store import migrations
from sync_server.store.database import Database
from sync_server.store.migrations import HEAD, DatabaseTooNew
from sync_server.store.rows import ServerTable
from sync_server.store.stream import StreamEnd, list_ends
from tests.builders import NOW, a_commune, a_criteria_set, a_ratio, an_id
from tests.sync_server.databases import POSTGRES
from tests.sync_server.wire_client import COMMUNE


def test_the_migrations_make_what_the_rows_say(settings: ServerSettings) -> None:
    database = Database(settings.database_address)
    with database.read() as session:
        context = MigrationContext.configure(session, opts={"compare_type": False})
        assert compare_metadata(context, ServerTable.metadata) == []
        inspected = inspect(session)
        for name, table in ServerTable.metadata.tables.items():
            made = {one["name"] for one in inspected.get_check_constraints(name)}
            assert made == {one.name for one in table.constraints if isinstance(one, CheckConstraint)}, name
    database.close()


def test_head_is_the_newest_migration() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_current_head() == HEAD


def test_a_database_of_a_newer_program_is_left_alone(settings: ServerSettings) -> None:
    database = Database(settings.database_address)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseTooNew, match="phiên bản mới hơn"):
        Database(settings.database_address)


def epochs_of(app: FastAPI) -> list[tuple[Any, ...]]:
    with app.state.database.read() as session:
        return [tuple(row) for row in session.execute(text("SELECT * FROM commune_sync ORDER BY commune"))]


def test_a_second_start_is_quick_and_keeps_epochs_and_keys(settings: ServerSettings) -> None:
    first = create_app(settings)
    with first.state.database.write() as session:
        create_commune(session, COMMUNE, NOW)
        open_province(session, "19", NOW)
    epochs = epochs_of(first)
    assert [(one[0], len(one[1])) for one in epochs] == [("09052", 36), ("19", 36)]
    assert len({one[1] for one in epochs}) == len({one[2] for one in epochs}) == 2
    first.state.database.close()
    started = time.perf_counter()
    second = create_app(settings)
    assert time.perf_counter() - started < 1
    assert epochs_of(second) == epochs
    second.state.database.close()


@pytest.mark.skipif(bool(POSTGRES), reason="about SQLite files")
def test_sqlite_is_opened_so_that_a_commit_is_kept(settings: ServerSettings) -> None:
    database = open_database(settings)
    with database.read() as session:
        pragmas = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
    assert pragmas == {"journal_mode": "wal", "synchronous": 2}
    database.close()


def test_writers_of_a_village_take_turns_and_readers_do_not_wait(settings: ServerSettings) -> None:
    database = open_database(settings)
    with database.write() as session:
        open_commune(session, a_commune(), a_criteria_set(a_ratio()), NOW)
        village = add_village(session, COMMUNE, "Đinh Xá", NOW).id
    start = ends(database, village).seq

    def write_ten() -> None:
        for _ in range(10):
            with database.write() as session:
                publish(session, COMMUNE, {village: [Subject("test", an_id(), {}), Subject("test", "same", {})]})

    threads = [Thread(target=write_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends(database, village).seq == start + 80
    with database.write() as session:
        publish(session, COMMUNE, {village: [Subject("test", an_id(), {})]})
        assert ends(database, village).seq == start + 80
    assert ends(database, village).seq == start + 81
    database.close()


def ends(database: Database, village: str) -> StreamEnd:
    with database.read() as session:
        return list_ends(session, COMMUNE, [village])[village]


def test_an_error_in_a_write_leaves_nothing(settings: ServerSettings) -> None:
    database = open_database(settings)

    def fail_halfway() -> None:
        with database.write() as session:
            create_commune(session, COMMUNE, NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with database.read() as session:
        for table in ("commune", "commune_sync", "criteria_set", "survey_round"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    database.close()


def test_every_table_carries_its_commune_in_the_key() -> None:
    for name, table in ServerTable.metadata.tables.items():
        keys = {column.name for column in table.primary_key}
        assert "commune" in keys or name in {"commune", "wrong_code"}, name


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 0},
        {"port": 70000},
        {"code_days": 0},
        {"public_url": "so.xa.vn"},
        {"public_url": "https://so.xa.vn/?a=1"},
        {"database_url": "mysql://localhost/x"},
        {"database_url": "not an address"},
        {"body_limit": 10},
        {"body_limit": 9 * 1024**2},
        {"host": ""},
    ],
)
def test_bad_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ServerSettings(**wrong)


def test_settings_that_are_left_out_suit_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNGNHA_PORT", "8800")
    settings = ServerSettings()
    assert (settings.public_url, settings.code_days) == ("http://127.0.0.1:8800", 14)
    assert settings.database_address.endswith("/data/server.db")
    assert ServerSettings(public_url="https://so.xa.vn/").public_url == "https://so.xa.vn"
