"""Finding the households of a list again, wherever they live since: what was imported once is never doubled.

What a list said of a household, its village and its line, stays with it whatever is corrected, moved, merged or split.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.households import list_key
from survey.vietnamese import spelling
from survey.villages import full_name
from sync_server.store.database import Session
from sync_server.store.listed import Naming, add_namings, list_listed, list_namings, mark_listed
from sync_server.store.villages import list_lineage, list_villages


@dataclass(frozen=True)
class Line:
    """A line of a list: the village that it names, the present one that this is or became, and the household's key."""

    named: str
    home: str
    key: str


class _Households:
    """The households by what they may be found by; each is given out once."""

    def __init__(self, session: Session, commune: str) -> None:
        self._by_what: dict[tuple[str, str, str], list[str]] = {}
        self._taken: set[str] = set()
        there = {one.id: one for one in reversed(list_listed(session, commune))}
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
        """One that was not taken yet, the oldest first."""
        there = self._by_what.get((how, village, key), [])
        while there:
            household = there.pop()
            if household not in self._taken:
                self._taken.add(household)
                return household
        return None


def find_again(session: Session, commune: str, lines: Sequence[Line]) -> list[bool]:
    """For each line whether its household is there already; two families of one name and address are two.

    A household is the same if a list named it so in this village, or in one that this village was made of or became; if
    it lives in this village; or if it was made on a phone, lives here and is called so now. A line that found its
    household in another way than by what lists said of it is remembered.
    """
    there = _Households(session, commune)
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
    kin = _kin(session, commune, {lines[at].named for at in open_lines})
    named_since: list[Naming] = []
    # Who has the fewest places to be found in comes first: nobody takes from them what they could find elsewhere.
    for at in sorted(open_lines, key=lambda at: len(kin[lines[at].named])):
        line = lines[at]
        said = [(how, one) for one in kin[line.named] for how in ("listed", "named since")]
        for how, village in [*said, ("lives", line.named)]:
            if found[at] is None and (household := there.take(how, village, line.key)):
                found[at] = household
                named_since.append(Naming(household, line.named, line.key))
    mark_listed(session, commune, made_here)
    add_namings(session, commune, named_since)
    return [household is not None for household in found]


def _kin(session: Session, commune: str, villages: Iterable[str]) -> dict[str, list[str]]:
    """For each village the others that a list may have named its households in: those that were called the same, what
    these were made of, and what they became; not what else came together there, whose families are others."""
    lineage = list_lineage(session, commune)
    into = {one.id: village for village, former in lineage.items() for one in former if one.how == "merge"}
    called = {one.id: spelling(full_name(one)) for one in list_villages(session, commune, ended=True)}
    found: dict[str, list[str]] = {}
    for village in villages:
        same = [one for one in called if called[one] == called[village]]
        before, became = list(same), [into[one] for one in same if one in into]
        for one in before:  # grows while it is read, as the next list does
            before += [former.id for former in lineage.get(one, []) if former.id not in before]
        for one in became:
            became += [into[one]] if one in into else []
        found[village] = [one for one in dict.fromkeys([*before, *became]) if one != village]
    return found
