"""Household lists as they come out of real offices."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from survey.vietnamese import clean
from sync_server.lists import excel
from sync_server.lists.found import ListedRelative, ListLine, ReadList, Understanding
from sync_server.lists.reading import read_list
from sync_server.problems import Problem

Rows = list[tuple[Any, ...]]
Write = Callable[[Rows], Path]
HEADER = ("STT", "Họ và tên chủ hộ", "Thôn", "Xóm/Ngõ", "Điện thoại")


def read_household_list(file: Path, village: str = "") -> ReadList:
    return read_list(file, Understanding(village=village))


def line(row: int, name: str, village: str, address: str = "", phone: str | None = None, **more: Any) -> ListLine:
    return ListLine("Sheet", row, name, village, address, phone, **more)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_rows(rows: Rows) -> Path:
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(tmp_path / "ho.xlsx")
        return tmp_path / "ho.xlsx"

    return write_rows


def test_the_header_may_stand_below_titles(write: Write) -> None:
    titles: Rows = [("UBND XÃ NGUYỆT ĐỨC",), ("DANH SÁCH HỘ GIA ĐÌNH, thôn nào ghi thôn ấy",), ()]
    read = read_household_list(write([*titles, HEADER, (1, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 3", "0912 345 678")]))
    assert read.lines == [line(5, "Nguyễn Văn Đức", "Đinh Xá", "Ngõ 3", "+84912345678", number=1)]
    assert not read.notes


@pytest.mark.parametrize(
    "header",
    [
        ("Họ và tên chủ hộ", "Thôn"),
        ("Chủ hộ", "Tổ dân phố"),
        ("HỌ TÊN", "THÔN/BẢN"),
        ("Ho va ten chu ho", "Bản"),
        ("Tên chủ hộ (viết hoa)", "Tổ"),
        (unicodedata.normalize("NFD", "Họ và tên"), unicodedata.normalize("NFD", "Tên thôn")),
    ],
)
def test_headings_are_known_however_they_are_written(write: Write, header: tuple[str, str]) -> None:
    assert read_household_list(write([header, ("An", "Đông")])).lines == [line(2, "An", "Đông")]


def test_columns_that_the_survey_must_not_have_are_not_read(write: Write) -> None:
    header = ("Ngày sinh chủ hộ", "Số CCCD chủ hộ", "Giới tính chủ hộ", "Chủ hộ", "Thôn", "SĐT chủ hộ", "Quan hệ")
    row = ("01/01/1980", "001080012345", "Nam", "Đỗ Văn Ước", "Đông", "0987654321", "Chủ hộ")
    read = read_household_list(write([header, row]))
    assert read.lines == [line(2, "Đỗ Văn Ước", "Đông", "", "+84987654321", people=(ListedRelative("head"),))]


def test_names_are_cleaned(write: Write) -> None:
    odd = unicodedata.normalize("NFD", "  Nguyễn\u00a0Văn  \u00d0ức\u200b ")
    (row,) = read_household_list(write([HEADER, (1, odd, " Đinh Xá ", None, None)])).lines
    assert (row.head_name, row.village) == ("Nguyễn Văn Đức", "Đinh Xá")
    assert row.head_name == clean(row.head_name)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (912345678, "+84912345678"),
        (912345678.0, "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("+84 912 345 678", "+84912345678"),
        ("0912345678; 0987654321", "+84912345678"),
        ("cũ 123 / 0987654321", "+84987654321"),
        ("không có", None),
        ("-", None),
    ],
)
def test_phones_as_excel_and_people_keep_them(write: Write, cell: object, phone: str | None) -> None:
    read = read_household_list(write([HEADER, (1, "An", "Đông", "", cell)]))
    assert ([row.phone for row in read.lines], read.notes) == ([phone], [])


def test_every_odd_row_is_named_with_its_number(write: Write) -> None:
    read = read_household_list(
        write(
            [
                HEADER,
                (1, "Nguyễn Văn An", "Đông", "", "091234"),
                (),
                ("", " ", None, "", ""),
                (2, "", "Đông", "Ngõ 1", ""),
                (3, "Trần Thị Hòa", "", "", ""),
                HEADER,
                ("", "Cộng thôn Đông", "", "", "2 hộ"),
                ("TỔNG CỘNG", "", "", "", 2),
                (4, "12345", "Đông", "", ""),
                (5, "x" * 121, "Đông", "", ""),
                (6, "Công Thị Nghĩa", "Đông", "", ""),
                (7, "Tống Văn Bình", "Đông", "", ""),
            ]
        )
    )
    assert [row.head_name for row in read.lines] == ["Nguyễn Văn An", "Công Thị Nghĩa", "Tống Văn Bình"]
    notes = {note.row: (note.left_out, note.detail) for note in read.notes}
    assert set(notes) == {2, 5, 6, 7, 8, 9, 10, 11}
    assert read.rows == 10 == 3 + read.left_out
    assert notes[7] == (True, "Dòng tiêu đề lặp lại, không phải một hộ.")
    assert notes[2] == (False, "Số điện thoại “091234” không đúng; hộ “Nguyễn Văn An” được nhập, để trống số.")
    assert notes[5][1] == "Dòng này không có tên chủ hộ nên chưa nhập."
    assert notes[6][1] == "Hộ “Trần Thị Hòa” chưa ghi thôn nên chưa nhập."
    assert notes[8][1] == notes[9][1] == "Đây là dòng cộng, không phải một hộ."


def test_a_list_without_villages_needs_the_village_told(write: Write) -> None:
    file = write([("STT", "Họ tên"), (1, "An")])
    assert read_household_list(file, "Đông").lines == [line(2, "An", "Đông", number=1)]
    with pytest.raises(Problem) as refused:
        read_household_list(file)
    detail = "Danh sách thiếu cột “Thôn”. Các cột đã thấy: “STT”, “Họ và tên”."
    assert refused.value.details.detail == detail


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([("STT", "Thôn", "Điện thoại"), (1, "Đông", "")], "thiếu cột “Họ và tên chủ hộ”. Các cột đã thấy: “STT”"),
        ([("a", "b")] * 60, "thiếu cột “Họ và tên chủ hộ” và “Thôn”. Các cột đã thấy: chưa thấy cột nào"),
        ([], "thiếu cột “Họ và tên chủ hộ” và “Thôn”"),
    ],
)
def test_missing_columns_are_one_clear_sentence(write: Write, rows: Rows, missing: str) -> None:
    with pytest.raises(Problem, match="list-columns-missing") as refused:
        read_household_list(write(rows))
    assert missing in refused.value.details.detail


@pytest.mark.parametrize("name", ["cũ.xls", "hỏng.xlsx", "rỗng.xlsx", "ảnh.xlsx", "không có.xlsx"])
def test_what_is_not_a_workbook_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    if name == "ảnh.xlsx":
        with ZipFile(file, "w") as parts:
            parts.writestr("photo.txt", "x")
    elif name != "không có.xlsx":
        content = {
            "cũ.xls": b"\xd0\xcf\x11\xe0" + b"x" * 600,
            "hỏng.xlsx": b"PK\x03\x04",
        }
        file.write_bytes(content.get(name, b""))
    with pytest.raises(Problem, match="list-unreadable") as refused:
        read_household_list(file)
    assert refused.value.details.detail.endswith(".")


def test_a_folder_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="list-unreadable"):
        read_household_list(tmp_path)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "LARGEST_UNPACKED", 1024**2)
    with ZipFile(tmp_path / "ho.xlsx", "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (5 * 1024**2))
    with pytest.raises(Problem, match="list-unreadable"):
        read_household_list(tmp_path / "ho.xlsx")


def test_an_empty_first_sheet_is_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("Danh sách")
    sheet.append(HEADER)
    sheet.append((1, "An", "Đông", "", ""))
    book.save(tmp_path / "ho.xlsx")
    assert [row.head_name for row in read_household_list(tmp_path / "ho.xlsx").lines] == ["An"]


def test_a_sheet_whose_size_is_written_wrong_is_read_whole(write: Write, tmp_path: Path) -> None:
    file = write([HEADER, (1, "An", "Đông", "", ""), (2, "Bình", "Đông", "", "")])
    with ZipFile(file) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    sheet = content["xl/worksheets/sheet1.xml"]
    assert b'<dimension ref="A1:E3"' in sheet
    content["xl/worksheets/sheet1.xml"] = sheet.replace(b'ref="A1:E3"', b'ref="A1"')
    with ZipFile(tmp_path / "sai.xlsx", "w") as parts:
        for name, data in content.items():
            parts.writestr(name, data)
    assert [row.head_name for row in read_household_list(tmp_path / "sai.xlsx").lines] == ["An", "Bình"]
