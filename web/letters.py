"""Add to Be Vietnam Pro the letters of Ê Đê, Gia Rai and Ba Na that it lacks; by hand, `python -m web.letters`.

It reads the typeface as it was published (web/original_fonts) and writes assets/fonts, the same bytes each time. All
shapes are the font's own: letters and its breve, joined at its anchors; the bars of ħ and Đ on b and B; ’ as ʼ.
"""

from copy import deepcopy
from pathlib import Path
from typing import Any

from fontTools.otlLib.builder import buildAnchor, buildMarkBasePosSubtable
from fontTools.pens.ttGlyphPen import TTGlyphPointPen
from fontTools.ttLib import TTFont

from web.places import PROJECT, WEB

WEIGHTS = ("Regular", "Medium", "Bold")
ORIGINALS = WEB / "original_fonts"
TARGET = PROJECT / "assets" / "fonts"
NOTE = "letters added for Tung Nha"

BREVE = "uni0306"
# new letter: (letter below the breve, letter of the font that shows width and place, letter whose kerning it takes)
WITH_BREVE = {
    "Ĕ": ("E", "Ê", "Ê"),
    "ĕ": ("e", "ê", "ê"),
    "Ĭ": ("I", "Ĩ", "Ĩ"),
    "ĭ": ("ı", "ĩ", "ĩ"),
    "Ŏ": ("O", "Ô", "Ô"),
    "ŏ": ("o", "ô", "ô"),
    "Ŭ": ("U", "Û", "Û"),
    "ŭ": ("u", "û", "û"),
}
# Letters that no code point joins with a breve (ê̆); the font's own place for marks on them is that of tones: beside the
# circumflex (ế), close to the horn (ờ).
WITH_CIRCUMFLEX, WITH_HORN = "ÊêÔô", "ƠơƯư"
ROOM_BEFORE_HORN = 30

Point = tuple[int, int]
Contour = list[tuple[Point, bool]]
"""Points of a closed line, each with whether the line goes through it."""
Box = tuple[int, int, int, int]
"""Left, bottom, right, top."""


def main() -> None:
    """Write the three weights."""
    for weight in WEIGHTS:
        name = f"BeVietnamPro-{weight}.ttf"
        extended(ORIGINALS / name).save(TARGET / name)
        print(f"{name}: {(ORIGINALS / name).stat().st_size} → {(TARGET / name).stat().st_size} bytes")


def extended(original: Path) -> TTFont:
    """The font with the added letters."""
    font = TTFont(original, recalcTimestamp=False)
    for table in ("GDEF", "GPOS", "GSUB", "cmap", "hmtx"):
        _ = font[table]  # read with the glyphs it was written with
    letters = _Letters(font)
    letters.draw_breve_before_its_origin()
    for letter, (below, like, kerned) in WITH_BREVE.items():
        letters.add_breve(letter, below, like)
        letters.kern(letter, kerned, kerned)
    letters.add_small_b_with_bar()
    letters.kern("ƀ", "b", "ħ")
    letters.add_capital_b_with_bar()
    letters.kern("Ƀ", "B", "Đ")
    letters.add_copy("ʼ", "’")
    letters.kern("ʼ", "’", "’")
    letters.place_breves()
    font["OS/2"].recalcUnicodeRanges(font)
    for entry in font["name"].names:
        if entry.nameID in (3, 5):  # how programs tell versions apart
            entry.string = f"{entry.toUnicode()}; {NOTE}"
    return font


class _Letters:
    """A font that is being extended."""

    def __init__(self, font: TTFont) -> None:
        self.font = font
        self.glyphs = font["glyf"]
        self.marks = font["GPOS"].table.LookupList.Lookup[1]
        assert self.marks.LookupType == 4, "the second lookup places marks over letters"

    def name(self, letter: str) -> str:
        """The glyph of a letter."""
        return str(self.font.getBestCmap()[ord(letter)])

    def contours(self, letter: str) -> list[Contour]:
        """The lines of a letter."""
        return self.contours_of(self.name(letter))

    def contours_of(self, glyph: str) -> list[Contour]:
        """The lines of a glyph."""
        points, ends, flags = self.glyphs[glyph].getCoordinates(self.glyphs)
        through = [((x, y), bool(flag & 1)) for (x, y), flag in zip(points, flags, strict=True)]
        starts = [0, *(end + 1 for end in ends[:-1])]
        return [through[start : end + 1] for start, end in zip(starts, ends, strict=True)]

    def anchors(self, letter: str) -> tuple[Point, Point]:
        """Where the font joins a breve to a letter: the place on the letter and on the breve."""
        table = self.marks.SubTable[-1]
        mark = table.MarkArray.MarkRecord[table.MarkCoverage.glyphs.index(BREVE)]
        base = table.BaseArray.BaseRecord[table.BaseCoverage.glyphs.index(self.name(letter))].BaseAnchor[mark.Class]
        on_mark = mark.MarkAnchor
        return (base.XCoordinate, base.YCoordinate), (on_mark.XCoordinate, on_mark.YCoordinate)

    def add(self, letter: str, glyph: Any, width: int) -> None:
        """Put in a new letter."""
        name = f"uni{ord(letter):04X}"
        self.font.setGlyphOrder([*self.font.getGlyphOrder(), name])
        self.glyphs.glyphs[name] = glyph
        self.glyphs.glyphOrder = self.font.getGlyphOrder()
        glyph.recalcBounds(self.glyphs)
        self.font["hmtx"][name] = (width, glyph.xMin)
        for table in self.font["cmap"].tables:
            table.cmap[ord(letter)] = name
        self.font["GDEF"].table.GlyphClassDef.classDefs[name] = 1

    def kern(self, letter: str, before: str, after: str) -> None:
        """Let a letter stand before others as one letter does, and after them as another."""
        new, first, second = self.name(letter), self.name(before), self.name(after)
        for table in self.font["GPOS"].table.LookupList.Lookup[0].SubTable:
            covered = table.Coverage.glyphs
            if table.Format == 2:
                for classes, like in ((table.ClassDef1.classDefs, first), (table.ClassDef2.classDefs, second)):
                    if like in classes:
                        classes[new] = classes[like]
            else:
                for pairs in table.PairSet:
                    alike = [pair for pair in pairs.PairValueRecord if pair.SecondGlyph == second]
                    pairs.PairValueRecord += [_with_second(pair, new) for pair in alike]
                if first in covered:
                    table.PairSet.append(deepcopy(table.PairSet[covered.index(first)]))
            if first in covered:
                covered.append(new)

    def draw_breve_before_its_origin(self) -> None:
        """Move the outline of the combining breve and its joints to where it stands over an ê that was just written.

        Looks stay the same where marks are placed. Where they are not, it no longer lands on the next letter; and what
        reads only the drawn letters of a PDF no longer takes the way to a small letter's breve and back for a space.
        """
        circumflex = max((box(line) for line in self.contours("ê")), key=lambda one: one[3])
        breve = box(self.contours_of(BREVE)[0])
        middle = (circumflex[0] + circumflex[2]) // 2 - self.font["hmtx"][self.name("ê")][0]
        move = middle - (breve[0] + breve[2]) // 2
        glyph = self.glyphs[BREVE]
        glyph.coordinates.translate((move, 0))
        glyph.recalcBounds(self.glyphs)
        self.font["hmtx"][BREVE] = (0, glyph.xMin)
        for lookup in self.font["GPOS"].table.LookupList.Lookup[1:]:
            for table in lookup.SubTable:
                for anchor in _joints(table, BREVE):
                    anchor.XCoordinate += move

    def add_breve(self, letter: str, below: str, like: str) -> None:
        """A letter under the font's breve, as wide and as far in as the same letter under another mark."""
        shift = self._foot(like) - self._foot(below)
        base, mark = self.anchors(below)
        place = (shift + base[0] - mark[0], base[1] - mark[1])
        self._add_composed(letter, {self.name(below): (shift, 0), BREVE: place}, like)

    def add_copy(self, letter: str, of: str) -> None:
        """A letter that looks like another sign."""
        self._add_composed(letter, {self.name(of): (0, 0)}, of)

    def _add_composed(self, letter: str, parts: dict[str, Point], like: str) -> None:
        pen = TTGlyphPointPen(self.glyphs)
        for glyph, (x, y) in parts.items():
            pen.addComponent(glyph, (1, 0, 0, 1, x, y))
        self.add(letter, pen.glyph(), self.font["hmtx"][self.name(like)][0])

    def add_small_b_with_bar(self) -> None:
        """b with the bar of ħ: as thick, as high, as long on both sides of the stem."""
        barred = [point for point, _ in self.contours("ħ")[0]]
        left = min(x for x, _ in barred)
        low, high = sorted(y for x, y in barred if x == left)
        right = max(x for x, y in barred if y == high)
        stem = sorted(x for x, y in barred if y == max(y for _, y in barred))
        lines = self.contours("b")
        edges = sorted(x for (x, y), _ in lines[0] if y == box(lines[0])[3])
        _bulge(lines[0], edges[0], stem[0] - left, low, high)
        _bulge(lines[0], edges[1], right - stem[1], low, high)
        self._add_drawn("ƀ", lines, "b", ("h", "ħ"))

    def add_capital_b_with_bar(self) -> None:
        """B whose middle goes on to the left of the stem, as far as the bar of Đ."""
        reach = self._foot_of_stem("Đ") - box(self.contours("Đ")[0])[0]
        lines = self.contours("B")
        outer, *counters = sorted(lines, key=lambda line: box(line)[0])
        lower, upper = sorted(map(box, counters), key=lambda inside: inside[1])
        _bulge(outer, box(outer)[0], reach, lower[3], upper[1])
        self._add_drawn("Ƀ", lines, "B", ("D", "Đ"))

    def _add_drawn(self, letter: str, lines: list[Contour], base: str, example: tuple[str, str]) -> None:
        """A letter of drawn lines, with as much more room on the left as the font gives a letter that gets a bar."""
        plain, barred = example
        width = {one: self.font["hmtx"][self.name(one)][0] for one in (base, plain, barred)}
        shift = self._foot_of_stem(barred) - self._foot_of_stem(plain)
        pen = TTGlyphPointPen(None)
        for line in lines:
            pen.beginPath()
            for (x, y), through in line:
                pen.addPoint((x + shift, y), "line" if through else None)
            pen.endPath()
        self.add(letter, pen.glyph(), width[base] + width[barred] - width[plain])

    def _foot(self, letter: str) -> int:
        """The left end of what stands on the line, whatever hangs over above it."""
        return min(box(line)[0] for line in self.contours(letter) if box(line)[1] <= 0)

    def _foot_of_stem(self, letter: str) -> int:
        """The left end of a letter where it touches the line."""
        return min(x for line in self.contours(letter) for (x, y), _ in line if y == 0)

    def place_breves(self) -> None:
        """Say where a combining breve stands: above a circumflex as the tilde of ễ does, a little before a horn."""
        breve = box(self.contours_of(BREVE)[0])
        _, on_breve = self.anchors("o")
        tilde, circumflex = sorted((box(line) for line in self.contours("ễ")), key=lambda one: -one[3])[:2]
        gap = tilde[1] - circumflex[3]
        places = {}
        for letter in WITH_CIRCUMFLEX:
            left, _, right, top = max((box(line) for line in self.contours(letter)), key=lambda one: one[3])
            x = round((left + right - breve[0] - breve[2]) / 2) + on_breve[0]
            places[letter] = (x, top + gap - breve[1] + on_breve[1])
        for letter in WITH_HORN:
            (x, y), _ = self.anchors(letter)
            points = [point for point, _ in self.contours(letter)[0]]
            horn = min(x for x, y in points if y == max(y for _, y in points))
            places[letter] = (min(x, horn - ROOM_BEFORE_HORN - breve[2] + on_breve[0]), y)
        table = buildMarkBasePosSubtable(
            {BREVE: (0, buildAnchor(*on_breve))},
            {self.name(letter): {0: buildAnchor(*place)} for letter, place in places.items()},
            self.font.getReverseGlyphMap(rebuild=True),
        )
        self.marks.SubTable.insert(0, table)  # the first that knows mark and letter decides
        self.marks.SubTableCount = len(self.marks.SubTable)


def box(line: Contour) -> Box:
    """The corners between which the points of a line lie."""
    across, up = [x for (x, _), _ in line], [y for (_, y), _ in line]
    return min(across), min(up), max(across), max(up)


def _bulge(line: Contour, edge: int, reach: int, low: int, high: int) -> None:
    """Let a bar stick out of a straight upright edge: to the left where the line goes up, else to the right.

    The outer lines of TrueType go clockwise, so the left edge of a stem goes up.
    """
    for index, ((x, y), _) in enumerate(line):
        next_x, next_y = line[(index + 1) % len(line)][0]
        if x == next_x == edge and min(y, next_y) < low and high < max(y, next_y):
            up = y < next_y
            out = edge - reach if up else edge + reach
            corners = [(edge, low), (out, low), (out, high), (edge, high)]
            line[index + 1 : index + 1] = [(corner, True) for corner in (corners if up else corners[::-1])]
            return
    raise ValueError(f"no upright edge at {edge} from {low} to {high}")


def _joints(table: Any, mark: str) -> list[Any]:
    """All anchors of a mark in a table that joins marks to letters or to each other."""
    found = []
    marks, records = ("MarkCoverage", "MarkArray") if table.LookupType == 4 else ("Mark1Coverage", "Mark1Array")
    covered = getattr(table, marks).glyphs
    if mark in covered:
        found.append(getattr(table, records).MarkRecord[covered.index(mark)].MarkAnchor)
    if table.LookupType == 6 and mark in table.Mark2Coverage.glyphs:
        found += table.Mark2Array.Mark2Record[table.Mark2Coverage.glyphs.index(mark)].Mark2Anchor
    return [anchor for anchor in found if anchor]


def _with_second(pair: Any, glyph: str) -> Any:
    changed = deepcopy(pair)
    changed.SecondGlyph = glyph
    return changed


if __name__ == "__main__":
    main()
