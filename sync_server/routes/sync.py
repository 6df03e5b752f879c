"""POST /api/v1/sync: one round trip, changes up and stream pages down."""

from asyncio import wrap_future

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from pydantic_core import from_json

from survey.problem_shapes import FieldProblem
from survey.problems import BODY_NOT_JSON, FIELDS_INVALID
from survey.wire import PROTOCOL, SyncReply, SyncRequest
from sync_server.http.deps import token_of
from sync_server.problems import Problem, field_problems
from sync_server.sync.asks import SyncAsk, read_sync

router = APIRouter()


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
async def sync(request: Request) -> Response:
    """Judge the changes; answer with their verdicts and the next stream pages. The commit comes before the answer.

    One worker thread does everything for a request, or for several that wait together: handing a request from one
    thread to the next costs more than what is done there.
    """
    state = request.app.state
    ask = SyncAsk(token_of(request), await _read(request), state.clock(), state.settings)
    reply = None
    if not ask.request.changes:
        reply = await to_thread.run_sync(read_sync, state.database, ask)
    if reply is None:
        reply = await wrap_future(state.writers.sync(ask))
    return Response(reply, media_type="application/json")
