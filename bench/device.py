"""What a device does, timed: the same code on this machine's Python and inside the browser's.

`bench.app` hands `measure` a recording of what the real server answered to a new device. Only `app` and the standard
library are imported here, since the browser has nothing else.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import configure_encode_object_for_msgpack
from flet.messaging.session import Session as FletSession
from flet.pubsub.pubsub_hub import PubSubHub

import app.warm  # noqa: F401  the browser has it before the first screen, too
from app.actions.responses import find_campaign, keep_draft, open_draft, record_response
from app.device import this_place
from app.store.database import Database
from app.store.household_list import count_households, list_households
from app.store.outbox import count_outbox
from app.store.sync_state import find_setting, find_sign_in, list_villages, save_sign_in
from app.sync.exchange import exchange
from app.ui.app import App
from app.ui.screens.households import PAGE
from app.ui.state import AppState, Looks, Syncing
from app.ui.workspace import Workspace
from survey.wire import EnrollmentReply, SyncReply

TYPED = ("nguyen van duc", "nvd", "hoa", "xom dinh")
FORMS = 30
Times = dict[str, list[float]]
Flush = Callable[[], Awaitable[None]]


class _Recorded:
    """The server as it was recorded: the real replies, one after the other."""

    def __init__(self, replies: list[str]) -> None:
        self._replies = [reply.encode() for reply in replies]

    async def sync(self, _token: str, _request: Any) -> SyncReply:
        return SyncReply.model_validate_json(self._replies.pop(0))


class _Screen(Connection):
    """Flutter's end: packs every message as the real one does, then throws it away."""

    def __init__(self) -> None:
        super().__init__()
        self.pubsubhub, self.loop = PubSubHub(), asyncio.get_running_loop()
        self.messages = 0

    def send_message(self, message: Any) -> None:
        msgpack.packb([message.action, message.body], default=configure_encode_object_for_msgpack(BaseControl))
        self.messages += 1


async def measure(file: str, recording: dict[str, Any], flush: Flush) -> dict[str, Any]:
    """All steps, as lists of milliseconds by name; `rows` and `bytes` say how large the village was."""
    path, times = Path(file), {}
    database = Database(path)
    with database.write() as session:
        save_sign_in(session, EnrollmentReply.model_validate(recording["enrollment"]), datetime.now(UTC))
    rows = await _first_load(database, recording["replies"], flush, times)
    database.close()
    for _ in range(7):
        with _timed(times, "open the file"):
            database = Database(path)
            _read(database, find_setting, "language")
        database.close()
    database = Database(path)
    _search(database, times)
    await _fill_in_forms(database, flush, times)
    if sys.platform != "emscripten":  # there `bench.door` measures the real screen
        await _draw(database, times)
    size = path.stat().st_size
    database.close()
    return {"times": times, "rows": rows, "bytes": size}


class _timed:  # noqa: N801 reads like a word
    def __init__(self, times: Times, name: str) -> None:
        self._list = times.setdefault(name, [])

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *_error: object) -> None:
        self._list.append((time.perf_counter() - self._begun) * 1000)


def _read(database: Database, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with database.read() as session:
        return query(session, *args, **kwargs)


async def _first_load(database: Database, replies: list[str], flush: Flush, times: Times) -> int:
    server, rows, more = _Recorded(replies), 0, True
    while more:
        with _timed(times, "first load, one page of 500"):
            done = await exchange(database, server, datetime.now(UTC))  # type: ignore[arg-type]
        with _timed(times, "flush after a page"):
            await flush()
        more, rows = done.more, rows + done.received
    return rows


def _search(database: Database, times: Times) -> None:
    """What app/ui/screens/households.py reads when it is opened, and at every letter."""
    for _ in range(15):
        with _timed(times, "first page of the list"):
            _read(database, find_sign_in)
            ids = [village.id for village in _read(database, list_villages)]
            _read(database, list_households, ids, "", "all", limit=PAGE)
            _read(database, count_outbox)
            for words in ({}, {"search": "", "shown": "visited"}, {}):
                _read(database, count_households, ids, **words)
    for _ in range(3):
        for text in TYPED:
            for end in range(1, len(text) + 1):
                with _timed(times, "search, one letter"):
                    _read(database, find_sign_in)
                    _read(database, count_households, ids, text[:end], "all")
                    _read(database, list_households, ids, text[:end], "all", limit=PAGE)


async def _fill_in_forms(database: Database, flush: Flush, times: Times) -> None:
    """The forms of households that were surveyed before: four people, everything answered."""
    ids = [village.id for village in _read(database, list_villages)]
    for listed in _read(database, list_households, ids, limit=FORMS):
        now = datetime.now(UTC)
        with _timed(times, "open a form"):
            campaign = find_campaign(database)
            draft = open_draft(database, now, listed.id, campaign)
        draft = draft.agree(True, now)
        with _timed(times, "keep_draft"):
            keep_draft(database, now, draft)
        with _timed(times, "record_response"):
            record_response(database, now, draft, campaign)
        with _timed(times, "flush of the file"):
            await flush()


async def _draw(database: Database, times: Times) -> None:
    """A letter typed on the real screen, until its change is packed for Flutter: event, reading, drawing, comparing."""
    loop: Any = SimpleNamespace(nudge=lambda: None)
    place = this_place()
    flutter = _Screen()
    session = FletSession(flutter)
    session.apply_page_patch({"route": "/households", "width": 390, "height": 844})
    flutter.send_message(SimpleNamespace(action=1, body=session.get_page_patch()))  # the answer to Flutter's greeting
    _context_page.set(session.page)
    client: Any = None
    workspace = Workspace(database, place, lambda: datetime.now(UTC), client, loop, AppState(), Looks(), Syncing())
    with _timed(times, "draw the list"):
        session.page.render(App, workspace)
    await asyncio.sleep(0.3)
    for text in TYPED:
        for end in [*range(1, len(text) + 1), 0]:
            field = _find_field(session)
            session.apply_patch(field._i, {"value": text[:end]})
            with _timed(times, "search, one letter, drawn" if end else "clear the search, drawn"):
                await session.dispatch_event(field._i, "change", text[:end])
                for _ in range(5):  # the task that draws takes its turn; it never waits in between
                    await asyncio.sleep(0)
            assert flutter.messages, "the screen was not drawn"


def _find_field(session: FletSession) -> ft.TextField:
    return next(control for control in session.index.values() if isinstance(control, ft.TextField))
