"""Every commune has its own epoch and key: those of before go on, and nobody who opens a database makes them twice."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store import migrations
from sync_server.store.epochs import find_rescue_key, list_with_epoch, list_without_epoch
from sync_server.sync.rescue import make_rescue_key
from tests.builders import NOW
from tests.sync_server import databases

PLACES = ("09052", "19", "24211")
KEY = make_rescue_key()


@pytest.fixture(params=[{"epoch": "e1", "rescue_key": json.dumps(KEY)}, {"epoch": "e1"}, {}], ids=len)
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[ServerSettings, dict[str, str]]]:
    """A database of revision 0023 with two communes and a province; and what its server knew of itself."""
    known: dict[str, str] = request.param
    with databases.one_more(tmp_path) as address:
        settings = ServerSettings(data=tmp_path, database_url=address)
        engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0023")
            for code in PLACES:
                now = NOW if databases.POSTGRES else NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
                columns = "commune (code, name, kind, criteria_set, created_at)"
                place = text(f"INSERT INTO {columns} VALUES (:code, 'An', 'xã', 'x', :now)")
                connection.execute(place, {"code": code, "now": now})
            for name, value in known.items():
                pair = text("INSERT INTO server_info (key, value) VALUES (:name, :value)")
                connection.execute(pair, {"name": name, "value": value})
        engine.dispose()
        yield settings, known


def epochs_and_keys(settings: ServerSettings) -> dict[str, tuple[str, str]]:
    database = open_database(settings)
    with database.read() as session:
        assert (list_with_epoch(session), list_without_epoch(session)) == (list(PLACES), [])
        query = text("SELECT commune, epoch, rescue_key FROM commune_sync")
        found = {row.commune: (row.epoch, row.rescue_key) for row in session.execute(query)}
        for code in PLACES:
            assert find_rescue_key(session, code) == json.loads(found[code][1])
    database.close()
    return found


def test_what_the_server_had_goes_on_for_every_commune(before: tuple[ServerSettings, dict[str, str]]) -> None:
    settings, known = before
    found = epochs_and_keys(settings)
    assert epochs_and_keys(settings) == found, "a second start changes nothing"
    epochs, keys = {epoch for epoch, _ in found.values()}, {key for _, key in found.values()}
    if not known:
        assert (len(epochs), len(keys)) == (3, 3)
        return
    assert epochs == {"e1"}, "no phone starts over"
    assert len(keys) == 1
    assert known.get("rescue_key") in {None, *keys}, "files of before are opened"


def test_servers_that_start_at_once_agree(before: tuple[ServerSettings, dict[str, str]]) -> None:
    settings, _ = before
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(epochs_and_keys, [settings] * 4))
    assert found == [found[0]] * 4
