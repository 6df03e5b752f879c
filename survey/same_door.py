"""Whether two households are likely to be one: the same alley, and a head whose name differs only in how it is written.

A warning for a person to judge, never a reason to merge.
"""

from survey.alleys import alley_of
from survey.search_words import given_place, without_apostrophes
from survey.vietnamese import clean, fold


def is_same_door(name: str, address: str, other_name: str, other_address: str) -> bool:
    """Whether both stand in the same alley (or in none) and may have the same head, whatever marks were written."""
    return _alley(address) == _alley(other_address) and is_same_head(name, other_name)


def is_same_head(name: str, other: str) -> bool:
    """Whether two names may be of one person: the same given name, and the words before it are the same or some of them
    were left out ("Nguyễn An", "nguyen van an"). Marks, capitals and apostrophes do not matter."""
    given, before = _parts(name)
    other_given, other_before = _parts(other)
    if not given or given != other_given:
        return False
    short, long = sorted((before, other_before), key=len)
    rest = iter(long)
    return all(word in rest for word in short)


def given_name(name: str) -> str:
    """The given name without marks, lower case; empty where there is no name."""
    return _parts(name)[0]


def _parts(name: str) -> tuple[str, list[str]]:
    words = [without_apostrophes(fold(word)) for word in clean(name).split()]
    if not words:
        return "", []
    place = given_place(words)
    return words[place], words[:place]


def _alley(address: str) -> str:
    return fold(alley_of(address))
