"""Codes that people carry on paper, type and scan: four symbols that name the commune, eleven random ones and one check
symbol, in four groups of four. Those made before 12/2026 have fifteen random symbols; they work as before.

The alphabet is Crockford's base 32 (no I, L, O, U). The check symbol is a parity over GF(32): it notices every single
wrong symbol, every swap of neighbours or next but one, and every doubled pair read as another, so that a mistyped code
is refused before it is looked up.
"""

import re
import unicodedata

from survey.problem_shapes import FieldProblem
from survey.vietnamese import has_marks
from survey.vietnamese_typing import without_vietnamese_typing

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
RANDOM_BYTES = 10
NAMING = 4
"""How many symbols of a code name the commune."""
PROVINCE_DIGITS = 2
_PROVINCES = 100_000  # the number of a commune is its code of five digits; those of provinces follow
FEWEST_TYPED = LENGTH - 6
"""Letters that a Vietnamese keyboard may leave of a code; where it left fewer, what was typed is something else."""
_LOOKALIKE = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def _times(left: int, right: int) -> int:
    product = 0
    for bit in range(5):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(8, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << (bit - 5)  # x^5 + x^2 + 1, primitive over GF(2)
    return product


def _parity(symbols: list[int]) -> int:
    total = 0
    for symbol in symbols:
        total = _times(total, 2) ^ symbol
    return _times(total, 2)


def make_code(random: bytes) -> str:
    """A code of 75 random bits from `RANDOM_BYTES` random bytes, without separators. It names no commune."""
    bits = int.from_bytes(random[:RANDOM_BYTES], "big")
    return _with_check([bits >> (5 * place) & 31 for place in range(LENGTH - 1)])


def make_code_of(commune: str, random: bytes) -> str:
    """A new code of a commune (5 digits) or province (2 digits), with 55 random bits: a server of many communes knows
    where to look it up."""
    number = int(commune) + (_PROVINCES if len(commune) == PROVINCE_DIGITS else 0)
    named = [number >> (5 * place) & 31 for place in reversed(range(NAMING))]
    bits = int.from_bytes(random[:RANDOM_BYTES], "big")
    return _with_check([*named, *(bits >> (5 * place) & 31 for place in range(LENGTH - 1 - NAMING))])


def commune_of_code(code: str) -> str | None:
    """The commune or province that a code names; None if it names none. A code of before may seem to name any."""
    number = 0
    for letter in code[:NAMING]:
        number = number << 5 | ALPHABET.index(letter)
    if number < _PROVINCES:
        return f"{number:05}"
    return f"{number - _PROVINCES:02}" if number < _PROVINCES + 100 else None


def _with_check(symbols: list[int]) -> str:
    return "".join(ALPHABET[symbol] for symbol in [*symbols, _parity(symbols)])


def read_code(text: str) -> str | None:
    """The code in what a person typed, pasted or scanned; None where there is none, or not surely this one.

    Taken are any case, spaces and hyphens, I for 1 and O for 0, full-width digits, a whole link with the code at its
    end. What a Vietnamese keyboard made of it (AA became Â, AS became Á) is undone where exactly one code comes out.
    """
    typed = after_link(text)
    plain = _plain(typed)
    if _is_code(plain):
        return plain
    if not has_marks(typed) or not FEWEST_TYPED <= len(plain) <= LENGTH:
        return None
    found = {code for code in map(_plain, without_vietnamese_typing(typed)) if _is_code(code)}
    return found.pop() if len(found) == 1 else None


def beginning_of_code(text: str) -> str | None:
    """The first symbols of a code in what a person typed of it, in any grouping; None if they can begin no code."""
    typed = after_link(text)
    plain = _plain(typed)
    if has_marks(typed) or not 0 < len(plain) <= LENGTH or any(letter not in ALPHABET for letter in plain):
        return None
    return plain


def wrong_code(text: str, pointer: str = "/code") -> FieldProblem:
    """Why a text in which `read_code` finds no code is none, as a sentence that says what to do."""
    typed = after_link(text)
    plain = _plain(typed)
    if has_marks(typed):
        return FieldProblem(pointer=pointer, detail="Anh/chị tắt bộ gõ tiếng Việt rồi gõ lại mã: mã không có dấu.")
    strange = next((letter for letter in plain if letter not in ALPHABET), None)
    if strange:
        return FieldProblem.filled(pointer, "Mã không có ký tự “{letter}”: anh/chị xem lại trên thẻ.", letter=strange)
    if len(plain) != LENGTH:
        return FieldProblem.filled(
            pointer,
            "Mã có {length} ký tự, ở đây có {count}: anh/chị xem lại từng nhóm.",
            length=LENGTH,
            count=len(plain),
        )
    return FieldProblem(pointer=pointer, detail="Có ký tự chưa đúng: anh/chị so lại từng nhóm bốn ký tự trên thẻ.")


def server_of(text: str) -> str:
    """The server that a pasted or scanned link of ours names ("tungnha.example.vn:8000"); empty for a bare code."""
    link = re.match(r"https?://([^/\s]+)/.*/(?:c|enroll)/", unicodedata.normalize("NFKC", text).strip(), re.IGNORECASE)
    return link[1].lower() if link else ""


def after_link(text: str) -> str:
    """What follows the last "/c/" or "/enroll/" of a pasted or scanned link; the text itself where it is no link."""
    return re.split(r"/(?:c|enroll)/", unicodedata.normalize("NFKC", text))[-1].partition("?")[0]


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum()).translate(_LOOKALIKE)


def _is_code(plain: str) -> bool:
    if len(plain) != LENGTH or any(letter not in ALPHABET for letter in plain):
        return False
    symbols = [ALPHABET.index(letter) for letter in plain]
    return _parity(symbols[:-1]) == symbols[-1]


def grouped(code: str) -> str:
    """The code as it is printed: "7Q4M-2KXP-…"."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))
