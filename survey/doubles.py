"""Which households of a commune's list may be one that was written down twice.

What agrees adds bits and what differs takes some away: a rare name that agrees says more than a common one. The score
only says whom to ask first; a person decides.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import log2

from survey.alleys import alley_of
from survey.search_words import given_place, without_signs
from survey.vietnamese import clean, fold

LIKELY = 9.0
"""From this score on a pair is shown at once."""
POSSIBLE = 7.0
"""From this score on a pair is shown under "có thể trùng"; below it, never."""
_SAME_CARD = 20.0
_MOST_OF_A_NAME = {"given": 7.0, "middle": 3.0, "family": 4.0}
_OTHER_GIVEN, _OTHER_MIDDLE, _OTHER_FAMILY, _LIKE_FAMILY = -5.0, -2.5, -4.0, 1.0
_LEAST_OF_NAMES = -5.0
"""One list names the wife and the other her husband: a wholly different name is not proof of two homes."""
_ALLEY, _OTHER_ALLEY = 3.0, -2.0
_PHONE, _OTHER_PHONE = 8.0, -2.0
_PEOPLE, _OTHER_PEOPLE = (0.0, 2.0, 6.0, 9.0), -4.0
_MOST_OF_THE_PEOPLE = 0.6
_OTHER_VILLAGE = -3.0
_FEWEST_COUNTED = 200
"""How often a name occurs is reckoned of so many households at least: in a short list no name is common by chance."""
_LARGEST_BLOCK = 60
_SAME_SOUND = (
    ("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("r", "d"), ("x", "s"), ("k", "c"), ("q", "c"), ("y", "i")
)  # fmt: skip


@dataclass(frozen=True)
class ListedHome:
    """A household as the list and its last visit show it. `people` are those who live there: sex and birth year."""

    id: str
    village: str
    head_name: str
    address: str = ""
    phone: str = ""
    card: str = ""
    people: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two households that may be one. `reasons` are what agrees, with a number for each: how many people do."""

    first: str
    second: str
    score: float
    reasons: tuple[tuple[str, int], ...]

    @property
    def is_likely(self) -> bool:
        return self.score >= LIKELY


@dataclass(frozen=True)
class _Home:
    """A household as it is compared. `number` is what was written behind the name to tell two of it apart."""

    listed: ListedHome
    family: str
    middle: tuple[str, ...]
    given: str
    number: str
    name: str
    alley: str
    people: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Weights:
    """What a name that agrees is worth: the rarer, the more."""

    given: dict[str, float]
    middle: dict[str, float]
    family: dict[str, float]


def list_pairs(homes: Iterable[ListedHome]) -> list[Pair]:
    """The pairs that a person should look at, the most likely first. The order of the households does not matter."""
    known = {one.id: one for one in homes}
    read = [_read(known[identity]) for identity in sorted(known)]
    weights = _weigh(read)
    pairs = (_compare(one, other, weights) for one, other in _candidates(read))
    return sorted((one for one in pairs if one.score >= POSSIBLE), key=lambda one: (-one.score, one.first, one.second))


@lru_cache(8192)
def sound_of(word: str) -> str:
    """One form for what Northern and Southern speech, or a hurried pen, do not tell apart: "Sinh" is "Xinh"."""
    sound = without_signs(fold(word))
    for written, heard in _SAME_SOUND:
        sound = sound.replace(written, heard)
    return "n" + sound[1:] if sound.startswith("l") else sound


def _read(home: ListedHome) -> _Home:
    words = clean(home.head_name).split()
    place = given_place(words) + 1 if words else 0
    words, behind = words[:place], " ".join(words[place:])
    number = "".join(letter for letter in behind if letter.isdigit())
    sounds = [sound for word in words if (sound := sound_of(word))]
    family = sounds[0] if len(sounds) > 1 else ""
    alley = fold(alley_of(home.address)).removeprefix("duong ").strip()
    given = sounds[-1] if sounds else ""
    return _Home(
        home, family, tuple(sounds[1:-1]), given, number, fold(" ".join(words)), alley, tuple(sorted(home.people))
    )


def _weigh(homes: Sequence[_Home]) -> _Weights:
    every = max(len(homes), _FEWEST_COUNTED)

    def bits(part: str, said: Callable[[_Home], str]) -> dict[str, float]:
        counted = Counter(said(one) for one in homes)
        return {one: min(_MOST_OF_A_NAME[part], log2(every / count)) for one, count in counted.items()}

    return _Weights(
        bits("given", lambda one: one.given),
        bits("middle", lambda one: " ".join(one.middle)),
        bits("family", lambda one: one.family),
    )


def _candidates(homes: Sequence[_Home]) -> list[tuple[_Home, _Home]]:
    """The pairs that share something that is worth comparing the rest: a few for each household, not all. The
    households come in the order of their ids."""
    blocks: dict[Hashable, list[_Home]] = defaultdict(list)
    for one in homes:
        for key in _keys(one):
            blocks[key].append(one)
    found: dict[tuple[str, str], tuple[_Home, _Home]] = {}
    for block in blocks.values():
        for part in _narrowed(block):
            for first, second in combinations(part, 2):
                found[first.listed.id, second.listed.id] = first, second
    return list(found.values())


def _keys(home: _Home) -> list[Hashable]:
    listed, keys = home.listed, list[Hashable]()
    if home.given:
        keys.append(("given", listed.village, home.given))
    if home.alley:
        keys.append(("alley", listed.village, home.alley, home.name[:4]))
    if listed.phone:
        keys.append(("phone", listed.phone))
    if listed.card:
        keys.append(("card", listed.card))
    if len(home.people) > 1:
        keys.append(("people", home.people))
    if len(home.people) > 2:
        sexes, lowest = tuple(sex for sex, _ in home.people), min(year for _, year in home.people)
        keys += [("years", listed.village, sexes, lowest + near) for near in (-1, 0, 1)]
    return keys


def _narrowed(block: list[_Home]) -> list[list[_Home]]:
    """The block itself; where very many share a given name, those who share the family's name, too."""
    if len(block) <= _LARGEST_BLOCK:
        return [block]
    families: dict[str, list[_Home]] = defaultdict(list)
    for one in block:
        families[one.family].append(one)
    return [part for part in families.values() if len(part) <= _LARGEST_BLOCK]


def _compare(one: _Home, other: _Home, weights: _Weights) -> Pair:
    """The score of two households, and what agrees."""
    reasons: list[tuple[str, int]] = []
    score = max(_LEAST_OF_NAMES, _score_names(one, other, weights))
    if (one.given, one.middle, one.family) == (other.given, other.middle, other.family) and score > 0:
        reasons.append(("same_name", 1))
    elif score > 0:
        reasons.append(("like_name", 1))
    mine, yours = one.listed, other.listed
    if one.alley and other.alley:
        score += _ALLEY if one.alley == other.alley else _OTHER_ALLEY
        reasons += [("same_alley", 1)] if one.alley == other.alley else []
    if mine.phone and yours.phone:
        score += _PHONE if mine.phone == yours.phone else _OTHER_PHONE
        reasons += [("same_phone", 1)] if mine.phone == yours.phone else []
    if one.people and other.people:
        same = _count_same(one.people, other.people)
        is_most = same >= _MOST_OF_THE_PEOPLE * max(len(one.people), len(other.people))
        score += _PEOPLE[min(same, 3)] if is_most else _OTHER_PEOPLE
        reasons += [("same_people", same)] if is_most else []
    score += _OTHER_VILLAGE if mine.village != yours.village else 0.0
    if mine.card and mine.card == yours.card:
        score = max(score, _SAME_CARD)
        reasons.append(("same_card", 1))
    return Pair(mine.id, yours.id, score, tuple(reasons))


def _score_names(one: _Home, other: _Home, weights: _Weights) -> float:
    """Without a name on one side nothing is known."""
    if not one.given or not other.given:
        return 0.0
    if one.number and other.number and one.number != other.number:  # "Tuấn (1)", "Tuấn (2)": somebody knew of both
        return _LEAST_OF_NAMES
    if one.given == other.given:
        score = weights.given[one.given]
    elif min(len(one.given), len(other.given)) > 1 and max(len(one.given), len(other.given)) > 2:
        rarer = max(weights.given[one.given], weights.given[other.given])
        score = rarer / 2 if _is_one_edit(one.given, other.given) else _OTHER_GIVEN
    else:
        score = _OTHER_GIVEN
    return score + _score_middle(one.middle, other.middle, weights) + _score_family(one.family, other.family, weights)


def _score_middle(one: tuple[str, ...], other: tuple[str, ...], weights: _Weights) -> float:
    if one == other:
        return weights.middle[" ".join(one)]
    is_short = not one or not other or min(len("".join(one)), len("".join(other))) <= min(len(one), len(other))
    begins_alike = all(mine[:1] == yours[:1] for mine, yours in zip(one, other, strict=False))
    return 0.0 if is_short and begins_alike else _OTHER_MIDDLE


def _score_family(one: str, other: str, weights: _Weights) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return weights.family[one]
    if min(len(one), len(other)) == 1 and one[0] == other[0]:  # an initial
        return 0.0
    return _LIKE_FAMILY if min(len(one), len(other)) > 1 and _is_one_edit(one, other) else _OTHER_FAMILY


def _count_same(one: Sequence[tuple[str, int]], other: Sequence[tuple[str, int]]) -> int:
    """How many people of one are found in the other, each once: of the same sex, born in the same year or beside it."""
    same = mine = yours = 0
    while mine < len(one) and yours < len(other):
        (sex, year), (other_sex, other_year) = one[mine], other[yours]
        if sex == other_sex and abs(year - other_year) <= 1:
            same, mine, yours = same + 1, mine + 1, yours + 1
        elif (sex, year) < (other_sex, other_year):
            mine += 1
        else:
            yours += 1
    return same


def _is_one_edit(one: str, other: str) -> bool:
    """Whether one letter was left out, added or exchanged, or two beside each other changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    mine, yours = one[at:], other[at:]
    is_swapped = mine[:2] == yours[1::-1] and mine[2:] == yours[2:]
    return is_swapped or mine[1:] == yours[1:] or mine == yours[1:] or mine[1:] == yours
