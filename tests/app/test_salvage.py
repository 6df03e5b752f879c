"""A damaged file on a device: noticed when it is opened, and what people wrote is carried over."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from app.actions.responses import find_campaign, keep_draft, open_draft, record_response
from app.store import outbox, responses
from app.store.database import Database, DatabaseDamaged
from app.store.salvage import salvage
from app.store.sync_state import SALVAGED, find_setting, find_sign_in, list_cursors
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.app.test_responses import a_filled_draft
from tests.builders import NOW


def damage(path: Path, table: str) -> None:
    """Overwrite the first page of a table, as a failing memory card would."""
    with sqlite3.connect(path) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    path.write_bytes(content)


def test_what_was_written_survives_a_damaged_village(device: VillageOnDevice) -> None:
    sent = device.add_household("Nguyễn Văn Đức")
    begun = device.add_household("Trần Thị Hòa")
    campaign = find_campaign(device.database)
    record_response(device.database, NOW, a_filled_draft(device, sent), campaign)
    draft = open_draft(device.database, NOW, begun, campaign).agree(True, NOW)
    keep_draft(device.database, NOW, draft)
    device.database.close()
    damage(device.database.path, "stream_row")

    with pytest.raises(DatabaseDamaged):
        Database(device.database.path)
    saved = salvage(device.database.path)
    with saved.read() as session:
        [change] = outbox.list_next_batch(session, 10)
        assert change["body"]["household"] == sent
        assert responses.find_draft(session, begun, device.member) == draft
        assert find_sign_in(session) is not None
        assert list_cursors(session) == {VILLAGE: 0}, "the village is read again from its beginning"
        assert find_setting(session, SALVAGED)
    saved.close()
    Database(device.database.path).close()


def test_the_rest_survives_when_the_outbox_itself_is_hit(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    campaign = find_campaign(device.database)
    record_response(device.database, NOW, a_filled_draft(device, household), campaign)
    device.database.close()
    damage(device.database.path, "outbox")
    saved = salvage(device.database.path)
    with saved.read() as session:
        kept = session.connection().execute(text("SELECT household_id FROM response")).scalars().all()
        assert kept == [household], "the visit itself is still readable"
    saved.close()


@pytest.mark.parametrize("content", [b"", b"xin ch\xc3\xa0o" * 1000])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "device.db"
    path.write_bytes(content)
    if content:
        with pytest.raises(DatabaseDamaged):
            Database(path)
        salvage(path).close()
    Database(path).close()
