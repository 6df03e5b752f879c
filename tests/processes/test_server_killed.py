"""The real server killed in the middle of its work: whatever it acknowledged is there afterwards, exactly once."""

import asyncio
from pathlib import Path

import pytest

from tests.processes.drill import Drill, run
from tests.sync_server import databases

pytestmark = pytest.mark.slow


def test_sqlite_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    tally = asyncio.run(run(Drill(tmp_path, f"sqlite:///{tmp_path / 'server.db'}", seed=11), faults=10))
    assert (tally.faults, tally.lost) == (10, [])
    assert tally.cut > 0, "the kills came while phones were waiting for an answer"


@pytest.mark.skipif(databases.POSTGRES is None, reason="TUNGNHA_TEST_POSTGRES names no server")
def test_postgresql_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    with databases.one_more(tmp_path) as address:
        tally = asyncio.run(run(Drill(tmp_path, address, seed=12), faults=5))
    assert (tally.faults, tally.lost) == (5, [])
