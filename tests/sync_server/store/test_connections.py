"""The connections to PostgreSQL: no more than were allowed, and without prepared statements where they must not be."""

import pytest

from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store import database as module
from sync_server.store.database import Database, DatabaseBusy
from tests.sync_server.databases import POSTGRES

pytestmark = pytest.mark.skipif(POSTGRES is None, reason="TUNGNHA_TEST_POSTGRES names no server")


def test_who_finds_no_free_connection_may_come_again_later(
    settings: ServerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module._POOL, "pool_timeout", 0)
    database = Database(settings.database_address, connections=1)
    with database.read() as session:
        assert not session.closed
        with pytest.raises(DatabaseBusy), database.read() as another:
            assert not another.closed
    with database.read() as session:
        assert not session.closed
    assert database.is_answering
    database.close()


@pytest.mark.parametrize("prepared", ["on", "off"])
def test_prepared_statements_can_be_left_out(
    settings: ServerSettings, prepared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNGNHA_PREPARED", prepared)
    database = open_database(ServerSettings(data=settings.data, database_url=settings.database_url))
    with database.read() as session:
        driver = session.connection.driver_connection
        assert driver is not None
        assert (driver.prepare_threshold is None) is (prepared == "off")
    database.close()
