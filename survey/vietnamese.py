"""Vietnamese text as people type, search, sort and read it; the order of letters and tones is that of CLDR `vi`.

Every text that enters the system passes `clean` once; comparison happens on `fold`; only display keeps the marks.
"""

import re
import unicodedata
from datetime import date
from fractions import Fraction

# Ð (U+00D0, eth) is printed by newspapers and old keyboards where Đ (U+0110) is meant; it must never survive input.
ETH = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u2019": "'", "\u02bc": "'"})
# Letters whose stroke is no mark that could be taken off: Vietnamese đ, ƀ of the Central Highlands, ħ and ł of names
# from elsewhere.
STROKES = str.maketrans("đƀħł", "dbhl")
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile("[0-9]+")
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # ngang, huyền, hỏi, ngã, sắc, nặng: the CLDR order
_SHAPE_MARKS = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn make another letter, not another tone


def clean(text: str) -> str:
    """NFC, Đ instead of its look-alike Ð, straight apostrophes, no invisible characters, single spaces, trimmed."""
    if text.isascii() and text.isalnum():  # a key or a code: there is nothing to clean
        return text
    visible = text
    if not text.isprintable():
        visible = "".join(
            letter for letter in text if unicodedata.category(letter) not in {"Cf", "Cc", "Cs"} or letter.isspace()
        )
    # Composed last: an invisible character between a letter and its mark would have kept them apart.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible.translate(ETH))).strip()


def fold(text: str) -> str:
    """The search form: lower case, no tones, shapes or strokes, so that "duc" finds "Đức" and Hòa equals Hoà."""
    parts = unicodedata.normalize("NFD", clean(text).casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(STROKES)


def has_marks(text: str) -> bool:
    """Whether any mark was written: of a tone, of a letter's shape, or a stroke as that of đ."""
    return fold(text) != clean(text).casefold()


def _mark(letter: str) -> str:
    return letter if unicodedata.combining(letter) else ""


def spelling(text: str) -> str:
    """A form that all spellings of one name share: capitals and the place of a tone mark (HOÀ, Hòa) do not matter.

    The marks themselves do: Đông and Đồng differ. The database stores this form as part of a list line, so the result
    for a text must never change.
    """
    words = unicodedata.normalize("NFD", clean(text).casefold()).split()
    # A stable sort: the letters in their order, then the marks wherever they stood.
    return " ".join("".join(sorted(word, key=_mark)) for word in words)


def initials(name: str) -> str:
    """First letters of each word, folded: "Nguyễn Văn An" gives "nva", the way field workers type a name."""
    return "".join(word[0] for word in fold(name).split())


def _letter_key(text: str) -> tuple[list[int], list[int]]:
    letters: list[int] = []
    tones: list[int] = []
    for letter in unicodedata.normalize("NFC", text.casefold()):
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", parts[0] + "".join(p for p in parts[1:] if p in _SHAPE_MARKS))
        tone = next((p for p in parts[1:] if p in _TONES), "")
        place = _LETTERS.find(base)
        # Spaces, signs and digits sort before letters, foreign letters after them (and never become half a surrogate).
        other = ord(base[0]) if ord(base[0]) < 100 else min(ord(base[0]), 0xD000) + 200
        letters.append(place + 100 if place >= 0 else other)
        tones.append(_TONES.index(tone))
    return letters, tones


def _by_size(number: re.Match[str]) -> str:
    """The digits with their count in front, so that numbers sort by their size."""
    digits = number[0].lstrip("0")
    return f"{min(len(digits), 9)}{digits}"


def collation_key(text: str) -> str:
    """A plain string that sorts as Vietnamese does: letters first, then tones. SQL can order by it, byte by byte.

    Numbers sort by their size: "Thôn 2" before "Thôn 10".
    """
    letters, tones = _letter_key(_NUMBER.sub(_by_size, clean(text)))
    return "".join(chr(letter + 32) for letter in letters) + "\x01" + "".join(chr(tone + 48) for tone in tones)


def name_sort_key(full_name: str) -> str:
    """Sort key of a person: by given name (the last word, tên), then family and middle names."""
    words = clean(full_name).split(" ")
    return collation_key(words[-1]) + "\x02" + collation_key(" ".join(words[:-1]))


def format_number(value: int) -> str:
    """Thousands by dots: 89981 gives "89.981"."""
    return f"{value:,}".replace(",", ".")


def format_percent(rate: Fraction, decimals: int = 1) -> str:
    """A rate with a decimal comma, "94,2 %".

    It never shows a whole percentage that was not reached (69,96 % as "69,9 %", not "70 %"), nor 0 for something.
    """
    scale = 10**decimals
    shown = (rate * 100 * scale + Fraction(1, 2)).__floor__()
    if shown % scale == 0 and shown > rate * 100 * scale:
        shown -= 1
    if rate > 0:
        shown = max(shown, 1)
    whole, rest = divmod(shown, scale)
    return f"{format_number(whole)},{rest:0{decimals}d} %" if rest else f"{format_number(whole)} %"


def parse_count(text: str) -> int | None:
    """Read a count as people write it: "1.235" (a dot groups thousands), "03", " 12 ". None if not a whole number."""
    plain = clean(text)
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", plain):
        return int(plain.replace(".", ""))
    return int(plain) if re.fullmatch(r"\d+", plain) and plain.isascii() else None


def format_date(day: date) -> str:
    """dd/mm/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def parse_date(text: str) -> date | None:
    """Read a day written d/m/yyyy, zeros optional, with "/", "-" or "."; None if there is no such day."""
    match = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", clean(text))
    if not match:
        return None
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


def parse_phone(text: str) -> str | None:
    """A Vietnamese phone number in E.164 ("+84912345678"): mobiles of 10 digits, landlines of 11; None for others."""
    digits = re.sub(r"[\s.\-–()]", "", clean(text))
    if digits.startswith("+84"):
        digits = "0" + digits[3:].removeprefix("0")  # "+84 (0)912 ..."
    elif digits.startswith("84") and len(digits) in {11, 12}:
        digits = "0" + digits[2:].removeprefix("0")
    elif re.fullmatch(r"[35789][0-9]{8}", digits):
        digits = "0" + digits  # a workbook that took the number for a sum has eaten the zero
    if re.fullmatch(r"0[35789][0-9]{8}|02[0-9]{9}", digits):
        return "+84" + digits[1:]
    return None


def format_phone(number: str) -> str:
    """An E.164 number as people write it: "0912 345 678"."""
    local = "0" + number.removeprefix("+84")
    return f"{local[:4]} {local[4:7]} {local[7:]}".strip()
