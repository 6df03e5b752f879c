"""Texts on a page: the project's own typeface, in mm from the top left, never cut off, no letter left out silently."""

import unicodedata
from codecs import BOM_UTF16_BE
from functools import cache
from pathlib import Path
from threading import Lock

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, shapeStr
from reportlab.pdfgen.canvas import Canvas

from sync_server.cards.formats import PAGE_HEIGHT

REGULAR, BOLD = "BeVietnamPro-Regular", "BeVietnamPro-Bold"
POINT = 1 / mm
"""Millimetres in a typographic point."""
LEADING = 1.3
LEFT, MIDDLE, RIGHT = 0.0, 0.5, 1.0
FONTS = Path(__file__).parents[2] / "assets" / "fonts"
_SHRINK = 0.98
_registering = Lock()


class LetterMissing(ValueError):
    """The typeface has no picture for a letter of a text; `letter` and `text` say which, where."""

    def __init__(self, letter: str, text: str) -> None:
        name = unicodedata.name(letter, "?")
        super().__init__(f"Phông chữ in thẻ chưa có chữ “{letter}” (U+{ord(letter):04X} {name}) trong “{text}”")
        self.letter, self.text = letter, text


@cache
def _letters(font: str) -> frozenset[int]:
    """The letters a font can draw; it is read and registered the first time."""
    with _registering:
        if font not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(font, str(FONTS / f"{font}.ttf"), asciiReadable=False))
        loaded = pdfmetrics.getFont(font)
    assert isinstance(loaded, TTFont)
    return frozenset(loaded.face.charToGlyph)


def checked(text: str, font: str = REGULAR) -> str:
    """The text in NFC, on one line. Raises `LetterMissing` where the font lacks a letter of it."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    known = _letters(font)
    for letter in composed:
        if ord(letter) not in known:
            raise LetterMissing(letter, composed)
    return composed


def width_of(text: str, font: str, size: float) -> float:
    """Width in mm of a checked text at a size in points."""
    return float(pdfmetrics.stringWidth(text, font, size)) * POINT


def fitting_size(text: str, font: str, size: float, width: float) -> float:
    """The size in points at which a checked text is at most `width` mm wide, at most `size`."""
    return min(size, size * width / max(width_of(text, font, size), POINT))


def wrapped(text: str, font: str, size: float, width: float, height: float) -> tuple[list[str], float]:
    """A checked text broken at spaces into lines that fill at most `width` × `height` mm, and the size it then has.

    The size starts at `size` points and shrinks until all is in: nothing is ever left out.
    """
    while True:
        lines = _broken(text, font, size, width)
        if len(lines) * size * LEADING * POINT <= height and all(width_of(one, font, size) <= width for one in lines):
            return lines, size
        size *= _SHRINK


def _broken(text: str, font: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Pen:
    """Writes on a canvas in mm from the top left corner of an area `height` mm high, y downwards to the baseline."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        _letters(REGULAR)
        self.canvas, self.height = canvas, height

    def write(
        self, x: float, y: float, text: str, size: float, font: str = REGULAR, width: float = 0.0, align: float = LEFT
    ) -> None:
        """One line that starts at x, has its middle there or ends there; shrunk to `width` mm if that is given.

        Raises `LetterMissing`.
        """
        ready = checked(text, font)
        if width:
            size = fitting_size(ready, font, size, width)
        self._put(x - align * width_of(ready, font, size), y, ready, font, size)

    def write_block(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        width: float,
        height: float,
        font: str = REGULAR,
        align: float = LEFT,
    ) -> float:
        """Lines from the top edge y down, at most `width` × `height` mm, shrunk if need be; returns where they end.

        Raises `LetterMissing`.
        """
        lines, size = wrapped(checked(text, font), font, size, width, height)
        step = size * LEADING * POINT
        for number, line in enumerate(lines):
            start = x + align * (width - width_of(line, font, size))
            self._put(start, y + number * step + size * POINT, line, font, size)
        return y + len(lines) * step

    def write_paragraphs(
        self,
        x: float,
        y: float,
        paragraphs: list[str],
        size: float,
        width: float,
        height: float,
        gap: float = 0.9,
        heading: str = "",
    ) -> None:
        """Paragraphs of one size, at most `size` points, that fill at most `width` × `height` mm from the top edge y.

        Raises `LetterMissing`.
        """
        parts = [(heading, BOLD, 1.2)] if heading else []
        parts += [(one, REGULAR, 1.0) for one in paragraphs]
        while sum(self._height_of(one, font, size * larger, width) + gap for one, font, larger in parts) > height + gap:
            size *= _SHRINK
        for one, font, larger in parts:
            y = self.write_block(x, y, one, size * larger, width, height, font) + gap

    @staticmethod
    def _height_of(text: str, font: str, size: float, width: float) -> float:
        lines, shrunk = wrapped(checked(text, font), font, size, width, PAGE_HEIGHT)
        return len(lines) * shrunk * LEADING * POINT

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line in the canvas's present width."""
        self.canvas.line(x1 * mm, (self.height - y1) * mm, x2 * mm, (self.height - y2) * mm)

    def _put(self, x: float, y: float, text: str, font: str, size: float) -> None:
        canvas = self.canvas
        if not any(unicodedata.combining(letter) for letter in text):
            canvas.setFont(font, size)
            canvas.drawString(x * mm, (self.height - y) * mm, text)
            return
        words = canvas.beginText(x * mm, (self.height - y) * mm)  # ê̆, ơ̆: two marks that no single letter has
        words.setFont(font, size)
        words.textOut(shapeStr(text, font, size))
        canvas.addLiteral(f"/Span <</ActualText <{(BOM_UTF16_BE + text.encode('utf-16-be')).hex()}>>> BDC")
        canvas.drawText(words)  # readers may take the way to a mark and back for a space, so the text is given as well
        canvas.addLiteral("EMC")
