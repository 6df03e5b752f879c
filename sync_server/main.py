"""Composes the sync server. Nothing is opened at import; a process may hold as many servers as it likes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from sync_server.audit import forget_old_lines
from sync_server.clock import Clock, utc_now
from sync_server.http.bodies import BoundedBody
from sync_server.http.compression import GZIP_LEVEL, MINIMUM_SIZE, Compression
from sync_server.http.errors import DOCUMENTED, UnexpectedErrors, install_handlers
from sync_server.http.headers import NeverKept, SafeHeaders
from sync_server.office.lists import LARGEST_LIST
from sync_server.office.pages import ROOT, problem_page
from sync_server.office.router import office_router
from sync_server.opening import open_database
from sync_server.review.watching import Reviewer
from sync_server.routes import (
    back_checks,
    cards,
    coverage,
    devices,
    enrollment,
    exports,
    health,
    invitations,
    member_cards,
    problem_pages,
    recordings,
    rescue,
    sync,
    team,
)
from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from sync_server.sync.asks import answer_together
from sync_server.sync.writers import Writers


def create_app(settings: ServerSettings, clock: Clock = utc_now, database: Database | None = None) -> FastAPI:
    """The server as an ASGI application, ready to serve or to be mounted at the root of another.

    Opens and migrates the database of the settings, unless one is passed in; `app.state.database` is what it uses.
    Nothing in `app.state` is of interest to another process: what has to count for all of them is in the database.
    """
    app = FastAPI(
        title="Từng Nhà",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        routes=_every_route(),
        lifespan=_close_at_end,
    )
    app.state.settings = settings
    app.state.clock = clock
    app.state.database = database or open_database(settings, clock)
    forget_old_lines(app.state.database, clock(), settings.audit_months)
    app.state.writers = Writers(app.state.database, answer_together)
    app.state.reviewer = Reviewer(app.state.database, clock)
    app.state.pause = asyncio.sleep
    install_handlers(app, {ROOT: problem_page})
    # The last added is the outermost: an answer to any error is compressed as the caller accepts.
    limits = {"limit": settings.body_limit, "unpacked_limit": settings.unpacked_limit}
    app.add_middleware(BoundedBody, **limits, larger={f"{ROOT}/lists": LARGEST_LIST})
    app.add_middleware(UnexpectedErrors, pages={ROOT: problem_page})
    app.add_middleware(NeverKept)
    app.add_middleware(Compression, minimum_size=MINIMUM_SIZE, compresslevel=GZIP_LEVEL)
    app.add_middleware(SafeHeaders)
    return app


@cache
def _every_route() -> list[BaseRoute]:
    """The routes, put together once: FastAPI reads each function's parameters anew for every application otherwise."""
    whole = APIRouter()
    people = (team, devices, invitations, member_cards, back_checks)
    for module in (sync, enrollment, rescue, coverage, exports, cards, *people, recordings, health, problem_pages):
        whole.include_router(module.router, responses=DOCUMENTED)
    whole.include_router(office_router())
    return whole.routes


@asynccontextmanager
async def _close_at_end(app: FastAPI) -> AsyncIterator[None]:
    app.state.reviewer.watch()
    yield
    app.state.reviewer.end()
    app.state.database.close()
