"""What a Vietnamese keyboard made of letters and digits that were no Vietnamese, undone: Telex and VNI.

Telex turns AA, EE, OO into Â, Ê, Ô; AW, OW, UW into Ă, Ơ, Ư; DD into Đ; and S, F, R, X, J after a vowel into its tone.
VNI does the same with the digits 6, 8, 7, 9 and 1 to 5. The tone may be typed anywhere later in the word.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, product
from math import prod

MOST_READINGS = 2000
_TONES = {"\u0301": "S1", "\u0300": "F2", "\u0309": "R3", "\u0303": "X4", "\u0323": "J5"}
_SHAPES = {
    "A\u0302": ("AA", "A6"),
    "E\u0302": ("EE", "E6"),
    "O\u0302": ("OO", "O6"),
    "A\u0306": ("AW", "A8"),
    "O\u031b": ("OW", "O7"),
    "U\u031b": ("UW", "U7"),
    "Đ": ("DD", "D9"),
}
_TELEX, _VNI = 0, 1


def without_vietnamese_typing(text: str) -> Iterator[str]:
    """What may have been typed for a text in capitals or small letters, by Telex first, then by VNI; in capitals.

    A text with many marks has many readings: where one way has more than `MOST_READINGS`, none are given, since some of
    them would be taken for all.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text).upper())
    ways = [[set(islice(_typed(word, way), MOST_READINGS + 1)) for word in words] for way in (_TELEX, _VNI)]
    if all(prod(map(len, readings)) <= MOST_READINGS for readings in ways):
        for readings in ways:
            yield from map("-".join, product(*map(sorted, readings)))


def _typed(word: str, way: int) -> Iterator[str]:
    """The ways in which one word may have been typed: the key of each mark at each place after its letter."""
    letters = [_keys(letter, way) for letter in word]
    for choice in product(*letters):
        yield from map("".join, _placed([keys[0] for keys in choice], [keys[1:] for keys in choice]))


def _placed(typed: list[str], marks: list[str]) -> Iterator[list[str]]:
    """`typed` with the keys of the marks of its first letters put in, the last letter's first: each at each place."""
    if not marks:
        yield typed
        return
    *earlier, keys = marks
    if not keys:
        yield from _placed(typed, earlier)
        return
    for place in range(len(marks), len(typed) + 1):
        yield from _placed([*typed[:place], keys[-1], *typed[place:]], [*earlier, keys[:-1]])


def _keys(letter: str, way: int) -> tuple[str, ...]:
    """What is typed for a letter: itself, then the keys of its shape and of its tone. W alone makes Ư in Telex, too."""
    marks = unicodedata.normalize("NFD", letter)
    base = "".join(mark for mark in marks if mark not in _TONES)
    tones = "".join(_TONES[mark][way] for mark in marks if mark in _TONES)
    shape = _SHAPES[base][way] if base in _SHAPES else base
    return (shape + tones, "W" + tones) if way == _TELEX and base == "U\u031b" else (shape + tones,)
