"""How large and how deep a change's body may be: well below what the reader of any phone takes.

A body that a server accepts goes to every phone of the village. One that a phone cannot read would silence the village,
and a huge one would be downloaded by everybody: both are refused at the entry, and kept aside for a person.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

from survey.problems import FieldProblem
from survey.questions import CATALOGUE

DEEPEST = 32
"""Levels of objects and lists in a body, itself included. The JSON reader of the app gives up at 200."""
LARGEST_BODY = 64 * 1024
"""Bytes of a body as compact JSON; a visit to a household of fifty people has about 12 KB."""
MOST_UNKNOWN = 8 * 1024
"""Bytes of all fields and answers together that this program does not know, in one body."""
LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that every JSON program reads exactly."""

_TOO_DEEP = FieldProblem.filled("", "Nội dung lồng vào nhau quá {levels} lớp.", levels=DEEPEST)
_TOO_LARGE = FieldProblem.filled("", "Nội dung lớn quá: nhiều nhất {size} KB.", size=LARGEST_BODY // 1024)
_TOO_MUCH_UNKNOWN = FieldProblem.filled(
    "", "Nội dung mà phiên bản này không biết lớn quá: nhiều nhất {size} KB.", size=MOST_UNKNOWN // 1024
)
_BAD_NUMBER = FieldProblem(pointer="", detail="Có con số lớn quá hoặc không phải là số.")


def check_bounds(body: Any) -> list[FieldProblem]:
    """What is too deep, too large or no number in a body as JSON holds it; an empty list where it is within bounds."""
    wrong = _wrong(body, DEEPEST)
    if wrong:
        pointer, problem = wrong
        return [problem.model_copy(update={"pointer": pointer})]
    return [_TOO_LARGE] if size_of(body) > LARGEST_BODY else []


def _wrong(value: Any, levels: int) -> tuple[str, FieldProblem] | None:
    """Where in the value what is wrong, if it may have so many levels; None where nothing is."""
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
    """What is too large of a record's fields and answers that this program does not know."""
    if sum(_unknown_bytes(record)) > MOST_UNKNOWN:
        return [_TOO_MUCH_UNKNOWN]
    return []


def size_of(body: Any) -> int:
    """The bytes of a body as compact JSON."""
    return len(to_json(body, inf_nan_mode="null"))


def _unknown_bytes(value: Any) -> Iterable[int]:
    """The size of each unknown field, in the record and the records in it; of `answers` that of unknown questions."""
    if isinstance(value, BaseModel):
        for name, inner in (value.model_extra or {}).items():
            yield len(name) + size_of(inner)
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name == "answers" and isinstance(inner, Mapping):
                yield sum(len(key) + size_of(given) for key, given in inner.items() if key not in CATALOGUE)
            else:
                yield from _unknown_bytes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _unknown_bytes(inner)
