"""What a Vietnamese keyboard made of letters and digits that were no Vietnamese, undone: Telex and VNI.

Telex turns AA, EE, OO into Â, Ê, Ô; AW, OW, UW into Ă, Ơ, Ư; DD into Đ; and S, F, R, X, J after a vowel into its tone.
VNI does the same with the digits 6, 8, 7, 9 and 1 to 5. The tone may be typed anywhere later in the word.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, product

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

    A text of many words with many marks has many readings: no more than `MOST_READINGS` of each way are given.
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text).upper())
    for way in (_TELEX, _VNI):
        readings = product(*(list(islice(_typed(word, way), MOST_READINGS)) for word in words))
        for reading in islice(readings, MOST_READINGS):
            yield "-".join(reading)


def _typed(word: str, way: int) -> Iterator[str]:
    """The ways in which one word may have been typed: each tone's key at each place after its vowel."""
    letters: list[tuple[str, ...]] = []
    tones: list[tuple[int, str]] = []
    for letter in word:
        marks = unicodedata.normalize("NFD", letter)
        base = "".join(mark for mark in marks if mark not in _TONES)
        letters.append(_keys(base, way))
        tones += [(len(letters), _TONES[mark][way]) for mark in marks if mark in _TONES]
    for keys in product(*letters):
        for places in product(*(range(after, len(keys) + 1) for after, _ in tones)):
            typed = list(keys)
            for place, (_, key) in sorted(zip(places, tones, strict=True), reverse=True):
                typed.insert(place, key)
            yield "".join(typed)


def _keys(base: str, way: int) -> tuple[str, ...]:
    """What is typed for a letter without its tone. Telex makes Ư of a W alone, too."""
    shape = _SHAPES.get(base)
    if shape is None:
        return (base,)
    return (shape[way], "W") if way == _TELEX and base == "U\u031b" else (shape[way],)
