"""For all tests: how many examples Hypothesis draws, and a migrated database to copy."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from sync_server.main import open_database
from sync_server.settings import ServerSettings
from tests.builders import NOW
from tests.pace import QUICK, examples
from tests.sync_server import databases

# A quick run draws the same examples each time: what it says is about the change, not about luck.
settings.register_profile("tungnha", max_examples=examples(100), deadline=None, derandomize=QUICK)
settings.load_profile("tungnha")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated database to copy: a test needs a database, not another migration."""
    folder = tmp_path_factory.mktemp("empty")
    with databases.one_more(folder) as address:
        open_database(ServerSettings(data=folder, database_url=address), lambda: NOW).close()
        yield address
