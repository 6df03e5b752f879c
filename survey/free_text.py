"""Checks that free text holds no number of an identity paper, a bank account or a telephone.

Such a text is refused when it comes in, not when a stored record is read: what was stored earlier stays readable.
"""

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from survey.inner_records import records_in
from survey.privacy import holds_long_number
from survey.problem_shapes import FieldProblem
from survey.records import CLEANED


@cache
def free_texts(kind: type[BaseModel]) -> frozenset[str]:
    """The names of a record type's free-text fields: those marked with `CLEANED`."""
    fields = kind.model_fields.items()
    return frozenset(name for name, field in fields if CLEANED in field.metadata or _is_cleaned(field.annotation))


def check_texts(record: BaseModel) -> list[FieldProblem]:
    """A problem for each free text that holds a long number, in the record and the records inside it."""
    return [
        FieldProblem(pointer=f"{pointer}/{name}", detail="Không ghi số giấy tờ, số tài khoản hay số điện thoại ở đây.")
        for pointer, one in records_in(record)
        for name in _free_texts_in_order(type(one))
        if (text := getattr(one, name)) and holds_long_number(text)
    ]


@cache
def _free_texts_in_order(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name in kind.model_fields if name in free_texts(kind))


def _is_cleaned(annotation: Any) -> bool:
    """Whether a type is marked as free text, also inside a union such as `Text | None`."""
    cleaned = CLEANED in getattr(annotation, "__metadata__", ())
    return cleaned or any(_is_cleaned(inner) for inner in get_args(annotation))
