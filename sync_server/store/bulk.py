"""Many rows in one statement, the same way for SQLite and PostgreSQL; and JSON as it is stored and sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Values = Mapping[str, Any]


def add_rows(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert new rows; one that is there already is an error."""
    if rows:
        session.execute(table.insert(), rows)


def save_rows(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows or overwrite the given columns of those with the same key. All rows name the same columns."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    insert = sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)
    others = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=others), rows)


def chunks(values: Iterable[str], size: int = 500) -> list[list[str]]:
    """Lists that fit into one IN (...), whatever the database allows."""
    every = list(dict.fromkeys(values))
    return [every[start : start + size] for start in range(0, len(every), size)]


def as_integer(number: int) -> int:
    """The number as an INTEGER column holds it: the nearest of 32 bits. A clock may be wrong by thousands of years."""
    return max(-(2**31), min(2**31 - 1, number))


def as_text(body: Any) -> str:
    """JSON text: compact, in UTF-8, without the numbers that JSON does not have."""
    return to_json(body, inf_nan_mode="null").decode()


def as_body(text: str) -> dict[str, Any]:
    """The object in a JSON text."""
    body: dict[str, Any] = from_json(text, allow_inf_nan=False)
    return body
