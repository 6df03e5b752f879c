"""Every error leaves the server as `application/problem+json`: one shape, a Vietnamese title, never a trace."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from survey import problems
from survey.problems import FieldProblem, ProblemDetails, ProblemType, describe

MEDIA_TYPE = "application/problem+json"
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, as RFC 9457 has it",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
}
"""For the API's own document: every route answers an error in the one shape."""


class Problem(Exception):
    """One case of a problem type, raised where it is found and answered as it is."""

    def __init__(
        self,
        kind: ProblemType,
        *,
        detail: str | None = None,
        errors: list[FieldProblem] | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind.slug)
        self.kind = kind
        self.headers = headers
        self.details = describe(kind, errors, **more, **({"detail": detail} if detail else {}))


def problem_response(details: ProblemDetails, headers: dict[str, str] | None = None) -> JSONResponse:
    """The answer that carries a problem."""
    body = details.model_dump(mode="json", exclude_defaults=True)
    return JSONResponse(body, details.status, headers, media_type=MEDIA_TYPE)


_SENTENCES = {
    "missing": "Thiếu mục này.",
    "string_type": "Mục này phải là chữ.",
    "string_too_short": "Mục này không được để trống.",
    "string_too_long": "Nội dung dài quá: nhiều nhất {max_length} ký tự.",
    "string_pattern_mismatch": "Giá trị này không đúng dạng.",
    "int_type": "Mục này phải là số nguyên.",
    "int_parsing": "Mục này phải là số nguyên.",
    "int_from_float": "Mục này phải là số nguyên.",
    "bool_type": "Mục này phải là đúng hoặc sai.",
    "bool_parsing": "Mục này phải là đúng hoặc sai.",
    "greater_than_equal": "Giá trị nhỏ quá: ít nhất {ge}.",
    "less_than_equal": "Giá trị lớn quá: nhiều nhất {le}.",
    "too_long": "Danh sách dài quá: nhiều nhất {max_length} mục.",
    "enum": "Giá trị này không có trong danh sách cho phép.",
    "literal_error": "Giá trị này không có trong danh sách cho phép.",
    "timezone_aware": "Thời điểm phải kèm múi giờ, ví dụ 2026-11-22T03:04:05Z.",
    "datetime_parsing": "Thời điểm không đúng dạng, ví dụ đúng: 2026-11-22T03:04:05Z.",
    "datetime_from_date_parsing": "Thời điểm không đúng dạng, ví dụ đúng: 2026-11-22T03:04:05Z.",
    "datetime_type": "Thời điểm không đúng dạng, ví dụ đúng: 2026-11-22T03:04:05Z.",
    "dict_type": "Mục này phải là một nhóm các mục con.",
    "model_type": "Mục này phải là một nhóm các mục con.",
    "model_attributes_type": "Mục này phải là một nhóm các mục con.",
    "list_type": "Mục này phải là một danh sách.",
}


def _sentence(error: ErrorDetails) -> str:
    if error["type"] == "value_error":  # our own checks already speak Vietnamese
        text = str(error.get("ctx", {}).get("error", ""))
        return f"{text[:1].upper()}{text[1:]}." if text else "Giá trị không hợp lệ."
    return _SENTENCES.get(error["type"], "Giá trị không hợp lệ.").format(**error.get("ctx", {}))


def field_problems(errors: list[ErrorDetails], skip: int = 0) -> list[FieldProblem]:
    """Validation errors with JSON pointers; `skip` leaves out the first parts of each place ("body", "query")."""
    found: dict[str, FieldProblem] = {}
    for error in errors:
        parts = [str(part).replace("~", "~0").replace("/", "~1") for part in error["loc"][skip:]]
        pointer = "".join(f"/{part}" for part in parts)
        found.setdefault(pointer, FieldProblem(pointer=pointer, detail=_sentence(error)))
    return list(found.values())


def install_handlers(app: FastAPI) -> None:
    """Problems, invalid input, and what the router itself refuses. Unexpected errors: `sync_server.http.bodies`."""

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
