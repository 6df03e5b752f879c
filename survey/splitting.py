"""A part of a family becomes a household of its own: who went along, and with what the next forms of both begin.

All of it is written on the new household (`Household.split_from`, `came_with`); nothing is copied to the old one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.problem_shapes import FieldProblem
from survey.records import Departure, Household, Outcome

Body = dict[str, Any]


@dataclass(frozen=True)
class Kin:
    """Where a household came from and what became of its people: `former` is the one that it split off from, as far as
    this device has it, `split_off` those that split off from it, by their ids."""

    former: Household | None = None
    split_off: Mapping[str, Household] = field(default_factory=dict)


NO_KIN = Kin()
_KEPT_OF_WHO_LEFT = ("id", "relation", "birth_year", "sex")


def residents_of(household: Household) -> list[Body]:
    """Who lives there by the last answers; nobody before the first."""
    current = household.current or {}
    return list(current.get("residents") or []) if current.get("outcome") == Outcome.COMPLETED else []


def people_of_next_form(household: Household, kin: Kin) -> list[Body]:
    """The people in the next form of a household, as they are put into it: who lives there, with those taken out who
    split off; or, before anybody was asked there, who came along, of whom it is to be asked what they are to the new
    head, or else whom the commune's list names."""
    gone = gone_with(kin)
    if people := residents_of(household):
        return [one | _taken_out(gone[one["id"]]) if one["id"] in gone else one for one in people]
    along = _came_along(household, kin.former)
    came = [one | {"relation": "", "former_relation": one.get("relation") or "other", "added": True} for one in along]
    return came or [one.model_dump(exclude_none=True) | {"added": True} for one in household.listed_people or []]


def _taken_out(split_to: str) -> Body:
    return {"taken_out": Departure.MOVED_AWAY, "split_to": split_to}


def _came_along(household: Household, former: Household | None) -> list[Body]:
    """Who came along, with their answers; without them once a visit to the former household said that they had gone."""
    if former is None:
        return []
    left = [{key: one.get(key) for key in _KEPT_OF_WHO_LEFT} for one in (former.current or {}).get("left") or []]
    return [one for one in (*residents_of(former), *left) if one["id"] in (household.came_with or [])]


def gone_with(kin: Kin) -> dict[str, str]:
    """Who lives in a household that split off, by their id, and in which: the people on its list, or, before its first
    visit, those who went along. Who was put back is thus the old household's again once the new one says so, too."""
    gone: dict[str, str] = {}
    for identity, household in kin.split_off.items():
        people = [one["id"] for one in residents_of(household)] or household.came_with or []
        gone |= dict.fromkeys(people, identity)
    return gone


def check_split(household: Household, leaving: list[str]) -> list[FieldProblem]:
    """Why these people cannot be split off from the household; an empty list if they can."""
    people = {one["id"] for one in residents_of(household)}
    if not people & set(leaving):
        return [FieldProblem(pointer="/came_with", detail="Chọn ít nhất một người ra ở hộ mới.")]
    if people <= set(leaving):
        return [
            FieldProblem(
                pointer="/came_with",
                detail="Cả nhà cùng đi thì không phải tách hộ. Để lại ít nhất một người, hoặc dùng “Sửa hộ này”.",
            )
        ]
    return []
