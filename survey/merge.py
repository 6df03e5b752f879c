"""Merging what two people did without knowing of each other: field by field against the base that both had seen.

If one side changed, its value is taken. If both changed to different values, the one received later ("mine") shows, and
a `FieldDifference` keeps both for the lead. If both changed, None and "unknown" never replace a known value. A known
answer is not lost to "unknown", or to a form that did not ask, even if only that side changed.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from survey.records import Outcome

Path = tuple[str, ...]
Body = dict[str, Any]
_ABSENT = object()
_KNOWS_NOTHING = (None, "unknown", _ABSENT)
_RESIDENT_FIELDS = ("relation", "birth_year", "sex", "name")


@dataclass(frozen=True)
class FieldDifference:
    """A field on which two people disagree. `theirs` stood on the server, `mine` came later and shows; only for an
    outcome may `theirs` show (see `_merge_outcomes`)."""

    path: Path
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Merged:
    """The body that shows, and the fields on which a person must decide."""

    body: Body
    differences: tuple[FieldDifference, ...]


def _choose(base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
    """The value that shows, and whether the two sides really disagree."""
    if mine == theirs or theirs == base:
        return mine, False
    if mine == base:
        return theirs, False
    if mine in _KNOWS_NOTHING:
        return theirs, False
    return mine, theirs not in _KNOWS_NOTHING


def _choose_answer(base: Any, theirs: Any, mine: Any) -> tuple[Any, bool]:
    """As `_choose`, but an unknown or missing answer never replaces a known one, even if only that side changed."""
    if theirs in _KNOWS_NOTHING:
        return (theirs if mine is _ABSENT else mine), False
    return (theirs, False) if mine in _KNOWS_NOTHING else _choose(base, theirs, mine)


def _merge_flat(
    base: Mapping[Path, Any], theirs: Mapping[Path, Any], mine: Mapping[Path, Any]
) -> tuple[dict[Path, Any], list[FieldDifference]]:
    shown: dict[Path, Any] = {}
    differences: list[FieldDifference] = []
    for path in dict.fromkeys((*theirs, *mine)):
        left, right = theirs.get(path, _ABSENT), mine.get(path, _ABSENT)
        choose = _choose_answer if "answers" in path[:-1] else _choose
        value, differ = choose(base.get(path, _ABSENT), left, right)
        if value is not _ABSENT:
            shown[path] = value
        if differ:
            differences.append(FieldDifference(path, left, right))
    return shown, differences


def merge_fields(base: Body, theirs: Body, mine: Body) -> Merged:
    """Merge flat records (a household's own fields). `mine` may hold only the fields that were changed."""
    changed: dict[Path, Any] = {(key,): value for key, value in mine.items()}
    before: dict[Path, Any] = {(key,): base.get(key) for key in mine}
    present: dict[Path, Any] = {(key,): theirs.get(key) for key in mine}
    shown, differences = _merge_flat(before, present, changed)
    return Merged(theirs | {path[0]: value for path, value in shown.items()}, tuple(differences))


def merge_visits(base: Body | None, theirs: Body | None, mine: Body) -> Merged:
    """Merge the visit `mine` into the household's present answers `theirs`.

    `base` is the visit that `mine` was filled from, None for a first visit. A visit that found nobody at home never
    replaces answers. If two people met the family independently, nobody is counted twice: residents are matched by id,
    or by relation, birth year and sex. A person who is only on the older list is then not shown, which is a difference,
    unless `mine` names them in `left`: then they are known to have gone.
    """
    if theirs is None or theirs == mine:
        return Merged(mine, ())
    if mine["outcome"] != Outcome.COMPLETED or theirs.get("outcome") != Outcome.COMPLETED:
        return _merge_outcomes(base, theirs, mine)
    if base == theirs and _adds_to(theirs, mine):
        return Merged(mine, ())
    if base and base.get("outcome") != Outcome.COMPLETED:
        base = None  # nobody was met then: for both sides this is the first list of residents
    sent, mine = mine, _aligned(base, theirs, mine)
    old, left, right = _residents(base), _residents(theirs), _residents(mine)
    gone = _left(sent)
    kept, differences = _merge_membership(None if base is None else old, left, right, gone.keys())
    both = left.keys() & right.keys()
    shown, differing = _merge_flat(_flat(base or {}, old, both), _flat(theirs, left, both), _flat(mine, right, both))
    own, told = _by_resident(shown)
    residents = [
        left[who] | right[who] | own.get(who, {}) | {"answers": told.get(who, {})}
        if who in both
        else left.get(who) or right[who]
        for who in left | right
        if who in kept
    ]
    answers = {path[1]: value for path, value in shown.items() if path[0] == "answers"}
    # What is not merged by field (times, consent, fields of newer programs) is that of the later visit.
    body = theirs | mine | {"answers": answers, "residents": residents}
    body.pop("left", None)
    # Departures are news of one visit: the next one that was filled from it says nothing of them any more.
    told_now = {who: one for who, one in _left(theirs).items() if who not in _left(base)} | gone
    departed = [one for who, one in told_now.items() if who not in kept]
    if departed or "left" in sent:
        body["left"] = departed
    return Merged(sent if body == sent else body, (*differing, *differences))


def _adds_to(theirs: Body, mine: Body) -> bool:
    """Whether `mine`, filled in from `theirs`, keeps everything that is known there: then it shows as it is. This is
    what nearly every later visit does, and it is told in a sixth of the time that the merge takes."""
    if "left" in mine or not theirs.keys() - {"left"} <= mine.keys() or not _keeps(theirs, mine):
        return False
    before, after = _residents(theirs), _residents(mine)
    stay = [who for who in before if who in after]
    return list(after)[: len(stay)] == stay and all(
        before[who].keys() <= after[who].keys() and _keeps(before[who], after[who]) for who in stay
    )


def _keeps(theirs: Body, mine: Body) -> bool:
    """Whether each answer that was known still is."""
    told: Body = mine.get("answers") or {}
    answers: Body = theirs.get("answers") or {}
    return all(
        key in told and (told[key] not in _KNOWS_NOTHING or value in _KNOWS_NOTHING) for key, value in answers.items()
    )


def _merge_outcomes(base: Body | None, theirs: Body, mine: Body) -> Merged:
    """Merge two visits of which at least one got no answers. Answers stay; a contradicting outcome is a difference."""
    if mine["outcome"] == theirs.get("outcome"):
        return Merged(mine, ())
    if mine["outcome"] == Outcome.ABSENT:
        return Merged(theirs, ())
    if theirs.get("outcome") == Outcome.ABSENT or base == theirs:
        return Merged(mine, ())
    winner = theirs if theirs.get("outcome") == Outcome.COMPLETED else mine
    return Merged(winner, (FieldDifference(("outcome",), theirs.get("outcome"), mine["outcome"]),))


def _residents(visit: Body | None) -> dict[str, Body]:
    return {resident["id"]: resident for resident in (visit or {}).get("residents") or []}


def _left(visit: Body | None) -> dict[str, Body]:
    """The people whom a visit names as gone, by id."""
    return {one["id"]: one for one in (visit or {}).get("left") or []}


def _aligned(base: Body | None, theirs: Body, mine: Body) -> Body:
    """`mine` with new residents given the ids that the same people have in `theirs`. People are the same by relation,
    birth year and sex; equal names are matched first, the rest in order, so that twins are not counted twice."""

    def traits(resident: Body) -> tuple[Any, ...]:
        return resident.get("relation"), resident.get("birth_year"), resident.get("sex")

    before, present, sent = _residents(base), _residents(theirs), _residents(mine)
    fresh = [one for who, one in sent.items() if who not in before and who not in present]
    if not fresh:
        return mine
    gone = _left(mine)
    free = [one for who, one in present.items() if who not in before and who not in sent and who not in gone]
    same: dict[str, str] = {}
    for by_name in (True, False):
        for resident in [one for one in fresh if one["id"] not in same]:
            twins = [one for one in free if traits(one) == traits(resident)]
            if by_name:
                twins = [one for one in twins if one.get("name") and one.get("name") == resident.get("name")]
            if twins:
                same[resident["id"]] = twins[0]["id"]
                free.remove(twins[0])
    residents: list[Body] = mine.get("residents") or []
    return mine | {"residents": [one | {"id": same.get(one["id"], one["id"])} for one in residents]}


def _merge_membership(
    base: dict[str, Body] | None, theirs: dict[str, Body], mine: dict[str, Body], gone: Set[str]
) -> tuple[set[str], list[FieldDifference]]:
    """Who lives in the household, and about whom the two visits disagree.

    A person whom one side took off the list is gone, unless the other side wrote something new about them meanwhile.
    Two first visits disagree about everybody whom only the older one met. `gone` are the people whom the later visit
    took out for a reason: if its base is not known, they still count as having been in its form.
    """
    kept: set[str] = set()
    differences: list[FieldDifference] = []
    for who in theirs | mine:
        in_theirs, in_mine = who in theirs, who in mine
        if (in_theirs and in_mine) or (base is not None and who not in base):
            kept.add(who)
        elif base is None and who in gone:
            continue
        elif base is None or _told(theirs.get(who) or mine[who]) != _told(base[who]):
            if in_mine:
                kept.add(who)
            if base is not None or in_theirs:
                differences.append(FieldDifference(("residents", who), in_theirs or None, in_mine or None))
    return kept, differences


def _told(resident: Body) -> Body:
    """What is known of a person: fields and answers, without empty and unknown values."""
    told = {key: resident.get(key) for key in _RESIDENT_FIELDS} | (resident.get("answers") or {})
    return {key: value for key, value in told.items() if value not in _KNOWS_NOTHING}


def _flat(visit: Body, residents: Mapping[str, Body], who_of: Set[str]) -> dict[Path, Any]:
    flat: dict[Path, Any] = {("answers", key): value for key, value in (visit.get("answers") or {}).items()}
    for who, resident in residents.items():
        if who in who_of:
            flat |= {("residents", who, key): resident[key] for key in _RESIDENT_FIELDS if key in resident}
            answers: Body = resident.get("answers") or {}
            flat |= {("residents", who, "answers", key): value for key, value in answers.items()}
    return flat


def _by_resident(shown: dict[Path, Any]) -> tuple[dict[str, Body], dict[str, Body]]:
    """Regroup the merged values by resident id: the residents' own fields, and their answers."""
    own: dict[str, Body] = {}
    answers: dict[str, Body] = {}
    for path, value in shown.items():
        if path[0] == "residents":
            part = own if len(path) == 3 else answers
            part.setdefault(path[1], {})[path[-1]] = value
    return own, answers
