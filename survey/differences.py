"""A difference between two people's answers: naming its fields, and showing the other side's values instead."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from survey.merge import Path

Body = dict[str, Any]


def put_other_answers(current: Body, other: Body, fields: list[Body], *, shows_mine: bool) -> tuple[Body, bool]:
    """Replace each field of a difference by the other side's value. Returns the new answers, and whether every field
    was replaced.

    `fields` have `path`, `mine` and `theirs`; `shows_mine` says which of the two was shown. `other` are all answers of
    the other side, from which people missing in `current` are copied. A field that shows something else by now was
    written after the difference arose: it stays.
    """
    shown: Body = deepcopy(current)
    done = 0
    for field in fields:
        showing, wanted = (field["mine"], field["theirs"]) if shows_mine else (field["theirs"], field["mine"])
        path: list[str] = field["path"]
        if path == ["outcome"]:
            if shown.get("outcome") == showing and other:
                shown, done = deepcopy(other), done + 1
        elif path[0] == "residents" and len(path) == 2:
            done += _put_resident(shown, other, path[1], showing, wanted)
        else:
            done += _put_value(shown, path, showing, wanted)
    return shown, done == len(fields)


def _people(visit: Body) -> list[Body]:
    people: list[Body] = visit.get("residents") or []
    return people


def _put_resident(shown: Body, other: Body, who: str, showing: Any, wanted: Any) -> bool:
    """Add the person whom only the other side met, or remove one with the reason it gave; whether it was done."""
    people = _people(shown)
    is_there = any(one["id"] == who for one in people)
    if is_there != bool(showing):
        return False
    if not wanted:
        shown["residents"] = [one for one in people if one["id"] != who]
        shown["left"] = [*_left_but(shown, who), *(deepcopy(one) for one in _left(other) if one["id"] == who)]
        return True
    found = next((one for one in _people(other) if one["id"] == who), None)
    if found is None:
        return False
    shown["residents"] = [*people, deepcopy(found)]
    shown["left"] = _left_but(shown, who)
    return True


def _left(visit: Body) -> list[Body]:
    left: list[Body] = visit.get("left") or []
    return left


def _left_but(visit: Body, who: str) -> list[Body]:
    return [one for one in _left(visit) if one["id"] != who]


def _put_value(shown: Body, path: list[str], showing: Any, wanted: Any) -> bool:
    place: Body | None = shown
    if path[0] == "residents":
        place = next((one for one in _people(shown) if one["id"] == path[1]), None)
        path = path[2:]
    if place is not None and path[0] == "answers":
        place, path = place.setdefault("answers", {}), path[1:]
    if place is None or place.get(path[0]) != showing:
        return False
    place[path[0]] = wanted
    return True


def key_of(path: Path) -> str:
    """The name of a field: its question, column or criterion number, or `resident` for whether a person lives there."""
    if path[0] == "residents":
        return path[-1] if len(path) > 2 else "resident"
    return path[1] if path[0] == "answers" else path[0]


def residents_of(*visits: Body | None) -> dict[str, Body]:
    """All residents of the visits by id. For a person who is in several visits, the first one counts."""
    found: dict[str, Body] = {}
    for visit in visits:
        people: Iterable[Body] = (visit or {}).get("residents") or []
        for resident in people:
            found.setdefault(resident["id"], resident)
    return found
