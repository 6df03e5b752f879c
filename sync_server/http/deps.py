"""Dependencies of the routes: the database, the settings, the time, and a caller who may do what the route does.

A route that reads takes `SessionDep`. A route that writes opens `database.write()` itself, in one block: the commit
then comes before the answer, and no second worker thread is needed between begin and commit. A dependency that only
looks something up in memory is `async`: it needs no worker thread.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from survey.devices import DeviceState
from survey.problems import DEVICE_REVOKED, NOT_ALLOWED, NOT_SIGNED_IN
from survey.roles import Action
from sync_server.access.caller import CHALLENGE, Caller, sign_in
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.database import Database, Session
from sync_server.sync.writers import Writers


async def _database(request: Request) -> Database:
    return request.app.state.database  # type: ignore[no-any-return]


async def _settings(request: Request) -> ServerSettings:
    return request.app.state.settings  # type: ignore[no-any-return]


async def _now(request: Request) -> datetime:
    return request.app.state.clock()  # type: ignore[no-any-return]


async def _writers(request: Request) -> Writers:
    return request.app.state.writers  # type: ignore[no-any-return]


DatabaseDep = Annotated[Database, Depends(_database)]
SettingsDep = Annotated[ServerSettings, Depends(_settings)]
NowDep = Annotated[datetime, Depends(_now)]
WritersDep = Annotated[Writers, Depends(_writers)]


def _reading(database: DatabaseDep) -> Iterator[Session]:
    with database.read() as session:
        yield session


SessionDep = Annotated[Session, Depends(_reading, scope="function")]


def token_of(request: Request) -> str:
    """The credential that the request was sent with. Raises `Problem` not-signed-in where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
    return token.strip()


def _caller(request: Request, database: DatabaseDep, now: NowDep, settings: SettingsDep) -> Caller:
    return sign_in(database, token_of(request), timedelta(days=settings.hand_in_days), now)


CallerDep = Annotated[Caller, Depends(_caller)]


def _allowed(action: Action) -> Callable[[Caller], Awaitable[Caller]]:
    async def check(caller: CallerDep) -> Caller:
        if not caller.may(action):
            raise Problem(NOT_ALLOWED)
        if caller.state is DeviceState.REVOKED:
            raise Problem(DEVICE_REVOKED)
        return caller

    return check


MovingCaller = Annotated[Caller, Depends(_allowed(Action.MOVE_SIGN_IN))]
CoverageCaller = Annotated[Caller, Depends(_allowed(Action.SEE_COVERAGE))]
HouseholdCaller = Annotated[Caller, Depends(_allowed(Action.EDIT_HOUSEHOLD))]
InvitingCaller = Annotated[Caller, Depends(_allowed(Action.INVITE))]
CardCaller = Annotated[Caller, Depends(_allowed(Action.MANAGE_CARDS))]
DeviceCaller = Annotated[Caller, Depends(_allowed(Action.MANAGE_DEVICES))]
RescueCaller = Annotated[Caller, Depends(_allowed(Action.HAND_IN_RESCUE))]
CommuneCaller = Annotated[Caller, Depends(_allowed(Action.SEE_COMMUNE))]
