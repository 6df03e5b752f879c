"""The device's file: brought to this version, never touched by an older program, its outbox never migrated."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from app.store.cards import find_card
from app.store.database import Database
from app.store.household_list import find_listed, list_households
from app.store.migrations import STEPS, DatabaseTooNew
from app.store.responses import find_draft, list_drafts
from app.store.rows import HouseholdRow
from app.store.sync_state import find_sign_in
from app.store.team import list_alleys
from survey.card_code import grouped, make_code
from survey.drafts import ResponseDraft
from survey.searching import search_text


def version_of(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_file_has_this_version_and_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "device.db"
    Database(path).close()
    assert version_of(path) == len(STEPS)
    before = path.read_bytes()
    Database(path).close()
    assert path.read_bytes() == before


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "device.db"
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew):
        Database(path)
    assert path.read_bytes() == before


def test_the_file_is_one_file_when_nothing_is_being_written(tmp_path: Path) -> None:
    Database(tmp_path / "device.db")
    assert [path.name for path in tmp_path.iterdir()] == ["device.db"]


def test_drafts_of_before_belong_to_who_is_signed_in_and_the_outbox_stays(tmp_path: Path) -> None:
    path = tmp_path / "device.db"
    shutil.copy(Path(__file__).parent / "version-2.db", path)
    with closing(sqlite3.connect(path)) as before:
        outbox = before.execute("SELECT * FROM outbox").fetchall()
        [(household, body)] = before.execute("SELECT household_id, body FROM draft").fetchall()
    assert len(outbox) == 1
    database = Database(path)
    with database.read() as session:
        signed_in = find_sign_in(session)
        assert signed_in
        assert (signed_in.member_name, signed_in.since) == ("Vũ Thị Lan", None)
        assert find_draft(session, household, signed_in.member_id) == ResponseDraft.model_validate_json(body)
        [form] = list_drafts(session)
        listed = find_listed(session, household)
        [alley] = list_alleys(session, listed.village_id if listed else "")
    assert (form.head_name, form.member_name) == ("Nguyễn Văn Đức", "Vũ Thị Lan")
    assert listed
    assert listed.has_draft
    assert (alley.name, alley.households, alley.only_member) == ("Xóm 1", 2, None), "the alleys are there at once"
    database.close()
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("SELECT * FROM outbox").fetchall() == outbox
    assert version_of(path) == len(STEPS)


def test_households_of_before_are_found_as_if_they_had_come_today(tmp_path: Path) -> None:
    """Their texts are written again from what is stored: the card was kept only in the text of before."""
    path, card = tmp_path / "device.db", make_code(b"a household's card")
    shutil.copy(Path(__file__).parent / "version-2.db", path)
    with closing(sqlite3.connect(path)) as before:
        [(household, village)] = before.execute(
            "SELECT id, village_id FROM household WHERE head_name = 'Trần Thị Hòa'"
        ).fetchall()
        before.execute(
            "UPDATE household SET phone = '+84912345678', search = ? WHERE id = ?",
            (f"tran thi hoa\ntth\nxom 1\n0912345678\n{card.lower()}", household),
        )
        before.commit()
        outbox = before.execute("SELECT * FROM outbox").fetchall()
    database = Database(path)
    with database.read() as session:
        for typed in ("hòa", "hoa tran", "tth", "0912 345", grouped(card)[:9], "xom 1 hoa"):
            assert [row.id for row in list_households(session, [village], typed)] == [household], typed
        assert find_card(session, card).household == household
        for row in session.exec(select(HouseholdRow)).all():
            assert row.search == search_text(
                row.head_name, row.address, row.phone, card if row.id == household else None
            )
    database.close()
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("SELECT * FROM outbox").fetchall() == outbox
