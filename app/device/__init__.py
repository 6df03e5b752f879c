"""What differs between a phone and a browser: where the file lives, how it is saved, how requests
are sent."""

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
    """How safely the file is kept: promised by the system, or only while the disk has room."""

    PROMISED = "promised"
    WHILE_ROOM = "while_room"


class Place(Protocol):
    """The interface that `app.device.browser` and `app.device.native` share."""

    DATABASE: Path

    def storage_state(self) -> str:
        """ "ready", "busy" (another tab holds the file) or "unavailable" (this browser keeps nothing)."""

    def storage_note(self) -> str | None:
        """A note about a damaged file that was set aside before opening; None if there was none."""

    async def keep_damaged(self) -> None:
        """Keep the present file, which cannot be read, under another name before a new one is written."""

    async def flush(self) -> None:
        """Make the last commit durable. Raises `StorageFull` or `StorageFailed`."""

    def shows_early_list(self) -> bool:
        """Whether the list of households is shown here before the app is there."""

    async def keep_early_list(self, text: str) -> None:
        """Keep this for the next start, until the file is flushed again."""

    def early_search(self) -> str:
        """What was typed into that list before the app was there."""

    def on_early_search(self, callback: Callable[[], object]) -> None:
        """Call back each time `early_search` has changed: somebody is typing there while the app is being drawn."""

    def can_scan(self) -> bool:
        """Whether codes can be read with the camera inside the app."""

    def scan(self) -> None:
        """Open the camera; a card that is read opens by its link."""

    def carry_code(self, code: str, seconds: int) -> None:
        """Let the icon on the home screen find this sign-in code when it is opened within so many seconds: on an iPhone
        it has storage of its own. An empty code forgets it."""

    def can_speak(self) -> bool:
        """Whether Vietnamese can be read aloud here without a network."""

    def speak(self, text: str) -> None:
        """Read this aloud instead of what is being read or played; an empty text only stops."""

    def find_recording(self, path: str) -> None:
        """Have the recording at this path of the server here, to be played without a network; the newest, if there is
        one now."""

    def has_recording(self) -> bool:
        """Whether a recording was found and can be played."""

    def play_recording(self) -> None:
        """Play it from its beginning."""

    def transport(self) -> httpx.AsyncBaseTransport: ...

    def server_url(self) -> str: ...

    def device_name(self) -> str: ...

    def on_online(self, callback: Callable[[], None]) -> None:
        """Call back each time the network returns, if the system reports it."""

    def text_size(self) -> int | None:
        """Per cent that the person chose for all words here; None where only the system can enlarge them."""

    def choose_text_size(self, percent: int) -> None:
        """Enlarge all words at once, and at each start from now on."""

    def text_scale(self) -> float:
        """How large words are by everything that enlarges them; 1 is ordinary."""

    def on_text_scale(self, callback: Callable[[], object]) -> None:
        """Call back each time `text_scale` has changed."""

    def keeping(self) -> Keeping: ...

    def forgets_after_days(self) -> int | None:
        """After how many days without use the system deletes everything here; None if it does not."""

    def room(self) -> int | None:
        """Bytes that this device has left for the app's file; None if it does not say."""

    def was_emptied(self) -> bool:
        """Whether somebody signed in here, and the system has deleted the file since."""

    def on_touch(self, callback: Callable[[], object]) -> bool:
        """Call back when the person has touched the screen or a key, not oftener than every few seconds. False where
        the place does not notice."""

    async def slow_hash(self, secret: str, salt: bytes, rounds: int) -> bytes:
        """PBKDF2-SHA256 of the secret, 32 bytes."""

    async def seal(self, public_key: dict[str, Any], content: bytes) -> bytes:
        """Encrypt the content as a JWE that only the holder of the private key can open (`survey.rescue`). Raises
        `CannotSeal`."""


def this_place() -> Place:
    """The place this program runs in."""
    if sys.platform == "emscripten":
        from app.device import browser

        return browser
    from app.device import native

    return native


def keep_beside(file: Path) -> None:
    """Copy an unreadable file, with its permissions, under a new name in its folder: it may still be repaired."""
    copy(file, file.with_name(f"{file.stem}-hong-{datetime.now(UTC):%Y%m%dT%H%M%S}{file.suffix}"))
