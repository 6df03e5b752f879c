"""A database of the first version keeps its people, devices and credentials when it is brought up to date."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from survey.devices import DeviceState
from sync_server.access.caller import secret_hash
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store import migrations
from sync_server.store.database import Database, StoreFailed
from sync_server.store.device_lines import find_device
from sync_server.store.devices import find_signed_in
from sync_server.store.households import list_history
from sync_server.store.listed import list_listed
from sync_server.store.members import Membership, list_memberships
from tests.builders import NOW, an_id
from tests.sync_server import databases

LAN, VILLAGE, DEVICE = an_id(901), an_id(902), an_id(903)


@pytest.fixture
def first_version(tmp_path: Path) -> Iterator[str]:
    """The address of a database as revision 0001 left it, with one member and her device."""
    with databases.one_more(tmp_path) as address:
        engine = create_engine(address)
        config = Config()
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            for table, columns, values in (
                ("commune", "code, name, kind, criteria_set, created_at", "'09052', 'Nguyệt Đức', 'xã', 'x', :now"),
                ("village", "commune, id, name, kind, place, seq", "'09052', :village, 'Đinh Xá', 'thôn', 0, 7"),
                ("member", "commune, id, name, role, scope_version", "'09052', :lan, 'Vũ Thị Lan', 'member', 3"),
                ("member_village", "commune, member_id, village_id", "'09052', :lan, :village"),
                (
                    "device",
                    "commune, id, member_id, name, token_hash, enrolled_at, clock_skew",
                    "'09052', :device, :lan, 'máy cũ', :hash, :now, 5",
                ),
            ):
                # The driver of SQLite takes times as text, in this form.
                now = NOW if databases.POSTGRES else NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
                known = {"now": now, "village": VILLAGE, "lan": LAN, "device": DEVICE, "hash": secret_hash("mã cũ")}
                wanted = {name: value for name, value in known.items() if f":{name}" in values}
                connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), wanted)
        engine.dispose()
        yield address


def test_the_first_version_is_taken_over(first_version: str) -> None:
    database = open_database(ServerSettings(database_url=first_version))
    with database.read() as session:
        assert list_memberships(session, "09052", LAN) == [Membership(VILLAGE, NOW)]
        signed_in = find_signed_in(session, secret_hash("mã cũ"))
        line = find_device(session, "09052", DEVICE)
    database.close()
    assert signed_in is not None
    assert line is not None
    assert (signed_in.device, signed_in.owner.scope_version, signed_in.is_new_token) == (DEVICE, 3, False)
    assert (line.name, line.state, line.clock_skew, line.unsent, line.member.name) == (
        "máy cũ", DeviceState.ACTIVE, 5, 0, "Vũ Thị Lan",
    )  # fmt: skip


def test_households_of_lists_take_the_village_where_they_live_for_the_one_that_was_named(first_version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine(first_version)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for identity, line in ((an_id(904), "an|"), (an_id(905), None)):
            connection.execute(
                text(
                    "INSERT INTO household (commune, id, village_id, head_name, address, status, listed_as) "
                    "VALUES ('09052', :id, :village, 'An', '', 'active', :line)"
                ),
                {"id": identity, "village": VILLAGE, "line": line},
            )
    engine.dispose()
    database = Database(first_version)
    with database.read() as session:
        listed = {one.id: one.listed_in for one in list_listed(session, "09052")}
    database.close()
    assert listed == {an_id(904): VILLAGE, an_id(905): None}


@pytest.mark.skipif(bool(databases.POSTGRES), reason="about SQLite's schema")
def test_known_values_are_written_out_and_still_checked(first_version: str) -> None:
    database = Database(first_version)
    with database.read() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        tables = session.execute(text("SELECT sql FROM sqlite_master WHERE sql LIKE '%CHECK%'")).scalars().all()
        assert tables
        assert not [sql for sql in tables if " IN (" in sql]
    with pytest.raises(StoreFailed) as refused, database.write() as session:
        session.execute(text("UPDATE member SET role = 'king'"))
    assert "role_is_known" in str(refused.value.__cause__)
    database.close()


def test_a_visit_that_slipped_into_the_history_is_taken_out(first_version: str) -> None:
    engine = create_engine(first_version)
    visit = '"current":{"residents":[{"birth_year":1961}]},"visited_by":"Lan"'
    slipped = f'{{"head_name":"Nguyễn Văn Đức","roof":"ngói",{visit}}}'
    plain = '{"address":"Xóm \\"current\\" Đình"}'
    with engine.begin() as connection:
        for seq, fields in ((3, slipped), (4, plain)):
            connection.execute(
                text("INSERT INTO household_history VALUES ('09052', :home, :seq, :device, :fields, :fields)"),
                {"home": an_id(904), "seq": seq, "device": DEVICE, "fields": fields},
            )
    engine.dispose()
    database = Database(first_version)
    with database.read() as session:
        changes = list_history(session, "09052", [an_id(904)])[an_id(904)]
    database.close()
    own = {"head_name": "Nguyễn Văn Đức", "roof": "ngói"}
    assert [(one.sent, one.state) for one in changes] == [(own, own), ({"address": 'Xóm "current" Đình'},) * 2]
