"""Composes the sync server. Nothing is opened at import; a process may hold as many servers as it likes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import token_bytes

from fastapi import FastAPI

from survey.ids import RANDOM_BYTES, uuid7
from sync_server.http.bodies import BoundedBody, NeverKept, SafeHeaders, UnexpectedErrors
from sync_server.http.compression import GZIP_LEVEL, MINIMUM_SIZE, Compression
from sync_server.problems import DOCUMENTED, install_handlers
from sync_server.routes import coverage, devices, enrollment, health, problem_pages, rescue, sync
from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from sync_server.store.rescue_key import find_rescue_key, save_rescue_key
from sync_server.store.server_info import find_epoch, save_epoch
from sync_server.sync.rescue import make_rescue_key
from sync_server.sync.writers import Writers, count_touched

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_database(settings: ServerSettings, clock: Clock = utc_now) -> Database:
    """The database of these settings, brought to this version; one that has none gets its epoch and its rescue key."""
    database = Database(settings.database_address)
    with database.read() as session:
        is_whole = find_epoch(session) and find_rescue_key(session)
    if not is_whole:
        with database.write() as session:
            if find_epoch(session) is None:
                save_epoch(session, uuid7(clock(), token_bytes(RANDOM_BYTES)))
            if find_rescue_key(session) is None:
                save_rescue_key(session, make_rescue_key())
    return database


def create_app(settings: ServerSettings, clock: Clock = utc_now, database: Database | None = None) -> FastAPI:
    """The server as an ASGI application, ready to serve or to be mounted at the root of another.

    Opens and migrates the database of the settings, unless one is passed in; `app.state.database` is what it uses.
    """
    app = FastAPI(
        title="Từng Nhà",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=DOCUMENTED,
        lifespan=_close_at_end,
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.database = database or open_database(settings, clock)
    app.state.writers = Writers(app.state.database, count_touched)
    app.state.pause = asyncio.sleep
    for module in (enrollment, sync, rescue, coverage, devices, health, problem_pages):
        app.include_router(module.router)
    install_handlers(app)
    # The last added is the outermost: an answer to any error is compressed as the caller accepts.
    app.add_middleware(BoundedBody, limit=settings.body_limit, unpacked_limit=settings.unpacked_limit)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(NeverKept)
    app.add_middleware(Compression, minimum_size=MINIMUM_SIZE, compresslevel=GZIP_LEVEL)
    app.add_middleware(SafeHeaders)
    return app


@asynccontextmanager
async def _close_at_end(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.database.close()
