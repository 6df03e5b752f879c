"""Whatever stands in a list's sheets, in whatever order: each row has an end, and nothing forbidden is kept."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from survey.privacy import holds_long_number
from sync_server.lists.found import ReadList, Understanding
from sync_server.lists.reading import read_list
from sync_server.problems import Problem
from tests.pace import examples

HEADINGS = {
    "Họ và tên chủ hộ": st.sampled_from(["Nguyễn Văn Hiền", "Trần Thị Mơ", "Lê Văn Sáu", "H'Hen Niê", "TỐNG VĂN BÌNH"]),
    "Thôn": st.sampled_from(["Đinh Xá", "thôn Nghinh Tiên", "nt"]),
    "STT": st.integers(1, 2000) | st.none(),
    "Địa chỉ": st.sampled_from(["Xóm 1", "Ngõ 12/3", "nt", "", "STK 1903 2456 7890 12"]) | st.dates(),
    "SĐT": st.sampled_from(["0912 345 678", 912345678, "0912", "không có", None]),
    "Số khẩu": st.integers(1, 9),
    "Ghi chú": st.text(max_size=8),
    "CCCD": st.just("034085001234"),
}
JUNK = st.sampled_from(
    [
        ("TỔNG CỘNG", "", "", 12),
        ("", "Cộng:", 3),
        ("I", "THÔN ĐINH XÁ"),
        ("A", "B", "C", "D", "1", "2"),
        ("", "NGƯỜI LẬP BIỂU", "", "TRƯỞNG THÔN"),
        ("#N/A", "#REF!", True, 12.5),
        ("", "034085001234"),
        ("", "", "", "ghi chú thêm"),
    ]
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[list[Any]], int, bool]:
    """Rows of a sheet; how many stand below its header; whether two cells are merged."""
    optional = draw(st.permutations([name for name in HEADINGS if name not in {"Họ và tên chủ hộ", "Thôn"}]))
    columns = ["Họ và tên chủ hộ", "Thôn", *optional[: draw(st.integers(0, 6))]]
    columns = draw(st.permutations(columns))
    titles = draw(st.lists(st.just(["DANH SÁCH HỘ CỦA XÃ NGUYỆT ĐỨC TÍNH ĐẾN NĂM 2026"]), max_size=2))
    rows: list[list[Any]] = []
    for _ in range(draw(st.integers(1, 8))):
        is_household = draw(st.booleans())
        row = [draw(HEADINGS[name]) for name in columns] if is_household else list(draw(JUNK))
        rows += [row] if any(cell not in (None, "") for cell in row) else []
    return [*titles, columns, *rows], len(rows), draw(st.booleans())


def read(made: list[tuple[list[list[Any]], int, bool]]) -> ReadList:
    book = Workbook()
    for place, (rows, _count, merged) in enumerate(made):
        sheet = book.worksheets[0] if place == 0 else book.create_sheet()
        for row in rows:
            sheet.append([cell if not isinstance(cell, str) or cell.isprintable() else "" for cell in row])
        if merged and len(rows) > 3:
            sheet.merge_cells(start_row=len(rows) - 1, end_row=len(rows), start_column=1, end_column=1)
    with TemporaryDirectory() as folder:
        book.save(Path(folder) / "ho.xlsx")
        return read_list(Path(folder) / "ho.xlsx", Understanding(village="Đinh Xá"))


@settings(max_examples=examples(150))
@given(st.lists(sheets(), min_size=1, max_size=3))
def test_each_row_of_each_sheet_has_an_end(made: list[tuple[list[list[Any]], int, bool]]) -> None:
    found = read(made)
    written = sum(count for _rows, count, _merged in made)
    assert sum(line.rows for line in found.lines) + found.left_out == found.rows == written
    for line in found.lines:
        assert line.head_name
        assert line.village
        assert not holds_long_number(f"{line.head_name} | {line.address}")
        assert not line.head_name.startswith("#")
    ends = [(line.sheet, line.row) for line in found.lines]
    ends += [(note.sheet, note.row) for note in found.notes if note.left_out]
    assert len(ends) == len(set(ends)), "no row has two ends"


@given(st.binary(max_size=400))
def test_whatever_the_file_is_it_is_read_or_refused_in_words(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "ho.csv").write_bytes(content)
        with suppress(Problem):
            read_list(Path(folder) / "ho.csv", Understanding(village="Đinh Xá"))
