"""Who is calling: the bearer token becomes a `Caller`, and each route says what the caller must be allowed to do.

Reads take `SessionDep`. Whatever writes opens `database.write()` itself, in one block inside the route: the commit then
comes before the answer, and no other worker thread is needed between the begin and the commit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Annotated

from fastapi import Depends, Request

from survey.problems import NOT_ALLOWED, NOT_SIGNED_IN
from survey.records import Commune, TeamMember
from survey.roles import Action, Role, may
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.database import Database, Session
from sync_server.store.devices import Owner, find_signed_in
from sync_server.store.members import list_member_villages
from sync_server.store.villages import list_villages

TOKEN_BYTES = 32


@dataclass(frozen=True)
class Caller:
    """A device and the person behind it, with the villages they may see and change now."""

    device: str
    member: TeamMember
    commune: Commune
    villages: tuple[str, ...]
    scope_version: int
    last_seen_at: datetime | None = None

    def may(self, action: Action) -> bool:
        return may(self.member.role, action)


def make_token() -> str:
    """A credential of 256 random bits."""
    return token_urlsafe(TOKEN_BYTES)


def secret_hash(secret: str) -> str:
    """What is stored of a token or a code: enough to recognise it, useless to whoever reads the database."""
    return sha256(secret.encode()).hexdigest()


def find_scope(session: Session, owner: Owner) -> tuple[str, ...]:
    """The villages of a person: those given to a member or lead, all of the commune for an official."""
    commune = owner.commune.code
    if owner.member.role is Role.OFFICIAL:
        return tuple(village.id for village in list_villages(session, commune))
    return tuple(list_member_villages(session, commune, owner.member.id))


def _database(request: Request) -> Database:
    return request.app.state.database  # type: ignore[no-any-return]


def _settings(request: Request) -> ServerSettings:
    return request.app.state.settings  # type: ignore[no-any-return]


def _now(request: Request) -> datetime:
    return request.app.state.clock()  # type: ignore[no-any-return]


DatabaseDep = Annotated[Database, Depends(_database)]
SettingsDep = Annotated[ServerSettings, Depends(_settings)]
NowDep = Annotated[datetime, Depends(_now)]


def _reading(database: DatabaseDep) -> Iterator[Session]:
    with database.read() as session:
        yield session


SessionDep = Annotated[Session, Depends(_reading, scope="function")]


def _caller(request: Request, database: DatabaseDep) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(NOT_SIGNED_IN, headers={"WWW-Authenticate": "Bearer"})
    with database.read() as session:
        signed_in = find_signed_in(session, secret_hash(token.strip()))
        if signed_in is None:
            raise Problem(NOT_SIGNED_IN, headers={"WWW-Authenticate": "Bearer"})
        owner = signed_in.owner
        villages = find_scope(session, owner)
    return Caller(signed_in.device, owner.member, owner.commune, villages, owner.scope_version, signed_in.last_seen_at)


CallerDep = Annotated[Caller, Depends(_caller)]


def _allowed(action: Action) -> Callable[[Caller], Caller]:
    def check(caller: CallerDep) -> Caller:
        if not caller.may(action):
            raise Problem(NOT_ALLOWED)
        return caller

    return check


SyncCaller = Annotated[Caller, Depends(_allowed(Action.SYNC))]
CoverageCaller = Annotated[Caller, Depends(_allowed(Action.SEE_COVERAGE))]
