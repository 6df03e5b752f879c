"""For all tests: how many examples and cases are tried, and a migrated database to copy."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from tests.builders import NOW
from tests.one_compiler import share_compiled_statements
from tests.pace import BRIEF, LONG, QUICK, examples
from tests.sync_server import databases

# Only a long run draws new examples each time: what the others say is about the change, not about luck.
settings.register_profile("tungnha", max_examples=examples(100), deadline=None, derandomize=not LONG)
settings.load_profile("tungnha")
share_compiled_statements()


# Even to import these takes seconds: the browser's driver, the fuzzer, servers that are processes of their own.
collect_ignore = ["browser", "processes", "sync_server/routes/test_fuzz.py"] if QUICK else []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A brief run takes the first and the last case of each test."""
    if not BRIEF:
        return
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept = {id(some[place]) for some in cases.values() for place in (0, -1)}
    config.hook.pytest_deselected(items=[item for item in items if id(item) not in kept])
    items[:] = [item for item in items if id(item) in kept]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated database to copy: a test needs a database, not another migration."""
    folder = tmp_path_factory.mktemp("empty")
    with databases.one_more(folder) as address:
        open_database(ServerSettings(data=folder, database_url=address), lambda: NOW).close()
        yield address
