"""QR symbols of many codes under one address, for a hundredth of what each would cost alone.

With version, level, mask, mode and length fixed, every module of a symbol is a sum over GF(2) of the bits of its text
(Reed-Solomon codes are linear, the mask is a constant). So one symbol is made as usual, and one for each bit that a
letter of the code can change; all others are an exclusive or of these.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from survey.card_code import ALPHABET, LENGTH

if TYPE_CHECKING:
    from qrcode.main import QRCode

CARD_PATH = "/app/#/c/"
ENROLL_PATH, OFFICE_ENROLL_PATH = "/app/#/enroll/", "/office/#/enroll/"
Level = Literal["M", "H"]
_MASK = 0
_BYTES: Literal[4] = 4  # qrcode's MODE_8BIT_BYTE
_RUN = re.compile("1+")


@dataclass(frozen=True)
class Rectangle:
    """A dark rectangle of a symbol in modules, from its top left corner."""

    x: int
    y: int
    width: int
    height: int


class Picture(NamedTuple):
    """A symbol to draw: its modules on a side, and its dark rectangles as plain (x, y, width, height)."""

    side: int
    figures: list[tuple[int, int, int, int]]


def plain_picture(text: str, level: Level = "H") -> Picture:
    """The symbol of any text, for those who draw only one."""
    rows = ["".join("01"[module] for module in row) for row in plain_symbol(text, level)]
    return Picture(len(rows), _joined(rows))


def plain_symbol(text: str, level: Level = "H") -> list[list[bool]]:
    """One symbol as rows of modules, dark is True: byte mode, smallest version, fixed mask, no white around it."""
    symbol = _prepared(text, level)
    symbol.make(fit=True)
    return [[bool(module) for module in row] for row in symbol.modules]


def modules_for(text: str, level: Level = "H") -> int:
    """Modules on a side of the smallest symbol that holds the text; 21 to 177."""
    return 17 + 4 * _prepared(text, level).best_fit()


def site_link(public_url: str) -> str:
    """The link in the symbol of a notice: the site itself, of no household."""
    return f"{public_url}/"


def card_link(public_url: str, code: str) -> str:
    """The link in the symbol of a household's card; the code stands in it without hyphens."""
    return f"{public_url}{CARD_PATH}{code}"


class Symbols:
    """The symbols of all codes under one address. `side` is their modules on a side.

    `start` is what stands before the code in the link. Making one takes about 0.2 s.
    """

    def __init__(self, start: str, level: Level = "H") -> None:
        zero = ALPHABET[0]
        base = plain_symbol(start + zero * LENGTH, level)
        self.side = len(base)
        self._base = _as_number(base)
        self._places: list[dict[str, int]] = []
        for place in range(LENGTH):
            bits = []
            for bit in range(7):
                changed = chr(ord(zero) ^ 1 << bit)
                text = start + zero * place + changed + zero * (LENGTH - place - 1)
                bits.append(_as_number(plain_symbol(text, level)) ^ self._base)
            self._places.append({letter: _sum_of(bits, ord(letter) ^ ord(zero)) for letter in ALPHABET})

    def rows(self, code: str) -> list[str]:
        """The symbol of a code (16 symbols, no hyphens) as rows of "0" and "1". Raises `ValueError` for other texts."""
        if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
            raise ValueError(f"not a code of {LENGTH} symbols: {code!r}")
        number = self._base
        for place, letter in zip(self._places, code, strict=True):
            number ^= place[letter]
        bits = f"{number:0{self.side * self.side}b}"
        return [bits[start : start + self.side] for start in range(0, len(bits), self.side)]

    def rectangles(self, code: str) -> list[Rectangle]:
        """The same as few dark rectangles: runs along a row, joined with equal runs of the rows below."""
        return [Rectangle(*one) for one in self.figures(code)]

    def figures(self, code: str) -> list[tuple[int, int, int, int]]:
        """The rectangles as plain (x, y, width, height), for those who draw thousands."""
        return _joined(self.rows(code))

    def picture(self, code: str) -> Picture:
        """The symbol of a code, ready to be drawn."""
        return Picture(self.side, self.figures(code))


def _joined(rows: Sequence[str]) -> list[tuple[int, int, int, int]]:
    found: list[tuple[int, int, int, int]] = []
    open_runs: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*rows, ""]):
        runs = {run.span(): y for run in _RUN.finditer(row)}
        for span, since in open_runs.items():
            if span in runs:
                runs[span] = since
            else:
                found.append((span[0], since, span[1] - span[0], y - since))
        open_runs = runs
    return found


def _prepared(text: str, level: Level) -> "QRCode[Any]":
    from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M  # imported late: only who draws symbols pays for it
    from qrcode.main import QRCode
    from qrcode.util import QRData

    levels = {"M": ERROR_CORRECT_M, "H": ERROR_CORRECT_H}
    symbol: QRCode[Any] = QRCode(error_correction=levels[level], mask_pattern=_MASK, border=0)
    symbol.add_data(QRData(text.encode(), mode=_BYTES), optimize=0)
    return symbol


def _as_number(rows: list[list[bool]]) -> int:
    return int("".join("1" if module else "0" for row in rows for module in row), 2)


def _sum_of(parts: list[int], bits: int) -> int:
    total = 0
    for place, part in enumerate(parts):
        if bits >> place & 1:
            total ^= part
    return total
