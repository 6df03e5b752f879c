"""A commune with two villages on a real SQLite file, and the people who work there, named by role."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from survey.records import Village
from survey.roles import Role
from sync_server.cli.commands import app
from sync_server.commune.setup import add_village, open_commune
from sync_server.main import create_app, open_database
from sync_server.settings import ServerSettings
from tests.builders import (
    ADULTS_WITH_SMARTPHONE,
    HOUSES_WITH_INTERNET,
    NOW,
    a_commune,
    a_criteria_set,
    a_ratio,
    an_attested,
    an_id,
)
from tests.clock import Clock
from tests.kept_sums import assert_kept_sums
from tests.sync_server import databases
from tests.sync_server.wire_client import COMMUNE, Device, Server

CRITERIA = a_criteria_set(
    a_ratio("1", "70", measure=ADULTS_WITH_SMARTPHONE, denominator_name="người trưởng thành"),
    a_ratio("2", "50", measure=HOUSES_WITH_INTERNET),
    an_attested("3"),
    an_attested("4", kind="count", threshold="1", not_applicable_allowed=True),
    an_attested("5", source="system"),
)


@pytest.fixture(scope="session")
def opened_database(
    tmp_path_factory: pytest.TempPathFactory, empty_database: str
) -> Iterator[tuple[str, list[Village]]]:
    """The address of a database with the commune and its two villages, to copy; and the villages."""
    folder = tmp_path_factory.mktemp("opened")
    with databases.one_more(folder, copy_of=empty_database) as address:
        database = open_database(ServerSettings(data=folder, database_url=address), lambda: NOW)
        with database.write() as session:
            open_commune(session, a_commune(), CRITERIA, NOW)
            villages = [add_village(session, COMMUNE, name, NOW) for name in ("Đinh Xá", "Nghinh Tiên")]
        database.close()
        yield address, villages


@pytest.fixture
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, empty_database: str, opened_database: tuple[str, list[Village]]
) -> Iterator[ServerSettings]:
    """Settings with a database of its own: empty, or with the commune where the test has its server."""
    copied = opened_database[0] if "server" in request.fixturenames else empty_database
    with databases.one_more(tmp_path, copy_of=copied) as address:
        yield ServerSettings(data=tmp_path, database_url=address, public_url="http://server")


@pytest.fixture
def run(settings: ServerSettings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """The command line on this database; gives exit code, stdout and stderr."""
    monkeypatch.setenv("TUNGNHA_DATA", str(settings.data))
    monkeypatch.setenv("TUNGNHA_DATABASE_URL", settings.database_address)
    runner = CliRunner()

    def run_command(*words: str | Path) -> tuple[int, str, str]:
        done = runner.invoke(app, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return run_command


@pytest.fixture
def server(settings: ServerSettings, opened_database: tuple[str, list[Village]]) -> Iterator[Server]:
    clock = Clock()
    made = Server(create_app(settings, clock), clock)
    made.villages = {village.name: village for village in opened_database[1]}
    yield made
    assert_kept_sums(made.app.state.database)
    made.close()


@pytest.fixture
def lan_member(server: Server) -> Device:
    return server.enroll(Role.MEMBER, "Vũ Thị Lan", "Đinh Xá")


@pytest.fixture
def binh_member(server: Server) -> Device:
    """A second member of the same village."""
    return server.enroll(Role.MEMBER, "Trần Văn Bình", "Đinh Xá")


@pytest.fixture
def tuyet_member(server: Server) -> Device:
    """A member of the other village."""
    return server.enroll(Role.MEMBER, "Lê Thị Tuyết", "Nghinh Tiên")


@pytest.fixture
def minh_lead(server: Server) -> Device:
    return server.enroll(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")


@pytest.fixture
def hoa_official(server: Server) -> Device:
    return server.enroll(Role.OFFICIAL, "Đặng Thị Hoa")


@pytest.fixture
def household(lan_member: Device) -> str:
    """A household of Đinh Xá that everybody there knows."""
    identity = an_id()
    assert lan_member.verdicts(lan_member.change("household", identity, {"head_name": "Nguyễn Văn Đức"})) == ["applied"]
    return identity
