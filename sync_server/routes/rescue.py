"""POST /api/v1/rescue: a rescue file, handed in for a phone that cannot send any more."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from survey.problems import RESCUE_UNREADABLE
from survey.rescue import RescueReply
from sync_server.http.deps import DatabaseDep, NowDep, RescueCaller, WritersDep
from sync_server.problems import Problem
from sync_server.store.epochs import find_rescue_key
from sync_server.sync.rescue import hand_in, open_rescue_file

router = APIRouter()


async def _sealed(request: Request) -> bytes:
    return await request.body()


_BODY = {"required": True, "content": {"application/jose": {"schema": {"type": "string"}}}}


@router.post("/api/v1/rescue", openapi_extra={"requestBody": _BODY})
def rescue(
    caller: RescueCaller,
    sealed: Annotated[bytes, Depends(_sealed)],
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
) -> RescueReply:
    """Judge the file's changes as if its phone had sent them. The commit comes before the answer."""
    with database.read() as session:
        key = find_rescue_key(session, caller.commune.code)
    if key is None:
        raise Problem(RESCUE_UNREADABLE)
    return hand_in(database, writers, caller, open_rescue_file(key, sealed), now)
