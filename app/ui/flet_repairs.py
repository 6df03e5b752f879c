"""What Flet 1.0.5 does wrong and this app depends on; tests/app/test_flet_repairs.py tells when it is mended there."""

import weakref
from functools import cache
from typing import Any

from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder


@cache
def keep_parents() -> None:
    """A control that is kept while the one around it is made anew learns who holds it now.

    Flet tells it in a list, but not where it is the only child (`ft.Container(content=…)`). Its former parent is then
    gone, and Flet looks through the whole page for the control of every event below: 300 ms of a tap on a slow phone.
    A component finds what its screen is given (`use_workspace`) by the component around it, and would find nothing.
    """
    compare = DiffBuilder._compare_dataclasses

    def compare_dataclasses(self: DiffBuilder, parent: Any, path: list[Any], src: Any, dst: Any, frozen: bool) -> None:
        compare(self, parent, path, src, dst, frozen)
        if frozen and src is not dst and isinstance(dst, BaseControl):
            _hold(src, dst)

    DiffBuilder._compare_dataclasses = compare_dataclasses  # type: ignore[method-assign]


def _hold(before: Any, control: BaseControl) -> None:
    names = (*getattr(type(control), "_structural_fields", ()), *getattr(control, "_values", ()))
    for name in names:
        child = getattr(control, name, None)
        if isinstance(child, BaseControl) and getattr(before, name, None) is child:
            object.__setattr__(child, "_parent", weakref.ref(control))
            around = _component_of(control)
            if isinstance(child, Component) and around is not None:
                object.__setattr__(child, "_parent_component", weakref.ref(around))


def _component_of(control: BaseControl | None) -> Component | None:
    while control is not None and not isinstance(control, Component):
        control = control.parent
    return control
