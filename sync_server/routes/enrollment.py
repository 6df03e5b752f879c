"""/api/v1/enrollments and /api/v1/transfers: a one-time code becomes a credential; a sign-in moves to another place."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from survey.problems import CODE_UNKNOWN
from survey.wire import (
    EnrollmentPreview,
    EnrollmentPreviewRequest,
    EnrollmentReply,
    EnrollmentRequest,
    TransferReply,
    TransferState,
)
from sync_server.access.enrollment import check_guesses, count_guess, preview, redeem
from sync_server.access.moving import find_transfer, open_transfer
from sync_server.http.deps import DatabaseDep, MovingCaller, NowDep, SessionDep, SettingsDep
from sync_server.problems import Problem
from sync_server.store.database import Database

router = APIRouter()
HERE_COOKIE = "tungnha-here"
HERE_SECONDS = 400 * 24 * 3600  # browsers keep none for longer


async def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


AddressDep = Annotated[str, Depends(_address)]


def _pause(address: AddressDep, database: DatabaseDep, settings: SettingsDep, now: NowDep) -> float:
    with database.read() as session:
        return check_guesses(session, address, settings, now)


async def _wait(request: Request, seconds: Annotated[float, Depends(_pause)]) -> None:
    """Slow guessing down while holding neither a thread nor a connection."""
    if seconds:
        await request.app.state.pause(seconds)


@router.post("/api/v1/enrollments", status_code=201, dependencies=[Depends(_wait)])
def enroll(
    body: EnrollmentRequest, request: Request, answer: Response, address: AddressDep, database: DatabaseDep, now: NowDep
) -> EnrollmentReply:
    """Sign a new device in with a one-time code.

    A browser remembers by a cookie, which names nobody, that the app was used here: if it finds no file later, the
    browser has deleted it.
    """
    with _counting_guesses(database, address, now), database.write() as session:
        made = redeem(session, body, now)
    safe = request.url.scheme == "https"
    answer.set_cookie(HERE_COOKIE, "1", max_age=HERE_SECONDS, path="/app/", secure=safe, samesite="lax")
    return made


@router.post("/api/v1/enrollments/preview", dependencies=[Depends(_wait)])
def greet(body: EnrollmentPreviewRequest, address: AddressDep, database: DatabaseDep, now: NowDep) -> EnrollmentPreview:
    """Whose code it is, so that the app can ask whether it is they who hold the phone. Uses nothing up."""
    with _counting_guesses(database, address, now), database.read() as session:
        return preview(session, body, now)


@router.post("/api/v1/transfers", status_code=201)
def transfer(caller: MovingCaller, database: DatabaseDep, now: NowDep) -> TransferReply:
    """A short code with which the calling device's person signs in at another place instead of here."""
    with database.write() as session:
        return open_transfer(session, caller, now)


@router.get("/api/v1/transfers")
def transferred(caller: MovingCaller, session: SessionDep) -> TransferState:
    """Whether the other place has used the code."""
    return find_transfer(session, caller)


@contextmanager
def _counting_guesses(database: Database, address: str, now: datetime) -> Iterator[None]:
    """A code that nobody has counts as a guess of this address."""
    try:
        yield
    except Problem as problem:
        if problem.kind is CODE_UNKNOWN:
            with database.write() as session:
                count_guess(session, address, now)
        raise
