"""Every error leaves the server as `application/problem+json`: one shape, a Vietnamese title, never a trace."""

from secrets import token_hex
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from survey import problems
from survey.problem_shapes import ProblemDetails, describe
from survey.problems import SERVER_BUSY, UNEXPECTED
from sync_server.logs import log, where_it_failed
from sync_server.problems import Problem, field_problems
from sync_server.store.database import DatabaseBusy

MEDIA_TYPE = "application/problem+json"
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, as RFC 9457 has it",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
}
"""The error response that the OpenAPI document gives for every route."""


def problem_response(details: ProblemDetails, headers: dict[str, str] | None = None) -> JSONResponse:
    """Make the HTTP answer that carries a problem."""
    body = details.model_dump(mode="json", exclude_defaults=True)
    return JSONResponse(body, details.status, headers, media_type=MEDIA_TYPE)


class UnexpectedErrors:
    """Middleware: answer any other error as unexpected (server-busy for `DatabaseBusy`) and log where it arose.

    The answer and the log have the same request id.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            request_id = token_hex(8)
            log.error("request %s: %s", request_id, where_it_failed(error))
            if started:  # too late for another answer: break off, so that half an answer is not taken for a whole one
                raise ConnectionAbortedError(f"request {request_id} failed while it was being answered") from None
            kind = SERVER_BUSY if isinstance(error, DatabaseBusy) else UNEXPECTED
            headers = {"X-Request-ID": request_id} | ({"Retry-After": "30"} if kind is SERVER_BUSY else {})
            answer = problem_response(describe(kind, request_id=request_id), headers)
            await answer(scope, receive, send)


def install_handlers(app: FastAPI) -> None:
    """Answer `Problem`, invalid input and the router's own refusals (404, 405) as problem details."""

    @app.exception_handler(Problem)
    def _problem(_request: Request, error: Problem) -> JSONResponse:
        return problem_response(error.details, error.headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        errors: list[ErrorDetails] = list(error.errors())
        whole_body = any(one["loc"] == ("body",) for one in errors)
        if whole_body or any(one["type"] == "json_invalid" for one in errors):
            return problem_response(describe(problems.BODY_NOT_JSON))
        return problem_response(describe(problems.FIELDS_INVALID, field_problems(errors, skip=1)))

    @app.exception_handler(HTTPException)
    def _refused(_request: Request, error: HTTPException) -> JSONResponse:
        kinds = {404: problems.NOT_FOUND, 405: problems.METHOD_NOT_ALLOWED, 413: problems.BODY_TOO_LARGE}
        kind = kinds.get(error.status_code, problems.BODY_NOT_JSON if error.status_code < 500 else problems.UNEXPECTED)
        headers = dict(error.headers) if error.headers else None
        return problem_response(describe(kind), headers)
