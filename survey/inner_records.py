"""The records inside a record: for checks that hold for every part of what somebody sent."""

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel


def records_in(record: BaseModel, pointer: str = "") -> list[tuple[str, BaseModel]]:
    """The record and those inside it, each with its JSON pointer."""
    found: list[tuple[str, BaseModel]] = [(pointer, record)]
    for name in _fields_with_records(type(record)):
        inner = getattr(record, name)
        if isinstance(inner, BaseModel):
            found += records_in(inner, f"{pointer}/{name}")
        elif isinstance(inner, list):
            for place, one in enumerate(inner):
                found += records_in(one, f"{pointer}/{name}/{place}")
    return found


@cache
def _fields_with_records(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name, field in kind.model_fields.items() if _holds_records(field.annotation))


def _holds_records(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_records(inner) for inner in get_args(annotation))
