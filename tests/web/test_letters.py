"""The typeface of app and paper: every letter of the languages of the villages, where it belongs, the same bytes."""

import json
import unicodedata
from pathlib import Path

import pytest
import uharfbuzz
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from web.letters import ORIGINALS, TARGET, WEIGHTS, extended
from web.places import PROJECT

VIETNAMESE = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()  # noqa: SIM905
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
# 38 letters: tiengtaynguyen.blogspot.com/2018/01, ededic.thaiphong.net lesson 03 (ê̆ ô̆ ơ̆ ư̆ are a letter and U+0306)
EDE = "a ă â b ƀ č d đ e ĕ ê ê̆ g h i ĭ j k l m n ñ o ŏ ô ô̆ ơ ơ̆ p r s t u ŭ ư ư̆ w y".split()  # noqa: SIM905
# 40 letters, the same with dj and ng: polyglotclub.com/wiki, Jarai, alphabet
GIA_RAI = [*EDE, "dj", "ng"]
# No list of its own was found; the vowels, ƀ, č and ñ are those of the neighbours.
BA_NA = [*EDE, "ch", "nh"]
# Names of Mông people are written with Vietnamese letters; their own spelling adds f, j, w and z.
MONG = [*VIETNAMESE, "f", "j", "w", "z"]
APOSTROPHES = ["'", "’", "ʼ"]
ADDED = "ƀɃĕĔĭĬŏŎŭŬʼ"
NO_SINGLE_CODE = ["ê̆", "ô̆", "ơ̆", "ư̆", "Ê̆", "Ô̆", "Ơ̆", "Ư̆"]

every_weight = pytest.mark.parametrize("weight", WEIGHTS)


def font(weight: str, folder: Path = TARGET) -> TTFont:
    return TTFont(folder / f"BeVietnamPro-{weight}.ttf")


def bounds(face: TTFont, letter: str) -> tuple[int, int, int, int]:
    """Left, bottom, right, top of a letter's outline."""
    glyphs = face.getGlyphSet()
    pen = BoundsPen(glyphs)
    glyphs[face.getBestCmap()[ord(letter)]].draw(pen)
    assert pen.bounds
    return pen.bounds


def breve_over(face: TTFont, letter: str) -> tuple[int, int, int, int]:
    """The breve's outline in a letter of several outlines: the highest of them."""
    glyphs = face["glyf"]
    points, ends, _ = glyphs[face.getBestCmap()[ord(letter)]].getCoordinates(glyphs)
    lines = [points[start:end] for start, end in zip([0, *(e + 1 for e in ends)], (e + 1 for e in ends), strict=False)]
    top = max(lines, key=lambda line: max(y for _, y in line))
    return min(x for x, _ in top), min(y for _, y in top), max(x for x, _ in top), max(y for _, y in top)


def placed_breve(weight: str, text: str) -> tuple[int, int, int, int]:
    """Where shaping puts the breve of a letter and U+0306, measured from the letter's origin."""
    blob = uharfbuzz.Blob((TARGET / f"BeVietnamPro-{weight}.ttf").read_bytes())
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(blob)), buffer)
    base, mark = buffer.glyph_positions
    left, bottom, right, top = bounds(font(weight), "\u0306")
    x, y = base.x_advance + mark.x_offset, mark.y_offset
    return left + x, bottom + y, right + x, top + y


@every_weight
def test_the_letters_of_all_languages_are_there(weight: str) -> None:
    wanted = {
        unicodedata.normalize("NFC", one + tone)
        for one in [*VIETNAMESE, *MONG]
        for tone in TONES
        if one in "aăâeêioôơuưy"
    }
    wanted |= {unicodedata.normalize("NFC", one) for one in [*VIETNAMESE, *EDE, *GIA_RAI, *BA_NA, *MONG, *APOSTROPHES]}
    codes = {ord(code) for one in wanted for code in one + one.upper()}
    assert {chr(code) for code in codes - set(font(weight).getBestCmap())} == set()


@every_weight
def test_the_files_are_what_the_script_makes_each_time(weight: str, tmp_path: Path) -> None:
    name = f"BeVietnamPro-{weight}.ttf"
    for attempt in ("first", "second"):
        extended(ORIGINALS / name).save(tmp_path / attempt)
        assert (tmp_path / attempt).read_bytes() == (TARGET / name).read_bytes()
    assert (TARGET / name).stat().st_size - (ORIGINALS / name).stat().st_size < 1024


@every_weight
def test_letters_that_were_there_are_as_published(weight: str) -> None:
    before, after = font(weight, ORIGINALS), font(weight)
    assert after.getGlyphOrder()[: len(before.getGlyphOrder())] == before.getGlyphOrder()
    assert {code for code in after.getBestCmap() if code not in before.getBestCmap()} == {ord(one) for one in ADDED}
    for glyph in set(before.getGlyphOrder()) - {before.getBestCmap()[0x306]}:  # the breve is drawn further left
        assert after["glyf"][glyph] == before["glyf"][glyph]
        assert after["hmtx"][glyph] == before["hmtx"][glyph]
    for table, field in (
        ("hhea", "ascent"),
        ("hhea", "descent"),
        ("head", "yMax"),
        ("head", "yMin"),
        ("head", "modified"),
    ):
        assert getattr(after[table], field) == getattr(before[table], field)
    for number in (1, 2, 4, 6):
        assert after["name"].getDebugName(number) == before["name"].getDebugName(number)


@every_weight
def test_new_letters_stay_within_the_height_of_the_old(weight: str) -> None:
    face = font(weight)
    for letter in ADDED:
        _, bottom, _, top = bounds(face, letter)
        assert face["head"].yMin <= bottom < top <= face["head"].yMax
    for text in NO_SINGLE_CODE:
        assert placed_breve(weight, text)[3] <= face["head"].yMax


@every_weight
def test_breves_stand_as_in_the_fonts_own_letters(weight: str) -> None:
    face = font(weight)
    for letters, known in (("ĕĭŏŭ", "ă"), ("ĔĬŎŬ", "Ğ")):
        for letter in letters:
            breve = breve_over(face, letter)
            assert breve[1] == pytest.approx(breve_over(face, known)[1], abs=12)
            below = {"ĭ": "ı"}.get(letter, unicodedata.normalize("NFD", letter)[0])
            moved = face["hmtx"][face.getBestCmap()[ord(letter)]][0] - face["hmtx"][face.getBestCmap()[ord(below)]][0]
            left, _, right, _ = bounds(face, below)
            assert (breve[0] + breve[2]) / 2 == pytest.approx((left + right) / 2 + moved / 2, abs=20)


@every_weight
@pytest.mark.parametrize("text", NO_SINGLE_CODE)
def test_a_combining_breve_touches_neither_circumflex_nor_horn(weight: str, text: str) -> None:
    face = font(weight)
    breve, mark = placed_breve(weight, text), breve_over(face, text[0])
    if text[0] in "êôÊÔ":
        assert 20 < breve[1] - mark[3] < 60
        assert breve[0] + breve[2] == pytest.approx(mark[0] + mark[2], abs=2)
    else:
        glyphs = face["glyf"]
        points, _, _ = glyphs[face.getBestCmap()[ord(text[0])]].getCoordinates(glyphs)
        horn = min(x for x, y in points if y == max(y for _, y in points))
        assert horn - breve[2] >= 30


@every_weight
def test_bars_are_as_thick_as_the_fonts_own_lines(weight: str) -> None:
    face = font(weight)

    def bar(letter: str) -> list[int]:
        glyphs = face["glyf"]
        points, _, _ = glyphs[face.getBestCmap()[ord(letter)]].getCoordinates(glyphs)
        return sorted({y for x, y in points if x == min(x for x, _ in points)})

    assert bar("ƀ") == bar("ħ")
    assert bar("Ƀ")[1] - bar("Ƀ")[0] == pytest.approx(bar("Đ")[1] - bar("Đ")[0], abs=15)
    assert bounds(face, "ƀ")[0] == bounds(face, "ħ")[0]
    assert bounds(face, "Ƀ")[0] == bounds(face, "Đ")[0]


def test_the_app_asks_for_these_files() -> None:
    manifest = json.loads((PROJECT / "assets" / "assets" / "FontManifest.json").read_text("utf-8"))
    asked = {Path(one["asset"]).name for family in manifest for one in family["fonts"]}
    ours = {f"BeVietnamPro-{weight}.ttf" for weight in WEIGHTS}
    assert ours == {one.name for one in TARGET.glob("*.ttf")} == {one for one in asked if one.endswith(".ttf")}
