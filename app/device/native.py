"""The device where Python runs by itself: a phone build, or a developer's machine."""

import hashlib
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from app.device import AGREEMENT, ENCRYPTION, CannotSeal, Keeping, keep_beside

DATABASE = Path(os.environ.get("FLET_APP_STORAGE_DATA") or ".flet/storage/data") / "tungnha.db"


def storage_state() -> str:
    """Always "ready": a native build has its own file system."""
    return "ready"


def storage_note() -> str | None:
    """Always None: native builds never set a damaged file aside."""
    return None


async def keep_damaged() -> None:
    """Copy the damaged file under a name with the date and time, in its folder."""
    keep_beside(DATABASE)


async def flush() -> None:
    """Nothing to do: SQLite writes through to the disk itself."""


def shows_early_list() -> bool:
    """False: a native build starts fast enough."""
    return False


async def keep_early_list(_text: str) -> None:
    """Nothing, as `shows_early_list` says."""


def early_search() -> str:
    """Nothing was typed."""
    return ""


def on_early_search(_callback: Callable[[], object]) -> None:
    """Never: see `early_search`."""


def can_scan() -> bool:
    """False: native builds leave scanning to the phone's own camera."""
    return False


def scan() -> None:
    """Nothing, as `can_scan` says."""


def carry_code(_code: str, _seconds: int) -> None:
    """Nothing: a native build is the only place of its phone."""


def can_speak() -> bool:
    """False: native builds have no voice yet."""
    return False


def speak(_text: str) -> None:
    """Nothing, as `can_speak` says."""


def find_recording(_path: str) -> None:
    """Nothing, as `has_recording` says."""


def has_recording() -> bool:
    """False: native builds play nothing yet."""
    return False


def play_recording() -> None:
    """Nothing, as `has_recording` says."""


def transport() -> httpx.AsyncBaseTransport:
    return httpx.AsyncHTTPTransport()


def server_url() -> str:
    """The server of this installation, set at build or by `TUNGNHA_SERVER`."""
    return os.environ.get("TUNGNHA_SERVER") or "http://127.0.0.1:8000"


def device_name() -> str:
    return f"Từng Nhà, {platform.system()}"


def on_online(_callback: Callable[[], None]) -> None:
    """Never calls back: native builds do not learn it. The sync loop's timer retries instead."""


def text_size() -> int | None:
    """None: the system's own setting holds for native builds."""
    return None


def choose_text_size(_percent: int) -> None:
    """Nothing, as `text_size` says."""


def text_scale() -> float:
    """1, whatever the system enlarges: Flet does not tell."""
    return 1.0


def on_text_scale(_callback: Callable[[], object]) -> None:
    """Never calls back, as `text_scale` says."""


def keeping() -> Keeping:
    return Keeping.PROMISED


def forgets_after_days() -> int | None:
    return None


def room() -> int | None:
    """None: a phone build is told by its system when the disk is full."""
    return None


def was_emptied() -> bool:
    return False


def on_touch(_callback: Callable[[], object]) -> bool:
    """False: Flet tells only when the app is put aside."""
    return False


async def slow_hash(secret: str, salt: bytes, rounds: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, rounds)


async def seal(public_key: dict[str, Any], content: bytes) -> bytes:
    """Encrypt for the server. Raises `CannotSeal` if the build has no joserfc."""
    try:  # only here: it takes a while to load, and the offline web app has the browser's own
        from joserfc.jwe import encrypt_compact
        from joserfc.jwk import ECKey
    except ImportError as error:
        raise CannotSeal from error
    head = {"alg": AGREEMENT, "enc": ENCRYPTION} | ({"kid": public_key["kid"]} if "kid" in public_key else {})
    sealed = encrypt_compact(head, content, ECKey.import_key(public_key), algorithms=[AGREEMENT, ENCRYPTION])
    return sealed.encode()
