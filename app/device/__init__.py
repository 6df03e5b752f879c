"""What differs by place: where the file lives and how it reaches the disk, how requests travel."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from shutil import copy
from typing import Any, Protocol

import httpx

# How rescue files are sealed, in the words of JWE; `survey.rescue` says what is inside.
AGREEMENT, ENCRYPTION = "ECDH-ES", "A256GCM"


class StorageFull(Exception):
    """The device has no room left for the file."""


class StorageFailed(Exception):
    """The device could not write the file."""


class CannotSeal(Exception):
    """This browser or build has no means to encrypt."""


class Keeping(StrEnum):
    """How safe the file is where it lies: promised by the system, only while there is room, or on the server."""

    PROMISED = "promised"
    WHILE_ROOM = "while_room"
    ON_SERVER = "on_server"


class Place(Protocol):
    """What `app.device.browser`, `app.device.native` and a hosted session offer alike."""

    DATABASE: Path

    def storage_state(self) -> str:
        """ "ready", "busy" (another tab holds the file) or "unavailable" (this browser keeps nothing)."""

    def storage_note(self) -> str | None:
        """What happened to the file before it was opened, None where nothing did."""

    async def keep_damaged(self) -> None:
        """Keep the present file, which cannot be read, under another name before it is written anew."""

    async def flush(self) -> None:
        """Make the last commit durable. Raises `StorageFull` or `StorageFailed`."""

    def transport(self) -> httpx.AsyncBaseTransport: ...

    def server_url(self) -> str: ...

    def device_name(self) -> str: ...

    def on_online(self, callback: Callable[[], None]) -> None:
        """Call back when the network returns, where the system tells."""

    def keeping(self) -> Keeping: ...

    async def seal(self, public_key: dict[str, Any], content: bytes) -> bytes:
        """The content as a JWE that only the holder of the key can open (`survey.rescue`). Raises `CannotSeal`."""


def this_place() -> Place:
    """The place this program runs in."""
    if sys.platform == "emscripten":
        from app.device import browser

        return browser
    from app.device import native

    return native


def keep_beside(file: Path) -> None:
    """Copy a file that cannot be read beside itself, with its rights, so that somebody may still mend it."""
    copy(file, file.with_name(f"{file.stem}-hong-{datetime.now(UTC):%Y%m%dT%H%M%S}{file.suffix}"))
