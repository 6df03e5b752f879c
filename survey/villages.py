"""Villages and what they are called: which village a written name stands for, and when that cannot be told.

Names are not identities: Đông and Đồng are two villages, and so are Thôn 3 and Tổ dân phố 3. No SQL, no clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from survey.records import Village
from survey.vietnamese import clean, fold, has_marks, spelling

VILLAGE_KINDS = (
    "thôn",
    "bản",
    "ấp",
    "tổ dân phố",
    "khu phố",
    "khóm",
    "khu",
    "làng",
    "buôn",
    "bon",
    "plei",
    "sóc",
    "xóm",
)


@dataclass(frozen=True)
class Exactly:
    """The name matches this village with every mark."""

    village: Village


@dataclass(frozen=True)
class Loosely:
    """The name was written without any mark and fits only this village. Tell the person which one was taken."""

    village: Village


@dataclass(frozen=True)
class Ambiguous:
    """The name fits several villages: a person has to say which one is meant."""

    villages: tuple[Village, ...]


@dataclass(frozen=True)
class NotThere:
    """No village is called that."""


Meant = Exactly | Loosely | Ambiguous | NotThere


def split_kind(name: str) -> tuple[str | None, str]:
    """ "Thôn Đinh Xá" as kind and name ("thôn", "Đinh Xá"); no kind where the name does not begin with one."""
    name = clean(name)
    for kind in sorted(VILLAGE_KINDS, key=len, reverse=True):
        if name.lower().startswith(kind + " "):
            return kind, name[len(kind) + 1 :]
    return None, name


def full_name(village: Village) -> str:
    """The kind word and the name, which together are unique in a commune: "thôn Đông"."""
    return f"{village.kind} {village.name}"


def is_same_village(one: Village, other: Village) -> bool:
    """Whether two villages have the same kind and name, ignoring capitals and the place of the tone marks."""
    return spelling(full_name(one)) == spelling(full_name(other))


def which_village(written: str, villages: Iterable[Village]) -> Meant:
    """Which of the villages the written name stands for.

    The written text is first compared with kind and name, then with the name alone. A text without any mark may stand
    for a name with marks; a text with a mark counts as complete, so "Đồng" is never Đông.
    """
    there = list(villages)
    exact = spelling(written)
    for part in (0, 1):
        found = tuple(one for one in there if _spellings(one.kind, one.name)[part] == exact)
        if found:
            return Exactly(found[0]) if len(found) == 1 else Ambiguous(found)
    if has_marks(written):
        return NotThere()
    found = tuple(one for one in there if fold(written) in _spellings(one.kind, one.name)[2:])
    if not found:
        return NotThere()
    return Loosely(found[0]) if len(found) == 1 else Ambiguous(found)


def left_open(written: str) -> int:
    """How ambiguous a written name is: 0 with its kind word, 1 with marks but no kind word, 2 without any mark."""
    if split_kind(written)[0]:
        return 0
    return 1 if has_marks(written) else 2


@lru_cache(maxsize=1024)
def _spellings(kind: str, name: str) -> tuple[str, str, str, str]:
    """With the kind word and without, mark for mark; then the same two without any mark."""
    return spelling(f"{kind} {name}"), spelling(name), fold(f"{kind} {name}"), fold(name)
