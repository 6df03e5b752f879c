"""The server's disk fills up while phones hand in: it says that it is busy, and goes on as soon as there is room."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from survey.problems import SERVER_BUSY
from tests.pace import examples
from tests.processes.drill import Drill, run
from tests.processes.small_disk import NoMount, SmallDisk, small_disk

pytestmark = pytest.mark.slow
FAULTS = examples(20)
MEGABYTES = 24
MOST_LEFT = 60  # pages: some requests still find room, and the disk is full in the middle of a later one


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    try:
        with small_disk(tmp_path / "disk", MEGABYTES) as made:
            yield made
    except NoMount:
        pytest.skip("a file system cannot be mounted here")


class FullDisk(Drill):
    """The database's disk has only a few pages left when the phones begin. The server is started only once."""

    def __init__(self, folder: Path, disk: SmallDisk, seed: int) -> None:
        super().__init__(folder, f"sqlite:///{disk.folder / 'server.db'}", seed, disk.folder)
        self.disk = disk

    async def prepare(self) -> None:
        """Without what an earlier log has left to be written over, the next commits need room."""
        with self.database.read() as session:
            session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        self.disk.fill(self.random.randrange(MOST_LEFT) if self.tally.faults else 0)

    async def strike(self) -> None:
        """The phones' own work fills the disk."""

    async def meanwhile(self) -> None:
        """Who has something to send is told that the server is busy, again and again; it answers all the same."""
        self.disk.fill(0)
        for phone in self.phones:
            await self.hand_in(phone)
        async with httpx.AsyncClient(base_url=self.served.address) as http:
            assert (await http.get("/healthz")).json()["status"] == "ok"

    async def mend(self) -> None:
        self.disk.free()


def test_sqlite_goes_on_when_there_is_room_again(tmp_path: Path, disk: SmallDisk) -> None:
    drill = FullDisk(tmp_path, disk, seed=31)
    tally = asyncio.run(run(drill, FAULTS))
    print(f"full disk: {tally}")
    assert (tally.faults, tally.lost) == (FAULTS, [])
    assert tally.cut == 0, "the server itself stays up"
    assert set(tally.refused) == {SERVER_BUSY.slug}
    assert tally.refused[SERVER_BUSY.slug] >= FAULTS
