"""The command line."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from survey.card_code import read_code
from sync_server.cli.commands import app
from sync_server.settings import ServerSettings
from tests.silence import SILENCE

Result = tuple[int, str, str]


@pytest.fixture
def run(settings: ServerSettings, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TUNGNHA_DATA", str(settings.data))
    monkeypatch.setenv("TUNGNHA_DATABASE_URL", settings.database_address)
    monkeypatch.setenv("TUNGNHA_PUBLIC_URL", "https://so.xa.vn/")
    runner = CliRunner()

    def run_command(*words: str | Path) -> Result:
        done = runner.invoke(app, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return run_command


@pytest.fixture
def commune(run: Any) -> str:
    assert run("commune", "create", "09052")[0] == 0
    assert run("village", "add", "--commune", "09052", "Đinh Xá")[0] == 0
    return "09052"


def test_a_commune_from_nothing_to_an_invitation(run: Any) -> None:
    code, out, _ = run("commune", "create", "09052", "--json")
    assert (code, json.loads(out)["name"], json.loads(out)["criteria_set"]) == (0, "Nguyệt Đức", "six-items")
    code, out, _ = run("village", "add", "--commune", "09052", "Đinh Xá", "--kind", "bản", "--json")
    village = json.loads(out)
    assert (code, village["name"], village["kind"]) == (0, "Đinh Xá", "bản")
    code, out, _ = run(
        "invite", "--commune", "09052", "--role", "lead", "--name", "Minh", "--village", "Đinh Xá", "--json"
    )
    invitation = json.loads(out)
    assert code == 0
    assert set(invitation) == {
        "code", "link", "expires_at", "member", "is_new_member", "devices", "namesakes", "matched",
    }  # fmt: skip
    assert (invitation["member"]["name"], invitation["is_new_member"], invitation["devices"]) == ("Minh", True, 0)
    assert read_code(invitation["code"])
    assert invitation["link"] == f"https://so.xa.vn/app/#/enroll/{invitation['code']}"
    assert invitation["expires_at"].endswith("Z")


def test_a_code_ends_on_a_day_of_vietnam(run: Any, commune: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour, day in ((16, "31/12/2026"), (17, "01/01/2027")):
        at = datetime(2026, 12, 17, hour, tzinfo=UTC)
        monkeypatch.setattr("sync_server.cli.commands.utc_now", lambda at=at: at)
        code, out, _ = run("invite", "--commune", commune, "--role", "official", "--name", "Hoa")
        assert (code, f"trước ngày {day}." in out) == (0, True)


def test_a_round_is_told_how_long_answers_hold(run: Any, commune: str) -> None:
    def hold(days: str, *more: str) -> Result:
        return run("round", "--commune", commune, "--answers-hold-days", days, *more)

    for days, said in (("365", "câu trả lời giữ 365 ngày, cũ hơn thì hỏi lại"), ("0", "câu trả lời giữ mãi")):
        code, out, _ = hold(days)
        assert (code, f": {said}." in out) == (0, True)
    assert json.loads(hold("90", "--json")[1])["answers_hold_days"] == 90
    assert hold("29")[::2] == (1, "Câu trả lời giữ ít nhất 30 ngày, hoặc 0 là giữ mãi.\n")
    assert hold("3661")[0] == 2
    assert run("round", "--commune", "99999", "--answers-hold-days", "365")[0] == 1


def test_an_official_is_invited_to_the_pages(run: Any, commune: str) -> None:
    code, out, _ = run("invite", "--commune", commune, "--role", "official", "--name", "Hoa")
    assert code == 0
    assert out.startswith("https://so.xa.vn/office/#/enroll/")


def test_a_list_is_imported(run: Any, commune: str, tmp_path: Path) -> None:
    book = Workbook()
    for row in (("Chủ hộ", "Thôn"), ("An", "Đinh Xá"), ("Bình", "Đoài"), ("", "Đoài")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "ho.xlsx")
    words = ("households", "import", tmp_path / "ho.xlsx", "--commune", commune)
    code, _, error = run(*words)
    assert code == 1
    assert "“Đoài”" in error
    code, out, _ = run(*words, "--create-villages")
    assert code == 0
    assert out.splitlines() == [
        "Đã nhập 3 dòng: 2 thêm mới, 0 sửa, 0 giữ nguyên, 1 không nhập.",
        "Đã tạo thôn Đoài.",
        "Trang “Sheet”, ô A4: Dòng này không có tên chủ hộ nên chưa nhập.",
    ]
    again = json.loads(run(*words, "--json")[1])
    assert [again[one] for one in ("rows", "added", "updated", "unchanged", "left_out")] == [3, 0, 0, 2, 1]
    [note] = again["notes"]
    assert (note["row"], note["cell"], note["left_out"]) == (4, "A4", True)


def test_a_list_is_looked_at_before_anything_is_written(run: Any, commune: str, tmp_path: Path) -> None:
    file = tmp_path / "ho.csv"
    file.write_text("Chủ hộ;Thôn\nNguyễn Văn Hiền;Đinh Xá\nTrần Thị Mơ;Đoài\n", encoding="utf-8-sig")
    words = ("households", "import", file, "--commune", commune, "--create-villages")
    code, out, _ = run(*words, "--dry-run")
    assert (code, out.splitlines()) == (
        0,
        ["Sẽ nhập 2 dòng: 2 thêm mới, 0 sửa, 0 giữ nguyên, 0 không nhập.", "Sẽ tạo thôn Đoài."],
    )
    assert json.loads(run(*words, "--json")[1])["added"] == 2
    assert "head_name=C" in run(*words, "--column", "ten=C")[2]


def test_villages_are_merged_and_split(run: Any, commune: str, tmp_path: Path) -> None:
    assert run("village", "add", "--commune", commune, "Đoài")[0] == 0
    book = Workbook()
    for row in (("Chủ hộ", "Thôn", "Địa chỉ"), ("An", "Đinh Xá", "Ngõ 1"), ("Bình", "Đoài", "Ngõ 2")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "ho.xlsx")
    assert run("households", "import", tmp_path / "ho.xlsx", "--commune", commune)[0] == 0
    merge = ("village", "merge", "--commune", commune, "--into", "Đinh Đoài", "--from", "Đinh Xá", "--from", "Đoài")
    code, out, _ = run(*merge)
    assert code == 0
    assert out == (
        "thôn Đinh Xá, thôn Đoài → thôn Đinh Đoài: đã nhập 2 hộ, 0 người trong tổ được giao thêm thôn này.\n"
    )
    code, _, error = run(*merge)
    assert (code, "Không có thôn “Đinh Xá”" in error) == (1, True)
    book.worksheets[0].delete_rows(2)
    book.worksheets[0]["B2"] = "Đinh Đoài"
    book.save(tmp_path / "tach.xlsx")
    split = ("village", "split", "--commune", commune, "--from", "Đinh Đoài", "--new", "Đoài")
    code, out, _ = run(*split, "--households", tmp_path / "tach.xlsx", "--json")
    done = json.loads(out)
    assert (code, done["village"]["name"], done["households"]) == (0, "Đoài", 1)
    assert [one["name"] for one in done["from"]] == ["Đinh Đoài"]


WRONG = [
    (("commune", "create", "99999"), "Không có xã mang mã này"),
    (("commune", "create", "09052"), "Xã này đã được mở rồi"),
    (("commune", "create", "00001", "--criteria-set", "x"), "Không có bộ tiêu chí này. Các bộ tiêu chí có sẵn: "),
    (("village", "add", "--commune", "00001", "Đông"), "Xã này chưa được mở"),
    (("village", "add", "--commune", "09052", "thôn đinh xá"), "Xã đã có thôn mang tên này"),
    (("village", "add", "--commune", "09052", " "), "Tên thôn không được để trống"),
    (("village", "merge", "--commune", "09052", "--into", "Đinh Xá", "--from", "Đinh Xá"), "Cần ít nhất một thôn khác"),
    (("village", "split", "--commune", "09052", "--from", "Đinh Xá", "--new", "B"), "Anh/chị chọn các hộ tách ra"),
    (
        ("village", "split", "--commune", "09052", "--from", "Đinh Xá", "--new", "B", "--alley", "Ngõ 7"),
        "Không có hộ nào ở “Ngõ 7”. Chưa có gì thay đổi.",
    ),
    (
        ("village", "split", "--commune", "09052", "--from", "Đinh Xá", "--new", "B", "--households", "không-có.txt"),
        "Không đọc được tệp không-có.txt",
    ),
    (("invite", "--commune", "09052", "--role", "member", "--name", "Lan"), "Chưa chọn thôn"),
    (("invite", "--commune", "09052", "--role", "official", "--name", " "), "Họ và tên không được để trống"),
    (("invite", "--commune", "09052", "--role", "lead", "--name", "M", "--village", "Đoài"), "Không có thôn “Đoài”"),
    (("households", "import", "không-có.xlsx", "--commune", "09052"), "Không tìm thấy tệp “không-có.xlsx”"),
]


@pytest.mark.parametrize(("words", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
def test_what_cannot_be_done_is_a_sentence_and_exit_code_1(
    run: Any, commune: str, words: tuple[str, ...], sentence: str
) -> None:
    code, out, error = run(*words)
    assert (code, out) == (1, "")
    assert sentence in error
    assert "Traceback" not in error


def test_wrong_usage_is_exit_code_2(run: Any) -> None:
    assert run("invite", "--commune", "09052")[0] == 2
    assert run("invite", "--commune", "09052", "--role", "king", "--name", "A")[0] == 2
    assert run("no-such")[0] == 2


def test_wrong_settings_are_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNGNHA_CODE_DAYS", "0")
    monkeypatch.setenv("TUNGNHA_DATABASE_URL", "mysql://u:geheim@h/x")
    code, _, error = run("commune", "create", "09052")
    assert code == 1
    assert "TUNGNHA_CODE_DAYS: Giá trị nhỏ quá: ít nhất 1." in error
    assert "TUNGNHA_DATABASE_URL: Chỉ dùng được sqlite:// hoặc postgresql://." in error
    assert "geheim" not in error


def test_a_database_that_cannot_be_opened_is_a_sentence(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.delenv("TUNGNHA_DATABASE_URL")
    monkeypatch.setenv("TUNGNHA_DATA", str(tmp_path / "file"))
    code, _, error = run("commune", "create", "09052")
    assert (code, "Không mở hoặc không ghi được" in error) == (1, True)


def test_a_recording_of_the_consent_is_put_in_and_taken_back(run: Any, commune: str, tmp_path: Path) -> None:
    file = tmp_path / "xin-phep.mp3"
    command = ("commune", "recording", "--commune", commune)
    assert "Không đọc được tệp" in run(*command, file)[2]
    file.write_bytes(b"RIFF")
    assert run(*command, file)[2].startswith("Chưa dùng được bản ghi âm này. Tệp phải là")
    file.write_bytes(SILENCE)
    assert run(*command, file)[:2] == (0, "Đã nhận bản ghi âm (16 kB). Các máy tải về khi mở ứng dụng lúc có mạng.\n")
    assert run(*command, file, "--remove")[0] == 1
    assert run(*command, "--remove")[:2] == (0, "Xã không còn bản ghi âm nào.\n")


def test_the_last_import_is_taken_back(run: Any, commune: str, tmp_path: Path) -> None:
    file = tmp_path / "ho.csv"
    file.write_text("Chủ hộ;Thôn\nNguyễn Văn Hiền;Đinh Xá\n", encoding="utf-8")
    assert run("households", "undo", "--commune", commune)[0] == 1
    assert run("households", "import", file, "--commune", commune)[0] == 0
    code, out, _ = run("households", "undo", "--commune", commune)
    assert (code, out) == (0, "Đã hoàn tác “ho.csv”: bỏ 1 dòng thêm mới, trả lại 0 dòng đã sửa.\n")
    assert json.loads(run("households", "import", file, "--commune", commune, "--json")[1])["added"] == 1
