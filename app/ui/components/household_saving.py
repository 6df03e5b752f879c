"""What every form of a household does when it is saved: ask whether it is there already, and say what is wrong."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.actions.households import HouseholdInvalid
from app.store.same_door import SameDoor
from app.ui.components.frame import notice
from app.ui.components.same_door import same_door_question
from app.ui.state import use_optional
from app.ui.workspace import use_texts, use_workspace
from survey.problem_shapes import FieldProblem


@dataclass(frozen=True)
class HouseholdSaving:
    """`tapped` handles the form's button; `notices` stand above its fields."""

    tapped: Callable[[Any], Awaitable[None]]
    notices: list[ft.Control]


def use_household_saving(
    find_same: Callable[[], SameDoor | None], keep: Callable[[], Awaitable[None]], anyhow: str
) -> HouseholdSaving:
    """Save with `keep`, which may raise `HouseholdInvalid`. Where `find_same` finds a household that this one may be,
    the person looks at that one or goes on by tapping the words `anyhow`."""
    workspace, t = use_workspace(), use_texts()
    nothing: list[FieldProblem] = []
    problems, set_problems = ft.use_state(nothing)
    same, set_same = use_optional(SameDoor)

    async def tapped(_event: Any) -> None:
        found = find_same()
        set_same(found)
        if found is None:
            await go_on(_event)

    async def go_on(_event: Any) -> None:
        try:
            await keep()
            workspace.typed.clear()
        except HouseholdInvalid as invalid:
            set_same(None)
            set_problems(invalid.problems)

    notices = [notice(t.problem(one), icon=ft.Icons.ERROR_OUTLINE, warn=True) for one in problems]
    if same:
        notices.append(same_door_question(t, same, anyhow, go_on))
    return HouseholdSaving(tapped, notices)
