"""`Problem`, raised wherever something cannot be done. `http/errors.py` answers it, the command line prints it."""

import re
from itertools import takewhile
from typing import Any

from pydantic_core import ErrorDetails

from survey.ids import is_id
from survey.problem_shapes import FieldProblem, ProblemType, describe


class Problem(Exception):
    """One case of a problem type, with the details that are answered.

    `detail` replaces the type's advice, `errors` name fields, `headers` go with the HTTP answer, `more` are further
    members of the details.
    """

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


_NAME = re.compile(r"[a-z0-9_]{1,40}")
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


def _is_ours(part: str) -> bool:
    """Whether a part of a place is a field's name, a place in a list, or an id."""
    return _NAME.fullmatch(part) is not None or is_id(part)


def field_problems(errors: list[ErrorDetails], skip: int = 0) -> list[FieldProblem]:
    """Turn validation errors into Vietnamese sentences with JSON pointers, one for each place.

    `skip` is how many parts to drop from the start of each place, such as "body" or "query". A key that the sender made
    up is not said again: it may be anything, and the place above it is enough.
    """
    found: dict[str, FieldProblem] = {}
    for error in errors:
        parts = takewhile(_is_ours, map(str, error["loc"][skip:]))
        pointer = "".join(f"/{part}" for part in parts)
        found.setdefault(pointer, FieldProblem(pointer=pointer, detail=_sentence(error)))
    return list(found.values())
