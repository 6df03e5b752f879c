"""Bulk writes that are the same for SQLite and PostgreSQL, and JSON as it is stored."""

from functools import lru_cache
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from sync_server.store.statements import Session, Statement


def add_rows(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert new rows, all of the same columns. A row whose key is there already is an error."""
    _write(session, table, rows, replaces=False)


def save_rows(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows or overwrite the given columns of those with the same key. All rows name the same columns."""
    _write(session, table, rows, replaces=True)


def _write(session: Session, table: Table, rows: list[dict[str, Any]], *, replaces: bool) -> None:
    if rows:
        _prepared(session.dialect.name, table, tuple(rows[0]), replaces).run_each(session, rows)


@lru_cache(maxsize=256)
def _prepared(dialect: str, table: Table, names: tuple[str, ...], replaces: bool) -> Statement:
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    if replaces:
        keys = [column.name for column in table.primary_key]
        others = {name: insert.excluded[name] for name in names if name not in keys}
        insert = insert.on_conflict_do_update(index_elements=keys, set_=others)
    return Statement(insert, column_keys=list(names))


def as_integer(number: int) -> int:
    """The nearest number that an INTEGER column of 32 bits can hold. A clock may be wrong by thousands of years."""
    return max(-(2**31), min(2**31 - 1, number))


def as_text(body: Any) -> str:
    """Compact JSON text. NaN and infinity, which JSON does not have, become null."""
    return to_json(body, inf_nan_mode="null").decode()


def as_body(text: str) -> dict[str, Any]:
    """The object in a JSON text."""
    body: dict[str, Any] = from_json(text, allow_inf_nan=False)
    return body
