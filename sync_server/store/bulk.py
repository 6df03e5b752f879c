"""Bulk statements that are the same for SQLite and PostgreSQL, and JSON as it is stored.

Building a statement costs several times what SQLite needs to run it. The statements of a sync are therefore built once,
when their module is loaded, with `bindparam` for what differs from call to call.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import BindParameter, Dialect, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Parameters = tuple[Any, ...] | dict[str, Any]


def any_of(name: str) -> BindParameter[Any]:
    """A parameter of this name that takes a list of any length, for `IN` in a statement that is built once."""
    return bindparam(name, expanding=True)


def add_rows(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert new rows, all of the same columns. A row whose key is there already is an error."""
    _write(session, table, rows, replaces=False)


def save_rows(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows or overwrite the given columns of those with the same key. All rows name the same columns."""
    _write(session, table, rows, replaces=True)


def _write(session: Session, table: Table, rows: list[dict[str, Any]], *, replaces: bool) -> None:
    if rows:
        connection = session.connection()
        statement, in_order = _prepared(connection.dialect, table, tuple(rows[0]), replaces)
        connection.exec_driver_sql(statement, [in_order(row) for row in rows])


@lru_cache(maxsize=256)
def _prepared(
    dialect: Dialect, table: Table, names: tuple[str, ...], replaces: bool
) -> tuple[str, Callable[[dict[str, Any]], Parameters]]:
    """The SQL text for the driver, and a function that makes the driver's parameters from a row."""
    insert = sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)
    if replaces:
        keys = [column.name for column in table.primary_key]
        others = {name: insert.excluded[name] for name in names if name not in keys}
        insert = insert.on_conflict_do_update(index_elements=keys, set_=others)
    compiled = insert.compile(dialect=dialect, column_keys=list(names))
    types = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
    converted = {name: convert for name, convert in types.items() if convert}
    order = compiled.positiontup  # none where the driver takes parameters by name
    pick: Callable[[dict[str, Any]], Parameters] = itemgetter(*order) if order else dict

    def in_order(row: dict[str, Any]) -> Parameters:
        return pick(row | {name: convert(row[name]) for name, convert in converted.items()} if converted else row)

    return str(compiled), in_order


def chunks(values: Iterable[str], size: int = 500) -> list[list[str]]:
    """Split values, without duplicates, into lists that are short enough for one `IN (…)` on any database."""
    every = list(dict.fromkeys(values))
    return [every[start : start + size] for start in range(0, len(every), size)]


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
