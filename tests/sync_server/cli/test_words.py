"""What the command line says by itself: in Vietnamese, with the way to help."""

import sys
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from sync_server.cli.commands import app
from sync_server.cli.words import run


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("nothing", "Không có lệnh như vậy. Các lệnh: "),
        ("village nope", "Không có lệnh như vậy. Các lệnh: add, merge, split. Xem cách dùng: tungnha village --help"),
        ("invite", "Thiếu --commune. Xem cách dùng: tungnha invite --help"),
        ("village add --commune 09052", "Thiếu “name”."),
        ("village add --commune", "Sau --commune phải ghi một giá trị."),
        ("invite --commune 09052 --role king --name X", "Giá trị của --role không dùng được."),
        ("backup --jsn x", "Không có tùy chọn --jsn. Có phải --json?"),
        ("backup a b", "Lệnh này có phần thừa hoặc chưa đúng."),
    ],
)
def test_a_command_that_is_not_understood_is_answered(
    typed: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tungnha", *typed.split()])
    with pytest.raises(SystemExit) as ended:
        run(app)
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert told.count("\n") == 1
    assert ended.value.code == 2


def test_help_has_vietnamese_headings(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["tungnha", "backup", "--help"])
    with pytest.raises(SystemExit) as ended:
        run(app)
    told = capsys.readouterr().out
    assert "Điều cần ghi" in told
    assert "Tùy chọn" in told
    assert ended.value.code == 0


def test_an_empty_list_with_headings_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = Workbook()
    book.active.append(["STT", "Họ tên chủ hộ", "Địa chỉ"])
    book.save(tmp_path / "list.xlsx")
    monkeypatch.setenv("TUNGNHA_DATA", str(tmp_path / "data"))
    runner = CliRunner()
    assert runner.invoke(app, ["commune", "create", "09052"]).exit_code == 0
    assert runner.invoke(app, ["village", "add", "--commune", "09052", "Đinh Xá"]).exit_code == 0
    told = runner.invoke(app, ["households", "import", str(tmp_path / "list.xlsx"), "--commune", "09052"])
    assert (told.exit_code, "bên dưới chưa có hộ nào" in told.stderr) == (1, True)
