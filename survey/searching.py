"""Searching households as people type: what is kept of each household, and how well what was typed fits it.

`search_text` writes a household as words, each with capitals before it that say what the word is (no folded text has
capitals): "NWvan GNWan IWva PW0912345678E Cs1ee… AWxom AW1 ". `searched` turns what was typed into needles to look
for in this text, each with what it costs; `rank_of` looks for them. The phone's store asks SQLite for the same needles.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from survey.card_code import beginning_of_code, read_code
from survey.search_words import (
    beginnings_of,
    given_place,
    is_only_digits,
    marked_forms,
    phone_parts,
    typed_words,
    with_digits_together,
    without_apostrophes,
    without_signs,
)
from survey.vietnamese import clean, fold, has_marks

_WORD = "W"
"""Begins everything that letters and digits are compared with, so that one needle finds a word of any kind."""
_GIVEN, _NAME, _INITIALS, _PHONE, _ADDRESS = (kind + _WORD for kind in ("GN", "N", "I", "P", "A"))
_PHONE_END, _CARD, _RAW = "E", "C", "Q"
_FEWEST_DIGITS_INSIDE = 4
_FEWEST_OF_CODE = 3
"""Fewer symbols begin some card in nearly every village, and would find a household that nobody meant."""


class Found(IntEnum):
    """Where a typed word was found, the best first."""

    GIVEN_NAME = 1
    NAME = 2
    INITIALS = 3
    PHONE = 4
    CARD = 5
    ADDRESS = 6


# One word found worse weighs more than all other words found better: 40 is more than twice `typed_words`' most words.
_ONE = 10_000
_WEIGHT = {found: 40**found * _ONE for found in Found}
_REFINED = 100
OUT_OF_ORDER = 13 * _WEIGHT[Found.NAME]
"""What is added where the typed words are not, in their order, the beginnings of words of the name."""


@dataclass(frozen=True)
class Needle:
    """Parts that stand in a household's text one after the other, anything between them, and what finding them costs.

    The cost says first where the word was found, then how well (whole before beginning), then with which marks.
    """

    parts: tuple[str, ...]
    cost: int = 0

    def is_in(self, text: str) -> bool:
        place = 0
        for part in self.parts:
            place = text.find(part, place)
            if place < 0:
                return False
            place += len(part)
        return True

    def finds_more_than(self, other: "Needle") -> bool:
        """Whether each text with the other needle surely has this one, which is shorter, as well."""
        return self.parts != other.parts and len(self.parts) == 1 and self.parts[0] in other.parts[0]


@dataclass(frozen=True)
class Word:
    """The needles that find a typed word, the cheapest first. `finding` are fewer needles that find the same texts."""

    needles: tuple[Needle, ...]
    finding: tuple[Needle, ...]


@dataclass(frozen=True)
class Reading:
    """One way to read what was typed. `in_order` finds all words in their order in the name; None for a single word."""

    words: tuple[Word, ...]
    in_order: Needle | None = None


@dataclass(frozen=True)
class Search:
    """What was typed, ready to be looked for. `inside` are the words to be found anywhere, inside of words too, once no
    reading found any household; without them nothing was typed."""

    readings: tuple[Reading, ...] = ()
    inside: tuple[str, ...] = ()


def search_text(name: str, address: str, phone: str | None, card: str | None) -> str:
    """What is kept of a household to be searched: its name in every form that finds it, initials, phone number (as it
    is stored, "+84…"), card and address. The form belongs to `searched`: who changes it writes all texts again."""
    return "".join(f"{word} " for word in _items(name, address, phone, card))


def card_item(code: str) -> str:
    """What only the text of the household with this card contains."""
    return f"{_CARD}{code.lower()} "


def _items(name: str, address: str, phone: str | None, card: str | None) -> Iterator[str]:
    written = clean(name).casefold().split()
    given = given_place(written)
    for place, word in enumerate(written):
        kind = _GIVEN if place == given else _NAME
        for form in beginnings_of(word):
            yield from (kind + one for one in dict.fromkeys((fold(form), *marked_forms(form))))
    yield _INITIALS + "".join(fold(one)[:1] for one in map(without_signs, written))
    if phone:
        yield f"{_PHONE}0{phone.removeprefix('+84')}{_PHONE_END}"
    if card:
        yield card_item(card).strip()
    folded = fold(address).split()
    for word in folded:
        yield from (_ADDRESS + form for form in beginnings_of(word))
    for word in (*fold(name).split(), *folded):
        if not word[0].isalnum() or word != without_apostrophes(word):
            yield _RAW + word


def searched(query: str) -> Search:
    """What a person typed, read in every way that it can be meant: words of a name, an address or a number and, where
    it is one, a phone number in its groups or a card's code in its groups."""
    words = typed_words(query)
    if not words:
        return Search(inside=tuple(fold(query).split()))
    readings = [_reading(words)]
    together = with_digits_together(words, _FEWEST_DIGITS_INSIDE)
    if together != words:
        readings.append(_reading(together))
    if len(words) > 1 and (code := _code_in(query)):
        readings.append(Reading((Word(_card_needles(code), _card_needles(code)),)))
    return Search(tuple(readings), tuple(dict.fromkeys(fold(word).removeprefix("+") for word in words)))


def rank_of(search: Search, text: str) -> int | None:
    """How well a household's `search_text` fits: the lowest rank stands first, None does not belong into the list.

    Every word is found somewhere. The order is that of `Found` for the word that fits worst, then for the others. In a
    name, words in their order stand before others, then the given name before family and middle names, then whole
    words before beginnings, then the marks that were typed before other marks.
    """
    ranks = [rank for reading in search.readings if (rank := _rank_of_reading(reading, text)) is not None]
    return min(ranks, default=None)


def is_inside(search: Search, text: str) -> bool:
    """Whether each typed word is anywhere in the household's text, where `rank_of` is None for every household."""
    return all(word in text for word in search.inside)


def _rank_of_reading(reading: Reading, text: str) -> int | None:
    costs = [next((needle.cost for needle in word.needles if needle.is_in(text)), None) for word in reading.words]
    found = [cost for cost in costs if cost is not None]
    if len(found) < len(costs):
        return None
    return sum(found) + (OUT_OF_ORDER if reading.in_order and not reading.in_order.is_in(text) else 0)


def _reading(words: list[str]) -> Reading:
    # A word typed twice stays: "van van" is Nguyễn Văn Vân before Trần Thị Vân, as "văn vân" is.
    is_alone = len(words) == 1
    in_order = None if is_alone else Needle(tuple(_NAME + fold(word) for word in words))
    return Reading(tuple(_word(word, is_alone) for word in words), in_order)


def _word(word: str, is_alone: bool) -> Word:
    needles = tuple(_needles(word, is_alone))
    # Whatever marks it is written with, a word of a name is written without them as well.
    others = [needle for needle in needles if not needle.parts[0].startswith((_GIVEN, _NAME))]
    finding = [Needle((_WORD + fold(word),)), *others]
    return Word(needles, tuple(one for one in finding if not any(other.finds_more_than(one) for other in finding)))


def _needles(word: str, is_alone: bool) -> Iterator[Needle]:
    """Everything that finds a typed word, the best first."""
    folded = fold(word)
    yield from _marked(Found.GIVEN_NAME, 0, _GIVEN, word, " ")
    yield from _marked(Found.NAME, 0, _GIVEN, word)
    yield from _marked(Found.NAME, 1, _NAME, word, " ")
    yield from _marked(Found.NAME, 2, _NAME, word)
    if len(letters := without_signs(folded)) > 1:
        yield _needle(Found.INITIALS, 0, f"{_INITIALS}{letters} ")
        yield _needle(Found.INITIALS, 1, _INITIALS + letters)
    # Beside other words a few digits are rather a house or an alley ("xóm 1") than the end of a phone number.
    parts = phone_parts(word)
    is_phone = is_alone or any(len(digits) >= _FEWEST_DIGITS_INSIDE for digits, _ in parts)
    if is_phone:
        yield from (one for part in parts for one in _phone_needles(Found.PHONE, 0, *part))
    if code := _code_in(word):
        yield from _card_needles(code)
    yield _needle(Found.ADDRESS, 0, _ADDRESS + folded)
    if not is_phone:
        yield from (one for part in parts for one in _phone_needles(Found.ADDRESS, 1, *part))


def _marked(found: Found, refined: int, kind: str, word: str, end: str = "") -> Iterator[Needle]:
    """A word of the name: with exactly the marks that were typed, with these letters and any tone, with any marks."""
    forms = [*(reversed(marked_forms(word)) if has_marks(word) else ()), fold(word)]
    for marks, form in enumerate(dict.fromkeys(forms)):
        yield _needle(found, refined, kind + form + end, marks=marks)


def _needle(found: Found, refined: int, *parts: str, marks: int = 0) -> Needle:
    return Needle(parts, _WEIGHT[found] + refined * _REFINED + marks)


def _phone_needles(found: Found, refined: int, digits: str, is_beginning: bool) -> Iterator[Needle]:
    if not is_beginning and len(digits) >= _FEWEST_DIGITS_INSIDE:
        yield _needle(found, refined, _PHONE, digits, _PHONE_END)
        return
    yield _needle(found, refined, _PHONE + digits)
    if not is_beginning:
        yield _needle(found, refined, digits + _PHONE_END)


def _card_needles(code: str) -> tuple[Needle, ...]:
    return (_needle(Found.CARD, 0, _CARD + code.lower()),)


def _code_in(text: str) -> str | None:
    """The code, or its beginning, that a text is read as."""
    code = read_code(text) or beginning_of_code(text)
    if code is None or (is_only_digits(text) and len(code) < _FEWEST_DIGITS_INSIDE):
        return None
    return code if len(code) >= _FEWEST_OF_CODE else None
