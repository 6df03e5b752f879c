"""The little that the screens share besides the device's file: a revision to read it again, and what is going on."""

from dataclasses import dataclass, field

import flet as ft

from app.sync.status import SyncStatus


@ft.observable
@dataclass
class AppState:
    """`revision` grows with every change of the file; `storage_problem` is None while saving works."""

    revision: int = 0
    language: str = "vi"
    sync: SyncStatus = field(default_factory=SyncStatus)
    storage_problem: str | None = None
    width: float = 0
