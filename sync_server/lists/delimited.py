"""Lists as plain text: commas, semicolons or tabs between the cells, in the encodings that offices still save."""

import csv
import io
import re
import unicodedata
from pathlib import Path

from survey.legacy_letters import Letters, letters_of, to_unicode
from survey.vietnamese import fold
from sync_server.lists.sheets import Cell, Row, Sheet, Wrong, unreadable

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ";\t,"
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)", re.IGNORECASE)
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def read_delimited(file: Path) -> list[Sheet]:
    """The file as one sheet. Raises `Problem` list-unreadable."""
    text = _decoded(file.read_bytes()).replace("\0", "")
    if any(unicodedata.category(one) == "Cc" and not one.isspace() for one in text[:4000]):
        raise unreadable("Tệp không phải là bảng. Anh/chị lưu danh sách bằng Excel, kiểu “Excel Workbook (.xlsx)”.")
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error as error:
        raise unreadable("Tệp CSV bị hỏng: có một ô dài bất thường. Anh/chị lưu lại bằng Excel (.xlsx).") from error
    rows = [Row(number, [_cell(text) for text in line]) for number, line in enumerate(lines, 1)]
    sheet = Sheet(file.stem, [row for row in rows if any(cell is not None for cell in row.cells)])
    return [sheet] if sheet.rows else []


def _cell(text: str) -> Cell:
    plain = text.strip()
    return Wrong(plain.upper()) if _ERROR.fullmatch(plain) else plain or None


def _separator(text: str) -> str:
    """The sign that stands most often in the lines that have most of it; Excel's "sep=" line names it."""
    if named := re.match(r"sep=(.)\r?\n", text):
        return named[1]
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    return max(_SEPARATORS, key=lambda sign: sum(min(line.count(sign), 30) for line in lines))


def _decoded(content: bytes) -> str:
    """The text: by its mark, as UTF-8, or in the old one-byte encoding that makes Vietnamese words of it.

    Libraries that guess encodings do not know TCVN3 and VNI, which hide behind Windows-1252. Here a word with two tones
    gives a wrong guess away.
    """
    for mark, encoding in _BOMS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        old = unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))
        plain = content.decode("cp1252", errors="replace")
        guesses = [old, *(to_unicode(plain, one) for one in (Letters.TCVN3, Letters.VNI))]
        best = max(guesses, key=_likeliness)
        return best if letters_of(best) in (Letters.UNICODE, None) else old


def _likeliness(text: str) -> float:
    """The share of words with marks that can be Vietnamese: letters of its alphabet, at most one tone."""
    words = [word for word in re.findall(r"[^\W\d_]+|[^\w\s]+", text) if not word.isascii()]
    return sum(map(_can_be_vietnamese, words)) / len(words) if words else 1.0


def _can_be_vietnamese(word: str) -> bool:
    tones = sum(letter in _TONES for letter in unicodedata.normalize("NFD", word))
    return tones <= 1 and fold(word).isascii() and word.isalpha()
