"""A browser whose screens run on the server: each signed-in browser has its own file on the server's disk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from app.device import Keeping, keep_beside, native


class HostedPlace:
    """One hosted session's place. Requests go to the server in the same process, through its whole stack."""

    def __init__(self, database: Path, transport: httpx.AsyncBaseTransport) -> None:
        self.DATABASE = database
        self._transport = transport

    def storage_state(self) -> str:
        return "ready"

    def storage_note(self) -> str | None:
        return None

    async def keep_damaged(self) -> None:
        """Copy the damaged file under a name with the date and time, in its folder."""
        keep_beside(self.DATABASE)

    async def flush(self) -> None:
        """Nothing to do: SQLite itself writes to the server's disk."""

    def can_scan(self) -> bool:
        """False: the screens run on the server, the camera is elsewhere."""
        return False

    def scan(self) -> None:
        """Nothing, as `can_scan` says."""

    def transport(self) -> httpx.AsyncBaseTransport:
        return self._transport

    def server_url(self) -> str:
        return "http://hosted"

    def device_name(self) -> str:
        return "Trình duyệt, màn hình trên máy chủ"

    def on_online(self, callback: Callable[[], None]) -> None:
        """Never calls back: the server runs in the same process."""

    def keeping(self) -> Keeping:
        return Keeping.ON_SERVER

    async def seal(self, public_key: dict[str, Any], content: bytes) -> bytes:
        return await native.seal(public_key, content)
