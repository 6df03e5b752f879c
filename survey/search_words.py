"""The words of names, addresses and of what is typed to find them: without apostrophes, with and without marks."""

import re
import unicodedata
from functools import lru_cache

from survey.vietnamese import clean, parse_phone

MOST_WORDS = 12
"""Words after these are not looked for: no name and address together have as many that tell something."""
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘ʻ′´`")
_TONES = {"\u0300": "F", "\u0309": "R", "\u0303": "X", "\u0301": "S", "\u0323": "J"}
_NO_TONE = "Z"
_SIGNS_AROUND = re.compile(r"^(?:(?!\+[0-9])[\W_])+|[\W_]+$")
_PHONE_SIGNS = re.compile(r"[.\-–()]")
_DIGITS = re.compile(r"\+?[0-9]+")


def without_apostrophes(word: str) -> str:
    """H'Hen as it is typed in a hurry: "HHen"."""
    return word.translate(_APOSTROPHES)


def without_signs(word: str) -> str:
    """Only the letters and digits: "n.v.a" gives "nva"."""
    return word if word.isalnum() else "".join(letter for letter in word if not _is_sign(letter))


def _is_sign(letter: str) -> bool:
    return not letter.isalnum() and not unicodedata.combining(letter)


def beginnings_of(word: str) -> list[str]:
    """What can be typed as the beginning of a word: the word, and what follows each sign in it; no apostrophes.

    "12/3" gives "12/3" and "3", "h'hen" gives "hhen" and "hen".
    """
    if word.isalnum():
        return [word]
    places = [place for place, letter in enumerate(word) if letter.isalnum() and _begins(word, place)]
    return [without_apostrophes(word[place:]) for place in places]


def _begins(word: str, place: int) -> bool:
    return place == 0 or _is_sign(word[place - 1])


def given_place(words: list[str]) -> int:
    """Where the given name is: the last word, not counting what is in brackets and numbers behind the name."""
    before = next((place for place, word in enumerate(words) if word.startswith("(")), len(words))
    named = [place for place, word in enumerate(words[:before]) if any(letter.isalpha() for letter in word)]
    return named[-1] if named else len(words) - 1


@lru_cache(4096)
def marked_forms(word: str) -> tuple[str, str]:
    """A word with the marks of its letters only, and the same after a capital for its tone (that of Telex, Z for none).

    Spellings that differ in the place of the tone share both, and a word that is typed halfway begins a whole one:
    "ấ" gives "â" and "Sâ".
    """
    parts = unicodedata.normalize("NFD", clean(word).casefold())
    shaped = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return shaped, next((_TONES[part] for part in parts if part in _TONES), _NO_TONE) + shaped


def typed_words(query: str) -> list[str]:
    """The words that were typed, lower case, with their marks; without apostrophes, without the signs around them,
    without what is only signs. At most `MOST_WORDS`."""
    words = (without_apostrophes(word) for word in clean(query).casefold().split())
    trimmed = (_SIGNS_AROUND.sub("", word) for word in words)
    return [word for word in trimmed if any(letter.isalnum() for letter in word)][:MOST_WORDS]


def is_only_digits(word: str) -> bool:
    """Whether a word is a number or a part of one, as phone numbers are written: "0912.345", "+84"."""
    return _DIGITS.fullmatch(_PHONE_SIGNS.sub("", word)) is not None


def with_digits_together(words: list[str], fewest: int) -> list[str]:
    """The words, those in a row that are only digits made one where they have `fewest` together: "0912 345 678"."""
    joined: list[list[str]] = []
    for word in words:
        if joined and is_only_digits(word) and is_only_digits(joined[-1][0]) and not word.startswith("+"):
            joined[-1].append(word)
        else:
            joined.append([word])
    rows = [["".join(row)] if len("".join(row)) >= fewest else row for row in joined]
    return [word for row in rows for word in row]


def phone_parts(word: str) -> list[tuple[str, bool]]:
    """The digits, as numbers are written within the country, that a typed part of a phone number can be, each with
    whether a number must begin so; none if the word is no part of one.

    What begins with the country's code without its plus, 84, may as well be digits from the middle.
    """
    if not is_only_digits(word):
        return []
    digits = _PHONE_SIGNS.sub("", word)
    if whole := parse_phone(word):
        return [("0" + whole.removeprefix("+84"), True)]
    if digits.startswith("+84"):
        return [("0" + digits[3:].removeprefix("0"), True)]
    within = [("0" + digits[2:].removeprefix("0"), True)] if digits.startswith("84") and len(digits) > 2 else []
    return [(digits.removeprefix("+"), False), *within]
