"""What the screens work with: the open file, the clock, the server client. Mounted once, at the root."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import flet as ft

from app.device import Place, StorageFailed, StorageFull
from app.store.database import Database, Session
from app.sync.client import ServerClient
from app.sync.loop import SyncLoop
from app.sync.status import SyncStatus
from app.ui.state import AppState, Looks, Syncing, Window
from app.ui.texts import Texts

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Workspace:
    """Everything that the screens of one device need. `loop` syncs it with the server; `saved` is called after each
    flush; `just_saved` is the household whose visit was saved a moment ago, `typed` what stands in the fields of forms
    that are not saved yet: it outlives the lock and leaving the form."""

    database: Database
    place: Place
    clock: Callable[[], datetime]
    client: ServerClient
    loop: SyncLoop
    state: AppState
    looks: Looks
    syncing: Syncing
    saved: Callable[[], object] = lambda: None
    just_saved: str = ""
    typed: dict[str, str] = field(default_factory=dict)

    def read(self, query: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Read the file with one of the store's find_, list_ or count_ functions."""
        with self.database.read() as session:
            return query(session, *args, **kwargs)

    async def save(self, action: Callable[..., T], *args: Any) -> T:
        """Run one action on the file, flush it to the disk, and let the screens read again; returns its result.

        If the device cannot write, `state.storage_problem` says so until a later flush succeeds. The work is in memory
        until then, and that flush writes it too.
        """
        result = action(self.database, *args)
        await self.flush()
        self.state.revision += 1
        return result

    async def flush(self) -> None:
        """Write the file to the device's disk. A failure sets `state.storage_problem`, a success clears it."""
        try:
            await self.place.flush()
        except StorageFull:
            self.state.storage_problem = "full"
        except StorageFailed:
            self.state.storage_problem = "failed"
        else:
            self.state.storage_problem = None
            self.saved()


WorkspaceContext: Any = ft.create_context(None)


def use_workspace() -> Workspace:
    """The mounted workspace. Raises `RuntimeError` if there is none, which is a mistake in the program."""
    workspace: Workspace | None = ft.use_context(WorkspaceContext)
    if workspace is None:
        raise RuntimeError("no workspace is mounted")
    return workspace


def use_app_state() -> AppState:
    """The shared state; the calling component is drawn again when it changes."""
    state, _ = ft.use_state(use_workspace().state)
    return state


def use_sync_status() -> SyncStatus:
    """How the sync stands; the calling component is drawn again when that changes."""
    syncing, _ = ft.use_state(use_workspace().syncing)
    return syncing.status


def use_looks() -> Looks:
    """Language, window and lock; the calling component is drawn again when they change."""
    looks, _ = ft.use_state(use_workspace().looks)
    return looks


def use_window() -> Window:
    """The window; the calling component is drawn again when it changes."""
    workspace: Workspace | None = ft.use_context(WorkspaceContext)
    looks, _ = ft.use_state(workspace.looks if workspace else None)
    return looks.window if looks else Window()


def use_texts() -> Texts:
    """The texts in the person's language."""
    language = use_looks().language
    return ft.use_memo(lambda: Texts(language), [language])
