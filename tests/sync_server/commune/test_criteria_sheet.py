"""A criteria set goes through Excel and comes back the same; what was filled in wrong is named with its line."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from survey.criteria import CriteriaSet
from sync_server.commune.criteria_sets import list_criteria_sets, load_criteria_set
from sync_server.commune.criteria_sheet import HEADINGS, read_sheet, write_sheet
from sync_server.problems import Problem


@pytest.mark.parametrize("criteria_set", list_criteria_sets(), ids=lambda one: str(one.code))
def test_every_documented_set_comes_back_the_same(tmp_path: Path, criteria_set: CriteriaSet) -> None:
    (tmp_path / "bo.xlsx").write_bytes(write_sheet(criteria_set))
    again = read_sheet(tmp_path / "bo.xlsx", criteria_set.code)
    left = {"sources", "valid_from", "valid_to"}
    assert again.model_dump(exclude=left) == criteria_set.model_dump(exclude=left)


def changed(folder: Path, heading: str, value: object, row: int = 1) -> Path:
    """The workbook of the six items with one cell of an item changed."""
    file = folder / "bo.xlsx"
    file.write_bytes(write_sheet(load_criteria_set("six-items")))
    book = load_workbook(file)
    page = book.worksheets[0]
    top = next(line[0].row for line in page.iter_rows() if line[0].value == HEADINGS["no"])
    column = list(HEADINGS.values()).index(heading) + 1
    page.cell(top + row, column).value = value  # type: ignore[union-attr]
    book.save(file)
    return file


@pytest.mark.parametrize(
    ("heading", "value", "said"),
    [
        ("Loại", "phần trăm", "ghi một trong: tỷ lệ, có/không, số lượng"),
        ("Câu hỏi", "Có ô tô không?", "không có câu hỏi “Có ô tô không?”"),
        ("Ngưỡng", "nhiều", "cột “Ngưỡng”"),
        ("Nội dung", None, "cột “Nội dung”"),
        ("Mục", "2", "hai mục mang cùng một số"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, heading: str, value: object, said: str) -> None:
    file = changed(tmp_path, heading, value, row=1 if heading in {"Mục", "Nội dung"} else 4)
    with pytest.raises(Problem, match="criteria-sheet-unreadable") as refused:
        read_sheet(file, "x")
    assert said in refused.value.details.detail


def test_a_threshold_is_read_as_people_write_it(tmp_path: Path) -> None:
    for written, meant in (("69,96", "69.96"), (70, "70"), ("70 %", "70"), (62.5, "62.5")):
        made = read_sheet(changed(tmp_path, "Ngưỡng", written, row=4), "x")
        assert next(one.threshold for one in made.criteria if one.no == "4a") == meant


def test_another_workbook_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "ho.csv").write_text("STT;Chủ hộ\n1;An\n", encoding="utf-8")
    with pytest.raises(Problem, match="criteria-sheet-unreadable") as refused:
        read_sheet(tmp_path / "ho.csv", "x")
    assert "Không thấy dòng tiêu đề" in refused.value.details.detail
