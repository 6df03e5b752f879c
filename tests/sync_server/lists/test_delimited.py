"""Lists as plain text, in every encoding and with every sign between the cells that offices save."""

import unicodedata
from pathlib import Path

import pytest

from survey import legacy_letters
from sync_server.lists.found import Understanding
from sync_server.lists.reading import read_list
from sync_server.problems import Problem

TEXT = (
    "STT{0}Họ và tên chủ hộ{0}Thôn{0}Địa chỉ\r\n"
    "1{0}Nguyễn Văn Hiền{0}Đinh Xá{0}Xóm 1\r\n2{0}Trần Thị Mơ{0}Đinh Xá{0}#N/A\r\n"
)
TCVN3 = dict(zip(legacy_letters._MARKED, legacy_letters._TCVN3, strict=True))
VNI = {new: old for old, new in reversed(legacy_letters._FROM_VNI.items())}


def in_1258(text: str) -> bytes:
    """As Windows writes it: the shape with the letter, the tone behind it."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    parts = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        shape = unicodedata.normalize("NFC", "".join(one for one in apart if one not in tones))
        parts.append(shape + "".join(one for one in apart if one in tones))
    return "".join(parts).encode("cp1258")


def in_old_letters(text: str, letters: dict[str, str]) -> bytes:
    return "".join(letters.get(letter, letter) for letter in text).encode("cp1252")


ENCODED = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "Windows-1258": in_1258,
    "TCVN3": lambda text: in_old_letters(text, TCVN3),
    "VNI": lambda text: in_old_letters(text, VNI),
}


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODED)
def test_every_encoding_and_separator_is_read(tmp_path: Path, encoding: str, sign: str) -> None:
    file = tmp_path / "ho.csv"
    file.write_bytes(ENCODED[encoding](TEXT.format(sign)))
    found = read_list(file, Understanding())
    assert [(line.row, line.head_name, line.village, line.address) for line in found.lines] == [
        (2, "Nguyễn Văn Hiền", "Đinh Xá", "Xóm 1"),
        (3, "Trần Thị Mơ", "Đinh Xá", ""),
    ]
    assert [note.cell for note in found.notes if note.row] == ["D3"]


def test_excels_own_line_about_the_separator_is_followed(tmp_path: Path) -> None:
    (tmp_path / "ho.csv").write_text("sep=|\nChủ hộ|Thôn\nAn, Bình; Cường|Đinh Xá\n", encoding="utf-8")
    assert read_list(tmp_path / "ho.csv", Understanding()).lines[0].head_name == "An, Bình; Cường"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("cu.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "Excel đời cũ"),
        ("khoa.xlsx", b"\xd0\xcf\x11\xe0" + bytes(60) + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("web.xls", b"<html><table></table></html>", "trang web"),
        ("anh.csv", b"\x89PNG\r\n\x1a\n", "bảng tính"),
        ("may.csv", bytes(range(1, 32)) * 40, "không phải là bảng"),
        ("rong.csv", b"  \r\n", "bảng tính"),
        ("lon.csv", b"x" * (20 * 1024**2 + 1), "20 MB"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Problem, match="list-unreadable") as refused:
        read_list(tmp_path / name, Understanding())
    assert words in refused.value.details.detail
