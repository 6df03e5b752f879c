"""Every command that takes a village's name: none is taken for another, and what was understood is said."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str, str]]
AT = ("--commune", "09052")
SIX = ["thôn Đông", "thôn Đồng", "thôn Hạ", "thôn Hà", "thôn 3", "tổ dân phố 3"]


@pytest.fixture
def commune(run: Run) -> None:
    assert run("commune", "create", "09052")[0] == 0


@pytest.fixture
def six(run: Run, commune: None) -> None:
    for name in SIX:
        assert run("village", "add", *AT, name)[0] == 0


def listed(tmp_path: Path, *villages: str) -> Path:
    """A list of one household in each of the villages."""
    book = Workbook()
    book.worksheets[0].append(("Chủ hộ", "Thôn", "Địa chỉ"))
    for place, village in enumerate(villages, 1):
        book.worksheets[0].append((f"Nguyễn Văn {'ABCDEFGH'[place]}", village, f"Ngõ {place}"))
    file = tmp_path / f"{'-'.join(villages) or 'trống'}.xlsx"
    book.save(file)
    return file


def parsed(result: tuple[int, str, str]) -> Any:
    assert result[0] == 0, result
    return json.loads(result[1])


def villages_of(run: Run, *names: str) -> list[str]:
    """Who is given these villages has which, as kind and name."""
    run("invite", *AT, "--role", "member", "--name", "Đỗ Thị Thử", "--village", names[0])
    words = [word for name in names for word in ("--village", name)]
    moved = parsed(run("members", "move", *AT, "--name", "Đỗ Thị Thử", *words, "--json"))
    return [f"{one['kind']} {one['name']}" for one in moved["villages"]]


def test_six_villages_of_a_list_are_six(run: Run, commune: None, tmp_path: Path) -> None:
    file = listed(tmp_path, *(name[0].upper() + name[1:] for name in SIX))
    done = parsed(run("households", "import", file, *AT, "--create-villages", "--json"))
    assert (done["added"], done["villages_created"], done["matched"]) == (6, SIX, [])
    again = parsed(run("households", "import", file, *AT, "--create-villages", "--json"))
    assert (again["added"], again["villages_created"]) == (0, [])
    assert villages_of(run, *SIX) == SIX


@pytest.mark.usefixtures("six")
def test_a_name_without_marks_that_fits_two_villages_changes_nothing(run: Run, tmp_path: Path) -> None:
    commands: list[tuple[str | Path, ...]] = [
        ("invite", *AT, "--role", "lead", "--name", "Hoàng Văn Minh", "--village", "dong"),
        ("village", "merge", *AT, "--into", "thôn Hạ", "--from", "dong"),
        ("village", "merge", *AT, "--into", "dong", "--from", "thôn Hạ"),
        ("village", "split", *AT, "--from", "dong", "--new", "Đông Ngoài", "--alley", "Ngõ 1"),
        ("households", "import", listed(tmp_path, "dong"), *AT),
        ("households", "import", listed(tmp_path, "dong"), *AT, "--create-villages"),
        ("households", "import", listed(tmp_path, ""), *AT, "--village", "dong"),
    ]
    for words in commands:
        code, out, error = run(*words)
        assert (code, out) == (1, ""), words
        assert "“dong” có thể là thôn Đông hoặc thôn Đồng." in error
        assert "Chưa có gì thay đổi." in error
    assert "thôn 3 hoặc tổ dân phố 3" in run("village", "merge", *AT, "--into", "thôn Hạ", "--from", "3")[2]
    assert run("members", "list", *AT)[1] == "Xã chưa mời ai.\n"
    assert villages_of(run, *SIX) == SIX


def test_a_mark_that_was_written_is_never_another_one(run: Run, commune: None, tmp_path: Path) -> None:
    for name in ("Đông", "Hạ", "Tổ dân phố 3"):
        assert run("village", "add", *AT, name)[0] == 0
    for wrong in ("Đồng", "Hà", "Thôn 3"):
        commands: list[tuple[str | Path, ...]] = [
            ("invite", *AT, "--role", "lead", "--name", "Hoàng Văn Minh", "--village", wrong),
            ("village", "merge", *AT, "--into", "Đông Hạ", "--from", wrong),
            ("village", "split", *AT, "--from", wrong, "--new", "Mới", "--alley", "Ngõ 1"),
            ("households", "import", listed(tmp_path, wrong), *AT),
            ("households", "import", listed(tmp_path, ""), *AT, "--village", wrong),
        ]
        for words in commands:
            code, out, error = run(*words)
            assert (code, out) == (1, ""), words
            assert f"“{wrong}”" in error
            assert "Các thôn của xã: thôn Đông, thôn Hạ, tổ dân phố 3." in error


def test_what_was_matched_is_said(run: Run, commune: None, tmp_path: Path) -> None:
    for name in ("Đông", "Hạ"):
        assert run("village", "add", *AT, name)[0] == 0
    said, field = "“dong” được hiểu là thôn Đông.", [{"written": "dong", "village": "thôn Đông", "how": "loosely"}]
    invite = ("invite", *AT, "--role", "lead", "--name", "Hoàng Văn Minh", "--village", "dong")
    move = ("members", "move", *AT, "--name", "Hoàng Văn Minh", "--village", "dong")
    bring = ("households", "import", listed(tmp_path, "dong"), *AT)
    split = ("village", "split", *AT, "--from", "dong", "--alley", "Ngõ 1", "--new")
    for words in (invite, move, bring):
        code, out, _ = run(*words)
        assert (code, said in out.splitlines()) == (0, True), words
        assert parsed(run(*words, "--json"))["matched"] == field
    assert parsed(run(*split, "Đông Ngoài", "--json"))["matched"] == field
    merged = run("village", "merge", *AT, "--into", "dong", "--from", "ha")[1].splitlines()
    assert merged[:2] == ["“ha” được hiểu là thôn Hạ.", said]


def test_a_list_goes_to_the_village_that_it_names_most_fully(run: Run, commune: None, tmp_path: Path) -> None:
    file = listed(tmp_path, "dong", "Đông", "Bản Đông", "Hạ")
    done = parsed(run("households", "import", file, *AT, "--create-villages", "--json"))
    assert done["villages_created"] == ["bản Đông", "thôn Hạ"]
    assert done["matched"] == [{"written": "dong", "village": "bản Đông", "how": "loosely"}]


def test_villages_of_almost_one_name_may_be_added(run: Run, commune: None) -> None:
    for name in SIX:
        assert run("village", "add", *AT, name)[0] == 0
    for name, called in (("THÔN ĐỒNG", "thôn ĐỒNG"), ("3", "thôn 3"), ("Tổ dân phố 3", "tổ dân phố 3")):
        code, _, error = run("village", "add", *AT, name)
        assert (code, f"Xã đã có {called}." in error) == (1, True)


@pytest.mark.usefixtures("six")
def test_the_village_that_was_named_is_the_one_that_is_merged(run: Run) -> None:
    done = parsed(run("village", "merge", *AT, "--into", "Đông", "--from", "Đồng", "--json"))
    assert [one["name"] for one in done["from"]] == ["Đồng"]
    done = parsed(run("village", "merge", *AT, "--into", "Tổ dân phố 4", "--from", "tổ dân phố 3", "--json"))
    assert (done["village"]["kind"], done["village"]["name"]) == ("tổ dân phố", "4")
    code, _, error = run("members", "move", *AT, "--name", "Ai Đó", "--village", "Đồng")
    assert (code, "Không tìm thấy người này" in error) == (1, True)
    code, _, error = run("invite", *AT, "--role", "lead", "--name", "Minh", "--village", "Đồng")
    assert (code, "Không có thôn “Đồng” nữa: đã nhập vào thôn Đông." in error) == (1, True)


def test_a_list_that_names_a_merged_village_goes_to_its_successor(run: Run, commune: None, tmp_path: Path) -> None:
    for name in ("Đông", "Hạ"):
        assert run("village", "add", *AT, name)[0] == 0
    assert run("village", "merge", *AT, "--into", "Đông Hạ", "--from", "Đông", "--from", "Hạ")[0] == 0
    code, out, _ = run("households", "import", listed(tmp_path, "Hạ"), *AT, "--create-villages")
    assert code == 0
    assert out.splitlines() == [
        "Đã nhập 1 dòng: 1 thêm mới, 0 sửa, 0 giữ nguyên, 0 không nhập.",
        "“Hạ” nay là thôn Đông Hạ.",
    ]
    moved = parsed(run("village", "merge", *AT, "--into", "Mới", "--from", "Đông Hạ", "--json"))
    assert moved["households"] == 1
