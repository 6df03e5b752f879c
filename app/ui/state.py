"""State shared by the screens: the revision of the local store, the sync status, language and width."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import flet as ft

from app.sync.status import SyncStatus

T = TypeVar("T")


@ft.observable
@dataclass
class AppState:
    """`revision` grows when screens must read the file again; `storage_problem` is None while saving works;
    `just_saved` is the household whose visit was saved a moment ago."""

    revision: int = 0
    language: str = "vi"
    sync: SyncStatus = field(default_factory=SyncStatus)
    storage_problem: str | None = None
    width: float = 0
    just_saved: str = ""


def use_optional(of: type[T]) -> tuple[T | None, Callable[[T | None], None]]:
    """State of a screen that starts as None and may later hold a value of this type; returns value and setter."""
    nothing = cast("T | None", None)
    return ft.use_state(nothing)
