"""Two servers on one PostgreSQL database, phones spread over both: one is killed again and again, one works on."""

import asyncio
from pathlib import Path

import httpx
import pytest

from survey.roles import Role
from sync_server.commune.setup import invite
from tests.pace import examples
from tests.processes.drill import Drill, FarPhone, run
from tests.processes.served import Served
from tests.sync_server import databases

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(databases.POSTGRES is None, reason="TUNGNHA_TEST_POSTGRES names no server"),
]
FAULTS = examples(20)


class OneOfTwoKilled(Drill):
    """Before each fault the phones are dealt out anew to both servers. Only the second one is ever killed."""

    def __init__(self, folder: Path, address: str, seed: int) -> None:
        super().__init__(folder, address, seed)
        self.second = Served(**self.settings)
        self.at_the_first: list[FarPhone] = []
        self.cut_at_the_first = 0
        self._official = ""

    async def open(self) -> None:
        await self.second.start()
        await super().open()
        with self.database.write() as session:
            now = self.phones[-1].now
            code = invite(session, "09052", Role.OFFICIAL, "Đặng Thị Hoa", (), now, public_url="http://s").code
        async with httpx.AsyncClient(base_url=self.served.address) as http:
            self._official = (await http.post("/api/v1/enrollments", json={"code": code})).json()["token"]

    async def close(self) -> None:
        self.second.kill()
        await super().close()

    async def prepare(self) -> None:
        dealt = self.random.sample(self.phones, len(self.phones))
        self.at_the_first = dealt[: len(dealt) // 2]
        for phone in dealt:
            phone.goes_to((self.served if phone in self.at_the_first else self.second).address)

    def was_cut_off(self, phone: FarPhone) -> None:
        super().was_cut_off(phone)
        self.cut_at_the_first += phone in self.at_the_first

    async def strike(self) -> None:
        self.second.kill()

    async def meanwhile(self) -> None:
        """Whoever was cut off goes to the other one and is done; so are all that were there."""
        for phone in self.phones:
            phone.goes_to(self.served.address)
            await phone.sync()

    async def mend(self) -> None:
        """Both tell the same of the commune, and phones go on with the one that was killed."""
        await self.second.start()
        tables = []
        for served in (self.served, self.second):
            headers = {"Authorization": f"Bearer {self._official}"}
            async with httpx.AsyncClient(base_url=served.address, headers=headers) as http:
                tables.append((await http.get("/api/v1/coverage")).json())
        self.tally.lost += [] if tables[0] == tables[1] else tables
        for phone in self.phones[::2]:
            phone.goes_to(self.second.address)


def test_one_of_two_servers_on_postgresql_is_killed(tmp_path: Path) -> None:
    with databases.one_more(tmp_path) as address:
        drill = OneOfTwoKilled(tmp_path, address, seed=41)
        tally = asyncio.run(run(drill, FAULTS))
    print(f"one of two servers killed: {tally}")
    assert (tally.faults, tally.lost) == (FAULTS, [])
    assert tally.cut > 0, "the kills came while phones were waiting for an answer"
    assert drill.cut_at_the_first == 0, "the other server answered everybody"
    assert not tally.refused
