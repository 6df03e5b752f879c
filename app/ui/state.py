"""State shared by the screens: the revision of the local store; and apart, what changes more often or seldom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import flet as ft

from app.sync.status import SyncStatus

T = TypeVar("T")

LOW, NARROW = 500, 320


@dataclass(frozen=True)
class Window:
    """The window. `low` and `narrow` count in lines of words, which a person may have enlarged:
    then what stands fixed on other screens scrolls, and what stands side by side goes below each other."""

    width: float = 390
    height: float = 844
    scale: float = 1

    @property
    def low(self) -> bool:
        return self.height / self.scale < LOW

    @property
    def narrow(self) -> bool:
        return self.width / self.scale < NARROW


@ft.observable
@dataclass
class Looks:
    """The person's language, the window, and whether only the PIN is asked, or one that the team must have is chosen.
    What depends on these alone is not drawn again at each word from the server."""

    language: str = "vi"
    window: Window = field(default_factory=Window)
    locked: bool = False


@ft.observable
@dataclass
class Syncing:
    """How the sync stands, which changes several times in each."""

    status: SyncStatus = field(default_factory=SyncStatus)


@ft.observable
@dataclass
class AppState:
    """`revision` grows when screens must read the file again; `storage_problem` is None while saving works."""

    revision: int = 0
    storage_problem: str | None = None


def use_optional(of: type[T]) -> tuple[T | None, Callable[[T | None], None]]:
    """State of a screen that starts as None and may later hold a value of this type; returns value and setter."""
    nothing = cast("T | None", None)
    return ft.use_state(nothing)
