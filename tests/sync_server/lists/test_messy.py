"""Lists as offices keep them, one kind of mess each: every row has an end, and the households are the right ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sync_server.lists.found import ReadList, Understanding
from sync_server.lists.headings import Column
from sync_server.lists.reading import read_list
from sync_server.problems import Problem

Rows = Sequence[Sequence[Any]]
HEADER = ("STT", "Họ và tên chủ hộ", "Thôn", "Địa chỉ")
HIEN, MO = ("Nguyễn Văn Hiền", "Đinh Xá", "Xóm 1"), ("Trần Thị Mơ", "Đinh Xá", "Xóm 2")
BOTH = [HIEN, MO]
ROWS = [(1, *HIEN), (2, *MO)]


@dataclass
class Mess:
    """Sheets of rows, what is done to them beside, and what must come of them: households, and rows left out."""

    sheets: dict[str, Rows]
    households: list[tuple[str, str, str]] = field(default_factory=lambda: list(BOTH))
    left_out: int = 0
    remarks: int = 0
    change: Callable[[Workbook], None] = lambda _book: None
    village: str = ""


def one(*rows: Sequence[Any], **more: Any) -> Mess:
    return Mess({"Sheet": rows}, **more)


def merge(*areas: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for area in areas:
            book.worksheets[0].merge_cells(area)

    return change


def hide_rows(book: Workbook) -> None:
    book.worksheets[0].row_dimensions[2].hidden = True


PEOPLE = ("STT", "Số hộ", "Họ và tên", "Quan hệ với chủ hộ", "Ngày sinh", "Thôn", "Địa chỉ")
MESSES = {
    "titles and a cover sheet": Mess(
        {
            "Bìa": [("ỦY BAN NHÂN DÂN XÃ NGUYỆT ĐỨC",), ("DANH SÁCH HỘ NĂM 2026",)],
            "Hộ": [("UBND XÃ",), ("Danh sách hộ gia đình, tính đến 01/11/2026",), HEADER, *ROWS],
        },
        left_out=2,
    ),
    "a header of two lines, merged": one(
        ("STT", "Chủ hộ", None, "Nơi ở", None),
        (None, "Họ và tên", "Năm sinh", "Thôn", "Xóm"),
        (1, "Nguyễn Văn Hiền", 1960, "Đinh Xá", "Xóm 1"),
        (2, "Trần Thị Mơ", 1971, "Đinh Xá", 2),
        change=merge("A1:A2", "B1:C1", "D1:E1"),
    ),
    "villages merged over their rows": one(HEADER, ROWS[0], (2, MO[0], None, MO[2]), change=merge("C2:C3")),
    "rows that name the village": one(
        ("STT", "Họ và tên chủ hộ", "Địa chỉ"),
        ("I", "THÔN ĐINH XÁ", None),
        (1, "Nguyễn Văn Hiền", "Xóm 1"),
        ("II. Thôn Nghinh Tiên", None, None),
        (1, "Trần Thị Mơ", "Xóm 2"),
        households=[("Nguyễn Văn Hiền", "THÔN ĐINH XÁ", "Xóm 1"), ("Trần Thị Mơ", "Thôn Nghinh Tiên", "Xóm 2")],
        left_out=2,
    ),
    "column letters": one(HEADER, ("A", "B", "C", "D"), *ROWS, left_out=1),
    "blank rows, subtotals and a total": one(
        HEADER, ROWS[0], (), ("", "Cộng thôn: 1 hộ", "", ""), ROWS[1], ("TỔNG CỘNG", 2, None, None), left_out=2
    ),
    "ditto": one(HEADER, ROWS[0], (2, "Trần Thị Mơ", "nt", "-nt-"), households=[HIEN, (MO[0], *HIEN[1:])]),
    "signatures and the day": one(
        HEADER,
        *ROWS,
        (None, None, None, "Nguyệt Đức, ngày 12 tháng 11 năm 2026"),
        (None, "NGƯỜI LẬP BIỂU", None, "TRƯỞNG THÔN"),
        (None, "Lê Thị Lập", None, "Trần Văn Trưởng"),
        left_out=3,
    ),
    "hard spaces, composed letters, the look-alike of Đ": one(
        HEADER,
        (1, "Nguye\u0302\u0303n\u00a0Văn  Hie\u0302\u0300n", "\u00d0inh Xá", "Xóm\u00a01"),
        ROWS[1],
    ),
    "letters of TCVN3": one(
        ("STT", "Hä vµ tªn chñ hé", "Th«n", "§Þa chØ"),
        (1, "NguyÔn V¨n HiÒn", "§inh X¸", "Xãm 1"),
        (2, "TrÇn ThÞ M¬", "§inh X¸", "Xãm 2"),
        remarks=1,
    ),
    "letters of VNI beside a header in Unicode": one(
        HEADER,
        (1, "Nguyeãn Vaên Hieàn", "Ñinh Xaù", "Xoùm 1"),
        (2, "Traàn Thò Mô", "Ñinh Xaù", "Xoùm 2"),
        remarks=1,
    ),
    "names in two columns": one(
        ("TT", "Họ và tên đệm", "Tên", "Thôn", "Địa chỉ"),
        (1, "Nguyễn Văn", "Hiền", "Đinh Xá", "Xóm 1"),
        (2, "Trần Thị", "Mơ", "Đinh Xá", "Xóm 2"),
    ),
    "hộ ông, hộ bà": one(
        HEADER,
        (1, "Hộ ông: Nguyễn Văn Hiền", *HIEN[1:]),
        (2, "Bà Trần Thị Mơ (chủ hộ)", *MO[1:]),
        (3, "Ông Văn Tân", *HIEN[1:]),
        households=[*BOTH, ("Ông Văn Tân", *HIEN[1:])],
    ),
    "a sheet for each village": Mess(
        {
            "Thôn Đinh Xá": [("STT", "Chủ hộ", "Địa chỉ"), (1, "Nguyễn Văn Hiền", "Xóm 1")],
            "Nghinh Tiên": [("STT", "Chủ hộ", "Địa chỉ"), (1, "Trần Thị Mơ", "Xóm 2")],
        },
        households=[("Nguyễn Văn Hiền", "Thôn Đinh Xá", "Xóm 1"), ("Trần Thị Mơ", "Nghinh Tiên", "Xóm 2")],
    ),
    "the village in the title": one(
        ("DANH SÁCH HỘ GIA ĐÌNH THÔN ĐINH XÁ NĂM 2026",),
        ("STT", "Chủ hộ", "Địa chỉ"),
        (1, "Nguyễn Văn Hiền", "Xóm 1"),
        households=[("Nguyễn Văn Hiền", "THÔN ĐINH XÁ", "Xóm 1")],
    ),
    "villages that are called xóm": one(
        ("STT", "Chủ hộ", "Xóm", "Số nhà"),
        ("1.", "Nguyễn Văn Hiền", "Đinh Xá", "12"),
        ("2.", "Trần Thị Mơ", "Đinh Xá", "14"),
        households=[("Nguyễn Văn Hiền", "Đinh Xá", "12"), ("Trần Thị Mơ", "Đinh Xá", "14")],
    ),
    "marks where names would stand, and a village with how many it has": one(
        ("STT", "Chủ hộ", "Địa chỉ"),
        ("", "I. Thôn Đinh Xá (152 hộ)", ""),
        (1, "x", "Xóm 3"),
        (2, "Nguyễn Văn Hiền", "Xóm 1"),
        ("", "Lập ngày 12/11/2026", ""),
        households=[("Nguyễn Văn Hiền", "Thôn Đinh Xá", "Xóm 1")],
        left_out=3,
    ),
    "an alley beside a name that is an error, or none": one(
        HEADER, *ROWS, (3, "#N/A", None, "Xóm Mới"), (None, None, None, "Xóm Mới"), left_out=2
    ),
    "hidden rows are read and named": one(HEADER, *ROWS, change=hide_rows, remarks=1),
    "days, hours, truth values and errors": one(
        HEADER,
        (1, "Nguyễn Văn Hiền", "Đinh Xá", date(2026, 3, 12)),
        (2, True, "Đinh Xá", "Xóm 2"),
        (3, "Trần Thị Mơ", time(7, 30), "Xóm 2"),
        (4, date(1960, 5, 4), "Đinh Xá", ""),
        households=[("Nguyễn Văn Hiền", "Đinh Xá", "")],
        left_out=3,
        remarks=1,
    ),
    "headings that merely hold a word": one(
        ("STT", "Mã chủ hộ", "Địa chỉ chủ hộ", "Họ và tên chủ hộ", "Trưởng thôn", "Thôn/Bản", "Hộ nghèo"),
        (1, "NĐ-1", "Xóm 1", "Nguyễn Văn Hiền", "Trần Văn Trưởng", "Đinh Xá", "x"),
        (2, "NĐ-2", "Xóm 2", "Trần Thị Mơ", "Trần Văn Trưởng", "Đinh Xá", ""),
    ),
    "columns in another order": one(
        ("Địa chỉ", "SĐT", "Thôn", "Số khẩu", "Họ và tên chủ hộ", "STT"),
        ("Xóm 1", 912345671, "Đinh Xá", 4, "Nguyễn Văn Hiền", 1),
        ("Xóm 2", "không", "Đinh Xá", 3, "Trần Thị Mơ", 2),
    ),
    "a name that holds chủ hộ": one(HEADER, (1, "Nguyễn Văn Hiền - chủ hộ", *HIEN[1:]), ROWS[1]),
    "the header again on each printed page": one(HEADER, ROWS[0], HEADER, ROWS[1], left_out=1),
    "two tables below each other": one(
        HEADER,
        ROWS[0],
        ("", "NGƯỜI LẬP", "", ""),
        ("TT", "Thôn", "Chủ hộ", "Xóm"),
        (1, "Đinh Xá", "Trần Thị Mơ", "Xóm 2"),
        left_out=2,
    ),
    "numbers of papers in names and addresses": one(
        HEADER,
        (1, "Nguyễn Văn Hiền CCCD: 034085001234", "Đinh Xá", "Xóm 1"),
        (2, "Trần Thị Mơ", "Đinh Xá", "Xóm 2 (sổ 160123456789)"),
        (3, "034085001234", "Đinh Xá", "Xóm 3"),
        left_out=1,
        remarks=2,
    ),
    "people with the number of their household": one(
        PEOPLE,
        (1, 12, "Nguyễn Văn Hiền", "Chủ hộ", "04/05/1960", "Đinh Xá", "Xóm 1"),
        (2, 12, "Lê Thị Vợ", "Vợ", "1962", "Đinh Xá", "Xóm 1"),
        (3, 13, "Trần Văn Con", "Con", "1999", "Đinh Xá", "Xóm 2"),
        (4, 13, "Trần Thị Mơ", "Chủ hộ", "1971", "Đinh Xá", "Xóm 2"),
        (5, 14, "Vũ Văn Lẻ", "Con", "2001", "Đinh Xá", "Xóm 3"),
        left_out=1,
    ),
    "people below their heads": one(
        ("STT", "Họ và tên", "Quan hệ", "Thôn", "Địa chỉ"),
        ("", "Vũ Văn Trước", "Cháu", "Đinh Xá", "Xóm 1"),
        (1, "Nguyễn Văn Hiền", "Chủ hộ", "Đinh Xá", "Xóm 1"),
        ("", "Lê Thị Vợ", "Vợ", "", ""),
        (2, "Trần Thị Mơ", "CH", "Đinh Xá", "Xóm 2"),
        left_out=1,
    ),
    "one village, told": one(
        ("Họ và tên chủ hộ",),
        ("Nguyễn Văn Hiền",),
        households=[("Nguyễn Văn Hiền", "Đinh Xá", "")],
        village="Đinh Xá",
    ),
}


def is_village(name: str) -> bool:
    return name.lower().removeprefix("thôn ") in {"đinh xá", "nghinh tiên"}


def write(folder: Path, sheets: dict[str, Rows], change: Callable[[Workbook], None]) -> Path:
    book = Workbook()
    for place, (name, rows) in enumerate(sheets.items()):
        sheet: Worksheet = book.worksheets[0] if place == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(row)
    change(book)
    book.save(folder / "ho.xlsx")
    return folder / "ho.xlsx"


def read(file: Path, village: str = "", **more: Any) -> ReadList:
    found = read_list(file, Understanding(village=village, is_village=is_village, **more))
    assert (
        found.rows == sum(line.rows for line in found.lines) + found.left_out == sum(one.rows for one in found.sheets)
    )
    return found


@pytest.mark.parametrize("name", MESSES)
def test_each_row_has_an_end(tmp_path: Path, name: str) -> None:
    mess = MESSES[name]
    found = read(write(tmp_path, mess.sheets, mess.change), mess.village)
    told = [note.detail for note in found.notes]
    assert [(line.head_name, line.village, line.address) for line in found.lines] == mess.households, told
    assert found.left_out == mess.left_out, told
    assert sum(not note.left_out for note in found.notes) == mess.remarks, told


def test_no_name_of_who_is_not_the_head_is_kept(tmp_path: Path) -> None:
    found = read(write(tmp_path, MESSES["people with the number of their household"].sheets, lambda _book: None))
    assert [(line.household_number, line.rows) for line in found.lines] == [("12", 2), ("13", 2)]
    assert not any(name in f"{found.lines}{found.notes}" for name in ("Lê Thị Vợ", "Trần Văn Con"))


def test_two_columns_that_fit_equally_well_are_asked_about(tmp_path: Path) -> None:
    rows = [("STT", "Chủ hộ", "Tên chủ hộ", "Thôn"), (1, "Nguyễn Văn Cũ", "Nguyễn Văn Hiền", "Đinh Xá")]
    file = write(tmp_path, {"Sheet": rows}, lambda _book: None)
    with pytest.raises(Problem, match="list-columns-unclear") as refused:
        read(file)
    assert "cột B “Chủ hộ” và cột C “Tên chủ hộ” đều có thể là “Họ và tên chủ hộ”" in refused.value.details.detail
    assert read(file, columns={Column.HEAD: "c"}).lines[0].head_name == "Nguyễn Văn Hiền"


def test_a_sheet_that_a_person_leaves_out_is_named(tmp_path: Path) -> None:
    rows = [HEADER, *ROWS]
    file = write(tmp_path, {"2025": rows, "2026": rows}, lambda _book: None)
    found = read(file, villages={"2025": None})
    assert [line.sheet for line in found.lines] == ["2026", "2026"]
    assert found.left_out == 3


def test_what_is_kept_of_a_person_is_what_the_form_asks(tmp_path: Path) -> None:
    rows = [
        ("Số hộ", "Họ và tên", "Quan hệ với chủ hộ", "Ngày sinh", "Nam", "Nữ", "Thôn", "Số CCCD"),
        (12, "Nguyễn Văn Hiền", "Chủ hộ", "04/05/1960", "x", None, "Đinh Xá", "034060001234"),
        (12, "Lê Thị Vợ", "Vợ", date(1962, 3, 1), None, "x", "Đinh Xá", None),
        (12, "Nguyễn Văn Cháu", "Cháu nội", 2015, "x", None, "Đinh Xá", None),
        (12, "Nguyễn Thị Con", "Con", "không rõ", None, None, "Đinh Xá", None),
    ]
    [line] = read(write(tmp_path, {"Sheet": rows}, lambda _book: None)).lines
    assert [(one.relation, one.birth_year, one.sex) for one in line.people] == [
        ("head", 1960, "m"),
        ("spouse", 1962, "f"),
        ("other", 2015, "m"),
        ("child", None, None),
    ]
    assert "034060001234" not in str(line)
