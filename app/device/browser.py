"""What the offline web app gets from its browser: the stored file, the network, and facts about the place.

Runs only inside Pyodide. `js.tungnha` is made by web/page/worker.js; web/README.md says what it promises.
"""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import js  # type: ignore[import-not-found]
from pyodide.ffi import JsException, create_proxy, to_js  # type: ignore[import-not-found]

from app.device import AGREEMENT, ENCRYPTION, CannotSeal, Keeping, StorageFailed, StorageFull
from app.device.fetching import FetchTransport

DATABASE = Path("/data/tungnha.db")

_BROWSERS = [
    ("coc_coc", "Cốc Cốc"),
    ("edg", "Edge"),
    ("samsungbrowser", "Samsung Internet"),
    ("opr/", "Opera"),
    ("firefox", "Firefox"),
    ("chrome", "Chrome"),
    ("crios", "Chrome"),
    ("safari", "Safari"),
]
_SYSTEMS = [
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("mac os", "macOS"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
]

SAFARI_DAYS = 7  # https://webkit.org/blog/10218: days of Safari's use without a visit

_kept_alive: list[Any] = []  # JavaScript holds no reference that Python's collector could see


def storage_state() -> str:
    """ "ready", or "unavailable" if this browser cannot keep a file. If it is "busy", Python is not started."""
    return str(js.tungnha.storage)


def storage_note() -> str | None:
    """A note about a stored file that could not be read, beginning with the name under which it is kept; else None."""
    note = js.tungnha.storage_note
    return note if isinstance(note, str) else None


def keeping() -> Keeping:
    """`PROMISED` if the browser has promised not to clear this app's data when the disk gets full."""
    return Keeping.PROMISED if js.tungnha.persisted is True else Keeping.WHILE_ROOM


def forgets_after_days() -> int | None:
    """Seven for Safari on an iPhone; the icon on its home screen is not emptied."""
    return SAFARI_DAYS if js.tungnha.is_apple_tab is True else None


def room() -> int | None:
    """What the browser estimated at the start and each time the app was looked at again."""
    left = js.tungnha.room
    return int(left) if isinstance(left, int | float) else None


def was_emptied() -> bool:
    """Told by a cookie that the server set at enrolment: browsers delete files and cookies by different rules."""
    return js.tungnha.was_emptied is True


def offline_ready() -> bool:
    """Whether the whole app is stored on this phone and opens without a network."""
    return js.tungnha.offline_ready is True


def update_ready() -> bool:
    """Whether a newer version has been downloaded; it runs from the next start on."""
    return js.tungnha.update_ready is True


def build_id() -> str:
    """Which build of the offline app this is."""
    return str(js.tungnha.build)


async def keep_damaged() -> None:
    """Give the stored file another name; the next flush writes a new one."""
    await js.tungnha.keep_damaged()


async def flush() -> None:
    """Write the database file back to the browser; when this returns, what was committed before is safe.

    Call it after a commit, with no transaction open. Raises StorageFull or StorageFailed: then the rows are
    only in memory, and the person must be told.
    """
    try:
        await js.tungnha.save()
    except JsException as error:
        reason = str(error)
        if "QuotaExceededError" in reason:
            raise StorageFull(reason) from error
        raise StorageFailed(reason) from error


def shows_early_list() -> bool:
    """By the page, from what lies beside the file."""
    return True


async def keep_early_list(text: str) -> None:
    """Have the page keep it. What cannot be kept is not shown at the next start: that is all."""
    with suppress(JsException):
        await js.tungnha.keep_early_list(text)


def early_search() -> str:
    """What stood in the page's search when this is asked."""
    typed = getattr(js.tungnha, "early_search", None)
    return typed if isinstance(typed, str) else ""


def on_early_search(callback: Callable[[], object]) -> None:
    _listen("early-search", callback)


def can_scan() -> bool:
    """Whether this build can read codes with the camera inside the app."""
    return js.tungnha.can_scan is True


def scan() -> None:
    """Open the camera over the app. A card that is read opens by its link, as one scanned outside does."""
    js.tungnha.scan()


def carry_code(code: str, seconds: int) -> None:
    """Hand the code to the page, which keeps it where the home screen's icon finds it."""
    js.tungnha.carry_code(code, seconds)


def can_speak() -> bool:
    """Whether the page has found a Vietnamese voice of the phone's own."""
    return getattr(js.tungnha, "can_speak", None) is True


def speak(text: str) -> None:
    """Have the page read it aloud: a worker has no voice."""
    js.tungnha.speak(text)


def find_recording(path: str) -> None:
    """Have the page fetch and keep it."""
    js.tungnha.find_recording(path)


def has_recording() -> bool:
    return getattr(js.tungnha, "has_recording", None) is True


def play_recording() -> None:
    js.tungnha.play_recording()


def text_size() -> int | None:
    """Per cent; kept by the page, which knows it before Flutter starts."""
    return int(js.tungnha.text_size)


def choose_text_size(percent: int) -> None:
    js.tungnha.choose_text_size(percent)


def text_scale() -> float:
    return float(js.tungnha.text_scale)


def on_text_scale(callback: Callable[[], object]) -> None:
    _listen("text-scale", callback)


def on_touch(callback: Callable[[], object]) -> bool:
    _listen("touch", callback)
    return True


def server_url() -> str:
    """The server this app was installed from, such as https://xa.example.vn."""
    return str(js.tungnha.origin)


def device_name() -> str:
    """A name a team lead recognises, such as "Chrome, Android"."""
    agent = str(js.tungnha.userAgent).lower()
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return ", ".join(filter(None, [browser, system])) or "Trình duyệt"


def on_online(callback: Callable[[], object]) -> None:
    """Call back each time the network has come back."""
    _listen("online", callback)


def _listen(event: str, callback: Callable[[], object]) -> None:
    listener = create_proxy(lambda _event: callback())
    _kept_alive.append(listener)
    js.addEventListener(event, listener)


def transport() -> httpx.AsyncBaseTransport:
    """HTTP through the browser's own fetch; there are no sockets here."""
    return FetchTransport()


async def slow_hash(secret: str, salt: bytes, rounds: int) -> bytes:
    """By the browser's WebCrypto: Pyodide's hashlib has none that is slow on purpose."""
    subtle = js.crypto.subtle
    key = await subtle.importKey("raw", to_js(secret.encode()), "PBKDF2", False, to_js(["deriveBits"]))
    how = _plain({"name": "PBKDF2", "hash": "SHA-256", "salt": to_js(salt), "iterations": rounds})
    return bytes((await subtle.deriveBits(how, key, 256)).to_bytes())


async def seal(public_key: dict[str, Any], content: bytes) -> bytes:
    """Encrypt for the server with the browser's WebCrypto: RFC 7518 §4.6 (ECDH-ES), §5.3 (A256GCM). Raises
    `CannotSeal`."""
    subtle = getattr(js.crypto, "subtle", None)
    if subtle is None:  # only over HTTPS or on localhost
        raise CannotSeal
    try:
        curve = _plain({"name": "ECDH", "namedCurve": public_key["crv"]})
        ours = await subtle.generateKey(curve, True, to_js(["deriveBits"]))
        epk = (await subtle.exportKey("jwk", ours.publicKey)).to_py()
        point = _plain({name: public_key[name] for name in ("kty", "crv", "x", "y")})
        theirs = await subtle.importKey("jwk", point, curve, False, to_js([]))
        shared = await subtle.deriveBits(_plain({"name": "ECDH", "public": theirs}), ours.privateKey, 256)
        head = {"alg": AGREEMENT, "enc": ENCRYPTION, "epk": {name: epk[name] for name in ("kty", "crv", "x", "y")}}
        head |= {"kid": public_key["kid"]} if "kid" in public_key else {}
        protected = _base64url(json.dumps(head, separators=(",", ":")).encode())
        raw = to_js(_content_key(shared.to_bytes()))
        key = await subtle.importKey("raw", raw, "AES-GCM", False, to_js(["encrypt"]))
        nonce = os.urandom(12)
        how = _plain({"name": "AES-GCM", "iv": to_js(nonce), "additionalData": to_js(protected), "tagLength": 128})
        sealed = (await subtle.encrypt(how, key, to_js(content))).to_bytes()
    except JsException as error:
        raise CannotSeal(str(error)) from error
    parts = [protected, b"", _base64url(nonce), _base64url(sealed[:-16]), _base64url(sealed[-16:])]
    return b".".join(parts)


def _content_key(shared: bytes) -> bytes:
    """The Concat KDF of RFC 7518 §4.6.2; for a key of 256 bits it is one round of SHA-256."""
    name = ENCRYPTION.encode()
    parties = bytes(8)  # neither side is named
    return hashlib.sha256(
        (1).to_bytes(4, "big") + shared + len(name).to_bytes(4, "big") + name + parties + (256).to_bytes(4, "big")
    ).digest()


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _plain(fields: dict[str, Any]) -> Any:
    return to_js(fields, dict_converter=js.Object.fromEntries)
