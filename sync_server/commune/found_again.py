"""Finds which households of a list are in the commune already, wherever they live now: no import doubles one.

The village and line by which a list named a household are kept with it, whatever is corrected, moved, merged or split.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.households import list_key
from survey.vietnamese import spelling
from survey.villages import full_name
from sync_server.store.database import Session
from sync_server.store.listed import ListedHousehold, Naming, add_namings, list_namings, mark_listed
from sync_server.store.villages import list_lineage, list_villages


@dataclass(frozen=True)
class Line:
    """A line of a list: `named` is the village it names, `home` the present village that this is or became.

    `key` is the household's name and address (`list_key`).
    """

    named: str
    home: str
    key: str


class _Households:
    """The commune's households, indexed by how, in which village and by which key a line may find them.

    Each is given out once.
    """

    def __init__(self, session: Session, commune: str, listed: list[ListedHousehold], taken: set[str]) -> None:
        self._by_what: dict[tuple[str, str, str], list[str]] = {}
        self._taken = set(taken)
        there = {one.id: one for one in reversed(listed)}
        for one in there.values():
            key = one.listed_as or list_key(one.head_name, one.address)
            self._add("lives", one.village, key, one.id)
            if one.listed_in:
                self._add("listed", one.listed_in, key, one.id)
            else:
                self._add("made here", one.village, key, one.id)
        for naming in reversed(list_namings(session, commune)):
            if naming.household in there:
                self._add("named since", naming.village, naming.line, naming.household)
                self._add("lives", there[naming.household].village, naming.line, naming.household)

    def _add(self, how: str, village: str, key: str, household: str) -> None:
        self._by_what.setdefault((how, village, key), []).append(household)

    def take(self, how: str, village: str, key: str) -> str | None:
        """Give out a household that was not taken yet, the oldest first; None if there is none."""
        there = self._by_what.get((how, village, key), [])
        while there:
            household = there.pop()
            if household not in self._taken:
                self._taken.add(household)
                return household
        return None


@dataclass(frozen=True)
class FoundAgain:
    """The household of each line, None where there is none yet; and how lists name households from now on, to be stored
    with `keep_namings`."""

    households: list[str | None]
    made_here: dict[str, tuple[str, str]]
    named_since: list[Naming]


def find_again(
    session: Session, commune: str, lines: Sequence[Line], listed: list[ListedHousehold], taken: set[str]
) -> FoundAgain:
    """For each line, which of the commune's households (`listed`) it is, those `taken` left out. Two families of one
    name and address stay two.

    A line's household is one that (1) a list named so in this village, (2) was made on a phone, lives here and has this
    name and address now, (3) a list named so in a village that this one was made of or became, or (4) lives here and
    was named so by any list. For 2 to 4 the line is stored with the household.
    """
    there = _Households(session, commune, listed, taken)
    found: list[str | None] = [there.take("listed", line.named, line.key) for line in lines]
    for at, line in enumerate(lines):
        found[at] = found[at] or there.take("named since", line.named, line.key)
    open_lines = [at for at, household in enumerate(found) if household is None]
    made_here: dict[str, tuple[str, str]] = {}
    for at in open_lines:
        line = lines[at]
        found[at] = household = there.take("made here", line.home, line.key)
        if household:
            made_here[household] = (line.named, line.key)
    kin = kin_of(session, commune, {lines[at].named for at in open_lines})
    named_since: list[Naming] = []
    # Lines with the fewest villages to look in come first, so that no other line takes the one household they can find.
    for at in sorted(open_lines, key=lambda at: len(kin[lines[at].named])):
        line = lines[at]
        said = [(how, one) for one in kin[line.named] for how in ("listed", "named since")]
        for how, village in [*said, ("lives", line.named)]:
            if found[at] is None and (household := there.take(how, village, line.key)):
                found[at] = household
                named_since.append(Naming(household, line.named, line.key))
    return FoundAgain(found, made_here, named_since)


def keep_namings(session: Session, commune: str, found: FoundAgain) -> None:
    """Store how lists name households from now on."""
    mark_listed(session, commune, found.made_here)
    add_namings(session, commune, found.named_since)


def kin_of(session: Session, commune: str, villages: Iterable[str]) -> dict[str, list[str]]:
    """For each village, the other villages under which a list may have named its households: those of the same name,
    those they were made of, and those they became. Not the others that were merged into the same one: their families
    are others."""
    lineage = list_lineage(session, commune)
    into = {one.id: village for village, former in lineage.items() for one in former if one.how == "merge"}
    called = {one.id: spelling(full_name(one)) for one in list_villages(session, commune, ended=True)}
    found: dict[str, list[str]] = {}
    for village in villages:
        same = [one for one in called if called[one] == called.get(village)]
        before, became = list(same), [into[one] for one in same if one in into]
        for one in before:  # grows while it is read, as the next list does
            before += [former.id for former in lineage.get(one, []) if former.id not in before]
        for one in became:
            became += [into[one]] if one in into else []
        found[village] = [one for one in dict.fromkeys([*before, *became]) if one != village]
    return found
