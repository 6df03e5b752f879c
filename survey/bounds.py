"""Limits on the size and depth of a change's body, well below what any phone can read.

A body that the server accepts goes to every phone of the village. One that a phone cannot read would stop the village's
sync, and a huge one would be downloaded by everybody: both are refused on arrival and kept aside for a person to see.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

from survey.inner_records import records_in
from survey.problem_shapes import FieldProblem
from survey.questions import CATALOGUE

DEEPEST = 32
"""Most levels of nested objects and lists in a body, the body included. The app's JSON reader gives up at 200."""
LARGEST_BODY = 64 * 1024
"""Most bytes of a body as compact JSON; a visit to a household of fifty people has about 12 KB."""
MOST_UNKNOWN = 8 * 1024
"""Most bytes in one body of all the fields and answers together that this program does not know."""
LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON program reads exactly."""

_TOO_DEEP = FieldProblem.filled("", "Nội dung lồng vào nhau quá {levels} lớp.", levels=DEEPEST)
_TOO_LARGE = FieldProblem.filled("", "Nội dung lớn quá: nhiều nhất {size} KB.", size=LARGEST_BODY // 1024)
_TOO_MUCH_UNKNOWN = FieldProblem.filled(
    "", "Nội dung mà phiên bản này không biết lớn quá: nhiều nhất {size} KB.", size=MOST_UNKNOWN // 1024
)
_BAD_NUMBER = FieldProblem(pointer="", detail="Có con số lớn quá hoặc không phải là số.")


def check_bounds(body: Any) -> list[FieldProblem]:
    """Check the depth, numbers and size of a body read from JSON; one problem, or an empty list if all is well."""
    wrong = _wrong(body, DEEPEST)
    if wrong:
        pointer, problem = wrong
        return [problem.model_copy(update={"pointer": pointer})]
    return [_TOO_LARGE] if size_of(body) > LARGEST_BODY else []


def _wrong(value: Any, levels: int) -> tuple[str, FieldProblem] | None:
    """JSON pointer and problem of the first fault in a value that may be nested `levels` deep; None if none."""
    if isinstance(value, dict | list):
        if levels == 0:
            return "", _TOO_DEEP
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if type(inner) is not str and (wrong := _wrong(inner, levels - 1)):
                return f"/{name}{wrong[0]}", wrong[1]
    elif isinstance(value, int | float) and not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:  # infinity is beyond, too
        return "", _BAD_NUMBER
    return None


def check_unknown(record: BaseModel) -> list[FieldProblem]:
    """Check the size of a record's fields and answers that this program does not know; one problem or an empty list."""
    if sum(_unknown_bytes(record)) > MOST_UNKNOWN:
        return [_TOO_MUCH_UNKNOWN]
    return []


def size_of(body: Any) -> int:
    """The size of a body as compact JSON, in bytes."""
    return len(to_json(body, inf_nan_mode="null"))


def _unknown_bytes(record: BaseModel) -> Iterable[int]:
    """The bytes of each unknown field and each answer to an unknown question, in the record and those inside it."""
    for _, one in records_in(record):
        for name, inner in (one.model_extra or {}).items():
            yield len(name) + size_of(inner)
        answers = vars(one).get("answers")
        if isinstance(answers, Mapping) and not answers.keys() <= CATALOGUE.keys():
            yield sum(len(key) + size_of(given) for key, given in answers.items() if key not in CATALOGUE)
