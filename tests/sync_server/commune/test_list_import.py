"""Importing a list: all or nothing, as often as one likes, to nobody's harm."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from survey.households import list_key
from sync_server.commune.list_import import ImportResult, import_households
from sync_server.commune.list_plan import NEW, Wanted
from sync_server.problems import Problem
from tests.sync_server.wire_client import COMMUNE, Device, Server

HEADER = ("STT", "Họ và tên chủ hộ", "Thôn", "Địa chỉ", "Điện thoại")
TWO = [(1, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 1", "0912345678"), (2, "Trần Thị Hòa", "Thôn Đinh Xá", "Ngõ 2", "")]


@pytest.fixture
def bring(server: Server, tmp_path: Path) -> Any:
    def bring_in(*rows: tuple[Any, ...], **options: Any) -> ImportResult:
        book = Workbook()
        for row in (HEADER, *rows):
            book.worksheets[0].append(row)
        book.save(tmp_path / "ho.xlsx")
        with server.database.write() as session:
            return import_households(session, COMMUNE, tmp_path / "ho.xlsx", server.clock(), **options)

    return bring_in


@pytest.fixture
def bring_with(server: Server, tmp_path: Path) -> Any:
    def bring_in(*rows: tuple[Any, ...]) -> ImportResult:
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(tmp_path / "ho.xlsx")
        with server.database.write() as session:
            return import_households(session, COMMUNE, tmp_path / "ho.xlsx", server.clock())

    return bring_in


def names(device: Device) -> list[str]:
    return sorted(household["head_name"] for household in device.of_kind("household"))


def test_households_reach_the_village(bring: Any, lan_member: Device) -> None:
    done = bring(*TWO)
    assert (done.added, done.unchanged, done.left_out) == (2, 0, 0)
    assert names(lan_member) == ["Nguyễn Văn Đức", "Trần Thị Hòa"]
    first = next(one for one in lan_member.of_kind("household") if one["number"] == 1)
    assert first == {
        "head_name": "Nguyễn Văn Đức",
        "address": "Ngõ 1",
        "phone": "+84912345678",
        "status": "active",
        "number": 1,
    }
    assert lan_member.of_kind("coverage")[0]["registered"] == 2


def test_the_same_list_again_adds_nothing(bring: Any, lan_member: Device) -> None:
    bring(*TWO)
    again = bring(*TWO)
    assert (again.added, again.unchanged) == (0, 2)
    assert len(names(lan_member)) == 2


def test_what_was_surveyed_and_corrected_since_is_left_alone(bring: Any, lan_member: Device) -> None:
    bring(*TWO)
    lan_member.pull()
    village = lan_member.rows[lan_member.village]
    subject, row = next((who, row) for (kind, who), row in village.items() if kind == "household")
    corrected = {"head_name": "Nguyễn Văn Đực", "address": "Ngõ 11"}
    lan_member.send(lan_member.change("household", subject, corrected, seen=row["seq"]), lan_member.visit(subject))
    before = lan_member.shown("household", subject)
    assert bring(*TWO).added == 0
    assert lan_member.shown("household", subject) == before
    assert before["current"]


def test_two_families_of_the_same_name_and_address_are_two(bring: Any, lan_member: Device) -> None:
    twins = [(1, "Nguyễn Văn An", "Đinh Xá", "Ngõ 1", ""), (2, "Nguyễn Văn An", "Đinh Xá", "Ngõ 1", "")]
    assert bring(*twins).added == 2
    assert bring(*twins).added == 0
    assert bring(*twins, (3, "Nguyễn Văn An", "Đinh Xá", "Ngõ 1", "")).added == 1


def test_a_household_made_on_a_phone_is_recognised(bring: Any, lan_member: Device, household: str) -> None:
    assert bring((1, "NGUYỄN VĂN ĐỨC", "Đinh Xá", "", "")).unchanged == 1


def test_unknown_villages_refuse_the_whole_list(bring: Any, lan_member: Device) -> None:
    with pytest.raises(Problem, match="village-unknown") as refused:
        bring(*TWO, (3, "An", "Thôn Mới", "", ""), (4, "Bình", "Đoài", "", ""))
    assert "xã chưa có: “Thôn Mới”, “Đoài”" in refused.value.details.detail
    assert names(lan_member) == []


def test_villages_are_created_when_asked_for(bring: Any, server: Server) -> None:
    done = bring(*TWO, (3, "An", "Tổ dân phố 5", "", ""), (4, "Bình", "TDP 6", "", ""), create_villages=True)
    assert done.villages_created == ["tổ dân phố 5", "thôn TDP 6"]
    assert bring(*TWO, (3, "An", "tổ dân phố 5", "", ""), create_villages=True).villages_created == []


def test_the_village_for_rows_that_name_none(bring: Any, tuyet_member: Device) -> None:
    assert bring((1, "An", "", "", ""), village="nghinh tiên").added == 1
    assert names(tuyet_member) == ["An"]
    with pytest.raises(Problem, match="village-unknown"):
        bring((1, "An", "", "", ""), village="Không có")


def test_a_commune_that_is_not_open(server: Server, tmp_path: Path) -> None:
    with server.database.write() as session, pytest.raises(Problem, match="commune-not-open"):
        import_households(session, "00001", tmp_path / "ho.xlsx", server.clock())


def test_a_household_made_on_a_phone_and_recognised_once_is_remembered(
    bring: Any, lan_member: Device, household: str
) -> None:
    row = (1, "Nguyễn Văn Đức", "Đinh Xá", "", "")
    assert bring(row).unchanged == 1
    lan_member.pull()
    body = {"head_name": "Nguyễn Văn Đực", "address": "Ngõ 11"}
    lan_member.send(lan_member.change("household", household, body, seen=lan_member.seen("household", household)))
    assert bring(row).unchanged == 1
    assert names(lan_member) == ["Nguyễn Văn Đực"]


def test_the_key_knows_where_a_tone_mark_may_stand() -> None:
    assert list_key("Nguyễn Văn Hoà", "Xóm  1") == list_key("NGUYỄN VĂN HÒA", "xóm 1")
    assert list_key("Thuý", "") == list_key("Thúy", "")
    assert len({list_key(name, "") for name in ("Hoa", "Hoà", "Hoá", "Hoả", "Đoàn", "Doàn")}) == 6


def test_a_list_imported_again_updates_what_only_lists_have_written(bring: Any, lan_member: Device) -> None:
    bring(*TWO)
    again = bring(
        (1, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 1", "0987654321"), (2, "Trần Thị Hòa", "Đinh Xá", "Ngõ 2", "0912000111")
    )
    assert (again.added, again.updated, again.unchanged, again.left_out) == (0, 2, 0, 0)
    phones = {one["head_name"]: one["phone"] for one in lan_member.of_kind("household")}
    assert phones == {"Nguyễn Văn Đức": "+84987654321", "Trần Thị Hòa": "+84912000111"}


def test_what_a_person_wrote_is_kept_and_said(bring: Any, lan_member: Device) -> None:
    bring(*TWO)
    lan_member.pull()
    subject = next(who for kind, who in lan_member.rows[lan_member.village] if kind == "household")
    seen = lan_member.seen("household", subject)
    lan_member.send(lan_member.change("household", subject, {"phone": "0355555555"}, seen=seen))
    again = bring(TWO[0], (2, "Trần Thị Hòa", "Đinh Xá", "Ngõ 2", "0912000111"))
    name = lan_member.shown("household", subject)["head_name"]
    changed = again.updated + again.unchanged
    assert (changed, lan_member.shown("household", subject)["phone"]) == (2, "+84355555555")
    listed = "0912 345 678" if name.startswith("Nguyễn") else "0912 000 111"
    [kept] = [note.detail for note in again.kept if name in note.detail]
    assert kept == f"Hộ “{name}”: giữ số điện thoại “0355 555 555” như tổ đã sửa; danh sách ghi “{listed}”."


def test_a_corrected_address_is_asked_about_and_doubles_nothing(bring: Any, lan_member: Device) -> None:
    bring(*TWO)
    moved = (1, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 9", "0912345678")
    asked = bring(moved, TWO[1])
    assert (asked.rows, asked.added, asked.unchanged, asked.left_out) == (2, 0, 1, 1)
    assert "giống hộ đã có “Nguyễn Văn Đức, Ngõ 1”" in asked.notes[0].detail
    done = bring(moved, TWO[1], wanted=Wanted(likely="same"))
    assert (done.added, done.updated, done.left_out) == (0, 1, 0)
    assert sorted(one["address"] for one in lan_member.of_kind("household")) == ["Ngõ 2", "Ngõ 9"]
    assert (again := bring(moved, TWO[1])).unchanged == 2, again


def test_another_family_of_that_name_is_added_where_a_person_says_so(bring: Any, lan_member: Device) -> None:
    bring(*TWO)
    other = (1, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 9", "")
    assert bring(other, TWO[1], wanted=Wanted(answers={("Sheet", 2): NEW})).added == 1
    assert bring(other, *TWO).unchanged == 3
    assert len(names(lan_member)) == 3


def test_a_household_is_found_by_the_lists_number_of_it(bring_with: Any, lan_member: Device) -> None:
    header = ("Số hộ", "Họ và tên chủ hộ", "Thôn", "Địa chỉ")
    bring_with(header, (12, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 1"), (13, "Trần Thị Hòa", "Đinh Xá", "Ngõ 2"))
    done = bring_with(header, (12, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 9"), (13, "Trần Thị Hoà", "Đinh Xá", "Ngõ 2"))
    assert (done.added, done.updated, done.unchanged, done.left_out) == (0, 1, 1, 0)
    other = bring_with(header, (12, "Lê Văn Khác", "Đinh Xá", "Ngõ 7"), (13, "Trần Thị Hòa", "Đinh Xá", "Ngõ 2"))
    assert (other.added, other.unchanged) == (1, 1), "the number was given to another family"
    assert bring_with(header, (12, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 9")).unchanged == 1


def test_a_household_that_left_stays_gone_and_is_said(bring: Any, lan_member: Device) -> None:
    bring(*TWO)
    lan_member.pull()
    subject = next(who for kind, who in lan_member.rows[lan_member.village] if kind == "household")
    seen = lan_member.seen("household", subject)
    lan_member.send(lan_member.change("household", subject, {"status": "moved"}, seen=seen))
    again = bring(*TWO)
    assert again.unchanged == 2
    assert any("tổ ghi đã chuyển đi, danh sách vẫn có" in note.detail for note in again.kept)
    assert lan_member.shown("household", subject)["status"] == "moved"
