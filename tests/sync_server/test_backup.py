"""Backup and restore: online, checked by opening the copy, and never at the price of what is there."""

import errno
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from survey.wire import row_digest
from sync_server import backup
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from sync_server.store.copies import find_contents
from tests.builders import an_id
from tests.sync_server.databases import POSTGRES
from tests.sync_server.wire_client import COMMUNE, Device, Server

about_files = pytest.mark.skipif(bool(POSTGRES), reason="about SQLite files")
Run = Callable[..., tuple[int, str, str]]


def file_of(settings: ServerSettings) -> Path:
    return Path(settings.database_address.removeprefix("sqlite:///"))


def epoch_in(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        epoch: str = connection.execute("SELECT epoch FROM commune_sync").fetchone()[0]
    connection.close()
    return epoch


@about_files
def test_a_backup_is_taken_while_the_server_runs_and_says_what_is_in_it(
    run: Run, lan_member: Device, household: str, tmp_path: Path
) -> None:
    lan_member.send(lan_member.visit(household))
    copy = tmp_path / "copy.db"
    code, out, _ = run("backup", copy)
    assert (code, out) == (0, f"Đã sao lưu vào {copy} và kiểm tra lại: 1 xã, 2 thôn, 1 hộ, 1 phiếu, 1 máy.\n")
    told = json.loads(run("backup", tmp_path / "second.db", "--json")[1])
    assert (told["visits"], told["bytes"]) == (1, (tmp_path / "second.db").stat().st_size)
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == ["copy.db"]
    assert copy.stat().st_mode & 0o077 == 0, "only its owner may read it"


@pytest.mark.slow
@about_files
def test_a_backup_under_load_is_one_moment_and_nobody_waits(
    run: Run, settings: ServerSettings, lan_member: Device, household: str, tmp_path: Path
) -> None:
    """Every copy holds each visit together with its change, its row on the stream and the village's sequence."""
    lan_member.send(*(lan_member.change("household", an_id(), {"head_name": f"Hộ {at}"}) for at in range(50)))
    stop, copies = Event(), []

    def copy_on_and_on() -> None:
        while not stop.is_set() or not copies:
            copy = tmp_path / f"copy-{len(copies)}.db"
            backup.back_up(settings, copy)
            copies.append(copy)

    copying = Thread(target=copy_on_and_on)
    copying.start()
    for _ in range(40):
        assert lan_member.verdicts(lan_member.visit(household)) != ["held"]
    stop.set()
    copying.join()
    for copy in copies:
        connection = sqlite3.connect(copy)
        visits, changes, last, highest = connection.execute(
            "SELECT (SELECT count(*) FROM response), (SELECT count(*) FROM change WHERE kind = 'response'),"
            " (SELECT seq FROM village WHERE name = 'Đinh Xá'), (SELECT max(seq) FROM stream_row)"
        ).fetchone()
        connection.close()
        assert (visits, last) == (changes, highest)
        assert find_contents(copy).visits == visits


@about_files
def test_a_backup_never_overwrites_and_never_leaves_half_a_file(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there.db").write_bytes(b"kept")
    code, _, error = run("backup", tmp_path / "there.db")
    assert (code, "Đã có tệp" in error) == (1, True)
    assert (tmp_path / "there.db").read_bytes() == b"kept"
    code, _, error = run("backup", tmp_path / "no" / "folder.db")
    assert (code, "Chưa có thư mục" in error) == (1, True)

    def fail(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "find_contents", fail)
    code, _, error = run("backup", tmp_path / "new.db")
    assert (code, "đĩa đầy" in error) == (1, True)
    assert not [path for path in tmp_path.iterdir() if "new.db" in path.name]


@about_files
def test_without_a_database_there_is_nothing_to_back_up(run: Run, tmp_path: Path, settings: ServerSettings) -> None:
    file_of(settings).unlink()
    code, _, error = run("backup", tmp_path / "copy.db")
    assert (code, "Chưa có cơ sở dữ liệu" in error) == (1, True)
    assert not file_of(settings).exists()


@about_files
def test_a_restore_keeps_what_was_there_and_begins_a_new_epoch(
    run: Run, settings: ServerSettings, server: Server, lan_member: Device, household: str, tmp_path: Path
) -> None:
    assert run("backup", tmp_path / "copy.db")[0] == 0
    lan_member.send(lan_member.visit(household))
    present = file_of(settings)
    before = epoch_in(present)
    server.database.close()
    code, out, _ = run("restore", tmp_path / "copy.db", "--json")
    told = json.loads(out)
    kept = Path(told["kept"])
    assert (code, told["visits"]) == (0, 0)
    assert kept.parent == present.parent
    assert kept.name.startswith("server-20")
    assert (find_contents(kept).visits, find_contents(present).visits) == (1, 0)
    assert epoch_in(kept) == before == epoch_in(tmp_path / "copy.db")
    assert epoch_in(present) == told["epoch"] != before
    assert {path.name for path in present.parent.iterdir()} == {present.name, kept.name, "copy.db"}
    second = json.loads(run("restore", tmp_path / "copy.db", "--json")[1])
    assert second["kept"] != told["kept"]
    assert second["epoch"] != told["epoch"]
    assert kept.exists()


@about_files
def test_a_phone_that_was_reported_lost_stays_cut_off(
    run: Run, settings: ServerSettings, server: Server, lan_member: Device, binh_member: Device, tmp_path: Path
) -> None:
    run("backup", tmp_path / "copy.db")
    assert run("devices", "lost", "--device", lan_member.enrolled["device_id"], "--commune", COMMUNE)[0] == 0
    server.database.close()
    assert "1 máy đã thu hồi hoặc báo mất" in run("restore", tmp_path / "copy.db")[1]
    assert lan_member.post().json()["type"] == "/problems/device-lost"
    assert binh_member.post().status_code == 200


@about_files
def test_after_a_restore_no_sequence_is_given_twice(
    run: Run, settings: ServerSettings, server: Server, lan_member: Device, household: str, tmp_path: Path
) -> None:
    run("backup", tmp_path / "copy.db")
    reply = lan_member.send(*(lan_member.visit(household) for _ in range(5)))
    known = max(one["seq"] for one in reply["verdicts"])
    server.database.close()
    run("restore", tmp_path / "copy.db")
    again = Server(create_app(settings, server.clock), server.clock)
    device = Device(again, lan_member.enrolled, device_seq=50)
    assert device.send(device.change("household", an_id(), {"head_name": "Hộ mới"}))["verdicts"][0]["seq"] > known
    again.close()


@about_files
def test_a_restore_while_the_server_runs_is_refused(
    run: Run, settings: ServerSettings, server: Server, lan_member: Device, household: str, tmp_path: Path
) -> None:
    run("backup", tmp_path / "copy.db")
    code, _, error = run("restore", tmp_path / "copy.db")
    assert (code, "Dừng máy chủ" in error) == (1, True)
    assert lan_member.verdicts(lan_member.visit(household)) == ["applied"]
    assert {path.name for path in tmp_path.iterdir()} <= {"server.db", "server.db-wal", "server.db-shm", "copy.db"}


@about_files
def test_the_database_itself_is_no_backup(run: Run, settings: ServerSettings) -> None:
    code, _, error = run("restore", file_of(settings))
    assert (code, "chính là cơ sở dữ liệu đang dùng" in error) == (1, True)


@about_files
def test_a_damaged_database_is_kept_as_it_is_when_another_takes_its_place(
    run: Run, settings: ServerSettings, server: Server, tmp_path: Path
) -> None:
    run("backup", tmp_path / "copy.db")
    server.database.close()
    present = file_of(settings)
    present.write_bytes(b"broken " * 1000)
    Path(f"{present}-wal").write_bytes(b"what was not written back yet")
    code, out, _ = run("restore", tmp_path / "copy.db", "--json")
    kept = Path(json.loads(out)["kept"])
    assert code == 0
    assert kept.read_bytes() == b"broken " * 1000
    assert Path(f"{kept}-wal").read_bytes() == b"what was not written back yet"
    assert find_contents(present).villages == 2


@about_files
def test_a_restore_where_nothing_was_before(
    run: Run, settings: ServerSettings, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", tmp_path / "copy.db")
    server.database.close()
    monkeypatch.delenv("TUNGNHA_DATABASE_URL")
    monkeypatch.setenv("TUNGNHA_DATA", str(tmp_path / "new"))
    told = json.loads(run("restore", tmp_path / "copy.db", "--json")[1])
    assert told["kept"] is None
    assert find_contents(tmp_path / "new" / "server.db").villages == 2


@about_files
def test_a_file_that_was_copied_by_hand_with_its_log_is_taken_whole(
    run: Run, settings: ServerSettings, server: Server, lan_member: Device, household: str, tmp_path: Path
) -> None:
    lan_member.send(lan_member.visit(household))
    present, folder = file_of(settings), tmp_path / "by-hand"
    folder.mkdir()
    for path in (present, Path(f"{present}-wal")):
        shutil.copy(path, folder / path.name)
    server.database.close()
    assert json.loads(run("restore", folder / "server.db", "--json")[1])["visits"] == 1


def test_a_database_put_back_by_other_means_only_begins_a_new_epoch(
    run: Run, settings: ServerSettings, server: Server, lan_member: Device, household: str
) -> None:
    before = lan_member.send()["server_epoch"]
    lan_member.pull()
    code, out, _ = run("restore", "--renew-only", "--json")
    reply = lan_member.send(lan_member.visit(household), server_epoch=before)
    assert (code, reply["server_epoch"]) == (0, json.loads(out)["epoch"])
    page = reply["streams"][lan_member.village]
    assert len(page["rows"]) == page["count"], "the cursors of before mean nothing now"
    row = next(row for row in page["rows"] if row["kind"] == "household")
    assert row["seq"] > 2**32
    assert page["check"] == f"{sum(row_digest(r['kind'], r['subject'], r['seq']) for r in page['rows']) % 2**48:012x}"


def test_one_commune_alone_begins_a_new_epoch(run: Run, lan_member: Device) -> None:
    before = lan_member.send()["server_epoch"]
    assert run("commune", "create", "09025")[0] == 0
    told = json.loads(run("restore", "--renew-only", "--commune", "09025", "--json")[1])
    assert (told["commune"], lan_member.send()["server_epoch"]) == ("09025", before)
    code, out, _ = run("restore", "--renew-only", "--commune", COMMUNE)
    assert (code, "Máy của các xã khác vẫn làm việc như thường" in out) == (0, True)
    assert lan_member.send()["server_epoch"] not in {before, told["epoch"]}
    code, _, error = run("restore", "--renew-only", "--commune", "99999")
    assert (code, error) == (1, "Máy chủ này không có xã mang mã 99999. Anh/chị xem lại mã xã; chưa có gì thay đổi.\n")


def test_a_file_or_renewing_but_not_both(run: Run, tmp_path: Path) -> None:
    assert run("restore", tmp_path / "x.db", "--commune", COMMUNE)[0] == 1
    assert run("restore")[0] == 1
    assert run("restore", tmp_path / "x.db", "--renew-only")[0] == 1


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgresql_is_backed_up_with_its_own_tools(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, tool: str
) -> None:
    monkeypatch.setenv("TUNGNHA_DATABASE_URL", "postgresql://tungnha:geheim@db/tungnha")
    code, out, error = run(command, tmp_path / "copy.db")
    assert (code, out) == (1, "")
    assert tool in error
    assert "geheim" not in error
    if command == "restore":
        assert "tungnha restore --renew-only" in error
