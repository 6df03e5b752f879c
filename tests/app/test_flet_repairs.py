"""A control that is kept while what is around it is made anew, with Flet as it is and as repaired."""

import weakref

import flet as ft
import pytest
from flet.controls.base_control import BaseControl
from flet.controls.object_patch import DiffBuilder, ObjectPatch

from app.ui.flet_repairs import keep_parents


def drawn_anew(child: ft.Control) -> ft.Container:
    """The container that holds the child once it was drawn a second time; the first one is gone."""
    before, after = ft.Container(child), ft.Container(child)
    for one in (before, after):
        object.__setattr__(one, "_frozen", True)
    child._parent = weakref.ref(before)
    ObjectPatch.from_diff({"_b": before}, {"_b": after}, control_cls=BaseControl, parent=ft.Column(), frozen=True)
    return after


def test_flet_still_forgets_who_holds_a_control(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_parents()
    repaired = DiffBuilder._compare_dataclasses
    monkeypatch.setattr(DiffBuilder, "_compare_dataclasses", repaired.__closure__[0].cell_contents)  # type: ignore[index]
    child = ft.Text("Ngõ Đình")
    holder = drawn_anew(child)
    assert child.parent is not holder, "Flet has mended it: app/ui/flet_repairs.py is not needed any more"


def test_a_kept_control_knows_who_holds_it() -> None:
    keep_parents()
    child = ft.Text("Ngõ Đình")
    holder = drawn_anew(child)
    assert child.parent is holder
