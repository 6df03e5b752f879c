"""Merging what two people did without knowing of each other: field by field against the base that both had seen.

One side changed: take it. Both the same: fine. Both differ: the later received ("mine") shows, and a `FieldDifference`
keeps both for the lead. A side that knows nothing (None, "unknown") never overrules one that knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.records import Outcome

Path = tuple[str, ...]
Body = dict[str, Any]
_ABSENT = object()
_KNOWS_NOTHING = (None, "unknown", _ABSENT)
_MERGED_RESIDENT_FIELDS = ("relation", "birth_year", "sex", "name")


@dataclass(frozen=True)
class FieldDifference:
    """Two people wrote different things: `theirs` stood on the server, `mine` came later and shows."""

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


def _merge_flat(
    base: Mapping[Path, Any], theirs: Mapping[Path, Any], mine: Mapping[Path, Any]
) -> tuple[dict[Path, Any], list[FieldDifference]]:
    shown: dict[Path, Any] = {}
    differences: list[FieldDifference] = []
    for path in dict.fromkeys((*theirs, *mine)):
        left, right = theirs.get(path, _ABSENT), mine.get(path, _ABSENT)
        value, differ = _choose(base.get(path, _ABSENT), left, right)
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
    """The household's present answers after the visit `mine`, where the server's present ones are `theirs`.

    `base` is the visit that `mine` was filled from, None for a first visit. A visit that found nobody at home never
    replaces answers; where two people met the family apart, nobody is counted twice: residents are matched by id, or by
    relation, birth year and sex, and who is only in the older list leaves the shown one as a difference.
    """
    if theirs is None or base == theirs:
        return Merged(theirs if theirs and mine["outcome"] == Outcome.ABSENT else mine, ())
    if mine["outcome"] != Outcome.COMPLETED or theirs.get("outcome") != Outcome.COMPLETED:
        return _merge_outcomes(theirs, mine)
    mine = _aligned(base, theirs, mine)
    shown, differences = _merge_flat(_flat(base or {}), _flat(theirs), _flat(mine))
    kept = {path[1] for path in shown if path[0] == "residents" and len(path) == 2}
    if base is None:
        strangers = kept - {resident["id"] for resident in mine.get("residents") or []}
        differences += [FieldDifference(("residents", who), True, None) for who in sorted(strangers)]
        kept -= strangers
    differences = [
        one for one in differences if one.path[0] != "residents" or one.path[1] in kept or len(one.path) == 2
    ]
    return Merged(_nested(shown, theirs, mine, kept), tuple(differences))


def _merge_outcomes(theirs: Body, mine: Body) -> Merged:
    """Two visits of which at least one got no answers: answers stay, what contradicts them is shown to the lead."""
    if mine["outcome"] == theirs.get("outcome"):
        return Merged(mine, ())
    winner = theirs if theirs.get("outcome") == Outcome.COMPLETED or mine["outcome"] == Outcome.ABSENT else mine
    if Outcome.ABSENT in (mine["outcome"], theirs.get("outcome")):
        return Merged(winner, ())
    return Merged(winner, (FieldDifference(("outcome",), theirs.get("outcome"), mine["outcome"]),))


def _aligned(base: Body | None, theirs: Body, mine: Body) -> Body:
    """`mine` with new residents renamed to the same person in `theirs`, where exactly one of each fits."""

    def traits(resident: Body) -> tuple[Any, ...]:
        return resident.get("relation"), resident.get("birth_year"), resident.get("sex")

    residents: list[Body] = mine.get("residents") or []
    before = {resident["id"] for resident in (base or {}).get("residents") or []}
    mine_ids = {resident["id"] for resident in residents}
    free = [one for one in theirs.get("residents") or [] if one["id"] not in before | mine_ids]
    fresh = [one for one in residents if one["id"] not in before and traits(one) in map(traits, free)]
    names: dict[str, str] = {}
    for resident in fresh:
        twins = [one for one in free if traits(one) == traits(resident)]
        if len(twins) == 1 and sum(traits(one) == traits(resident) for one in fresh) == 1:
            names[resident["id"]] = twins[0]["id"]
    return mine | {"residents": [one | {"id": names.get(one["id"], one["id"])} for one in residents]}


def _flat(visit: Body) -> dict[Path, Any]:
    flat: dict[Path, Any] = {("answers", key): value for key, value in (visit.get("answers") or {}).items()}
    for resident in visit.get("residents") or []:
        who = resident["id"]
        flat["residents", who] = True
        flat |= {("residents", who, key): resident.get(key) for key in _MERGED_RESIDENT_FIELDS}
        answers: Body = resident.get("answers") or {}
        flat |= {("residents", who, "answers", key): value for key, value in answers.items()}
    return flat


def _nested(shown: dict[Path, Any], theirs: Body, mine: Body, kept: set[str]) -> Body:
    """The merged visit: what is not merged by field (times, consent, unknown fields) is that of the later one."""
    body = theirs | mine
    body["answers"] = {path[1]: value for path, value in shown.items() if path[0] == "answers"}
    everyone = {one["id"]: one for visit in (theirs, mine) for one in visit.get("residents") or []}
    body["residents"] = []
    for who in (identity for identity in everyone if identity in kept):
        own = {path[2]: value for path, value in shown.items() if path[:2] == ("residents", who) and len(path) == 3}
        answers = {path[3]: value for path, value in shown.items() if path[:3] == ("residents", who, "answers")}
        body["residents"].append(everyone[who] | own | {"answers": answers})
    return body
