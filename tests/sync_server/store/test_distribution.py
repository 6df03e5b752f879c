"""The tables of a country are spread by commune over an engine that exists; without it nobody is left in doubt."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from sync_server.store.distribution import NoCitus
from sync_server.store.rows import ServerTable
from tests.sync_server import databases

WITH_CITUS = "TUNGNHA_DISTRIBUTE=citus is not set: no Citus cluster to try it on"


@pytest.mark.skipif(databases.IS_SPREAD, reason="about a database without Citus")
def test_a_database_without_citus_is_refused_with_what_to_do(settings: ServerSettings) -> None:
    with pytest.raises(NoCitus, match="CREATE EXTENSION citus"):
        open_database(settings.model_copy(update={"distribute": "citus"}))


@pytest.mark.skipif(databases.IS_SPREAD, reason="about a database without Citus")
def test_the_command_line_says_so_in_one_sentence(
    run: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUNGNHA_DISTRIBUTE", "citus")
    code, _, said = run("commune", "create", "09052")
    assert code == 1
    assert said.startswith("Cơ sở dữ liệu chưa có Citus.")
    assert said.count("\n") == 1


@pytest.mark.skipif(not databases.IS_SPREAD, reason=WITH_CITUS)
def test_every_table_is_spread_by_its_commune_beside_the_others(settings: ServerSettings) -> None:
    for _ in range(2):  # the second time there is nothing to do
        database: Database = open_database(settings)
        with database.read() as session:
            query = text("SELECT logicalrelid::text AS name, partmethod, colocationid FROM pg_dist_partition")
            spread = {row.name: (row.partmethod, row.colocationid) for row in session.execute(query)}
        database.close()
        assert spread.keys() == ServerTable.metadata.tables.keys()
        assert {name for name, (method, _) in spread.items() if method == "n"} == {"wrong_code"}
        assert len({place for method, place in spread.values() if method == "h"}) == 1
