"""Every error leaves the server as `application/problem+json`: one shape, a Vietnamese title, never a trace."""

from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
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


PageOf = Callable[[Request, ProblemDetails], Response]
"""How a part of the site shows a problem to a person."""


def _answer(
    pages: Mapping[str, PageOf], request: Request, details: ProblemDetails, headers: dict[str, str] | None = None
) -> Response:
    """The problem as a page where people are, as problem details elsewhere."""
    page = next((page for path, page in pages.items() if request.url.path.startswith(f"{path}/")), None)
    if page is None:
        return problem_response(details, headers)
    answer = page(request, details)
    answer.headers.update(headers or {})
    return answer


class UnexpectedErrors:
    """Middleware: answer any other error as unexpected (server-busy for `DatabaseBusy`) and log where it arose.

    The answer and the log have the same request id. Below the paths of `pages` people read it as a page.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, PageOf] | None = None) -> None:
        self._app, self._pages = app, pages or {}

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
            answer = _answer(self._pages, Request(scope), describe(kind, request_id=request_id), headers)
            await answer(scope, receive, send)


def install_handlers(app: FastAPI, pages: Mapping[str, PageOf]) -> None:
    """Answer `Problem`, invalid input and the router's own refusals (404, 405) as problem details, or as a page below
    the paths of `pages`."""

    def answer(request: Request, details: ProblemDetails, headers: dict[str, str] | None = None) -> Response:
        return _answer(pages, request, details, headers)

    @app.exception_handler(Problem)
    def _problem(request: Request, error: Problem) -> Response:
        return answer(request, error.details, error.headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        errors: list[ErrorDetails] = list(error.errors())
        whole_body = any(one["loc"] == ("body",) for one in errors)
        if whole_body or any(one["type"] == "json_invalid" for one in errors):
            return answer(request, describe(problems.BODY_NOT_JSON))
        return answer(request, describe(problems.FIELDS_INVALID, field_problems(errors, skip=1)))

    @app.exception_handler(HTTPException)
    def _refused(request: Request, error: HTTPException) -> Response:
        kinds = {404: problems.NOT_FOUND, 405: problems.METHOD_NOT_ALLOWED, 413: problems.BODY_TOO_LARGE}
        kind = kinds.get(error.status_code, problems.BODY_NOT_JSON if error.status_code < 500 else problems.UNEXPECTED)
        return answer(request, describe(kind), dict(error.headers) if error.headers else None)
