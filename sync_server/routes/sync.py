"""POST /api/v1/sync: one round trip, changes up and stream pages down."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError
from pydantic_core import from_json

from survey.problem_shapes import FieldProblem
from survey.problems import BODY_NOT_JSON, FIELDS_INVALID
from survey.times import wire_time
from survey.wire import PROTOCOL, SyncReply, SyncRequest
from sync_server.access.caller import Caller
from sync_server.access.enrollment import renew_token
from sync_server.access.moving import take_over
from sync_server.http.deps import DatabaseDep, NowDep, SettingsDep, SyncCaller, WritersDep
from sync_server.problems import Problem, field_problems
from sync_server.store.database import Session
from sync_server.sync.apply import apply_changes, unsent_after
from sync_server.sync.reply import Room, write_reply
from sync_server.sync.writers import Taken

router = APIRouter()
SEEN_EVERY_SECONDS = 600


async def _read(request: Request) -> SyncRequest:
    """Read the request's body. Raises `Problem` body-not-json or fields-invalid.

    FastAPI does not read it: JSON with NaN or half characters must not get into the stream.
    """
    try:
        loose = from_json(await request.body(), allow_inf_nan=False)
    except ValueError as error:
        raise Problem(BODY_NOT_JSON) from error
    if not isinstance(loose, dict):
        raise Problem(BODY_NOT_JSON)
    try:
        read = SyncRequest.model_validate(loose)
    except ValidationError as error:
        raise Problem(FIELDS_INVALID, errors=field_problems(error.errors())) from error
    if read.protocol != PROTOCOL:
        detail = f"Máy chủ nói phiên bản {PROTOCOL} của giao thức. Anh/chị cập nhật ứng dụng."
        raise Problem(FIELDS_INVALID, errors=[FieldProblem(pointer="/protocol", detail=detail)])
    return read


_BODY = {"required": True, "content": {"application/json": {"schema": SyncRequest.model_json_schema()}}}


@router.post("/api/v1/sync", response_model=SyncReply, openapi_extra={"requestBody": _BODY})
def sync(
    caller: SyncCaller,
    request: Annotated[SyncRequest, Depends(_read)],
    database: DatabaseDep,
    now: NowDep,
    settings: SettingsDep,
    writers: WritersDep,
) -> Response:
    """Judge the changes; answer with their verdicts and the next stream pages. The commit comes before the answer."""

    def take(session: Session) -> Taken:
        take_over(session, caller, now)
        applied = apply_changes(session, caller, request, now)
        token = renew_token(session, caller, now, settings.token_days)
        return Taken(caller.commune.code, now, applied.verdicts, applied.touched, token)

    taken = Taken(caller.commune.code, now)
    if request.changes or _has_news(caller, request, now) or caller.needs_token(now, settings.token_days):
        taken = writers.write(take)
    with database.read() as session:
        server_time = wire_time(now)
        room = Room(settings.reply_rows, settings.reply_bytes)
        reply = write_reply(session, caller, request, taken.verdicts, server_time, room, taken.token)
    return Response(reply, media_type="application/json")


def _has_news(caller: Caller, request: SyncRequest, now: datetime) -> bool:
    """Whether to write even without changes: the device's state is out of date, or it learns of other villages now."""
    seen = caller.seen
    if seen is None or abs((now - seen.at).total_seconds()) > SEEN_EVERY_SECONDS:
        return True
    learns = request.scope_version not in {0, caller.scope_version}
    return learns or unsent_after(request) != seen.unsent or request.app_version not in {"", seen.app_version}
