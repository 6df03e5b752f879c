"""Statements that are built and compiled once, when their module is loaded, and run by the database's own driver.

SQLAlchemy's work for one statement costs six times what SQLite needs to run it. What a sync or a page needs often is
therefore a `Statement`; what is asked rarely is simply executed.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json
from sqlalchemy import ARRAY, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Session = Connection
"""A transaction on the database, open as long as the block of `Database.read` or `Database.write`."""
Convert = Callable[[Any], Any]


def sent_together(session: Session) -> AbstractContextManager[object]:
    """What is asked and written in this block goes to PostgreSQL without a wait for each answer; an error is raised at
    its end at the latest. On SQLite it makes no difference."""
    if session.dialect.name == "sqlite":
        return nullcontext()
    return session.connection.driver_connection.pipeline()  # type: ignore[no-any-return, union-attr]


class _Texts(TypeDecorator[list[str]]):
    """A list of texts as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(Text()))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return to_json(list(value)).decode() if dialect.name == "sqlite" else list(value)


class _OneOf(FunctionElement[str]):
    """What follows the column: the comparison with every value of the list."""

    inherit_cache = True
    type = Text()


@compiles(_OneOf, "sqlite")
def _in_json(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"IN (SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"  # noqa: S608


@compiles(_OneOf, "postgresql")
def _in_array(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"= ANY({compiler.process(element.clauses, **options)})"


def is_one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a text column holds one of the list that is the parameter of this name: one SQL text for any length."""
    return column.bool_op("")(_OneOf(bindparam(name, type_=_Texts())))


@dataclass(frozen=True)
class _Compiled:
    """A statement in the driver's own text: in which order it takes its parameters (None: by name), those that never
    change, how values become the driver's, and how its rows are read."""

    text: str
    order: tuple[str, ...] | None
    fixed: dict[str, Any]
    given: Mapping[str, Convert]
    row: Callable[[Iterable[Any]], Any]
    read: tuple[tuple[int, Convert], ...]

    def parameters(self, values: dict[str, Any]) -> Any:
        every = {**self.fixed, **values}
        for name, convert in self.given.items():
            every[name] = convert(every[name])
        return every if self.order is None else [every[name] for name in self.order]

    def rows(self, found: list[Any]) -> list[Any]:
        if not self.read:
            return list(map(self.row, found))
        rows = []
        for one in found:
            cells = list(one)
            for place, convert in self.read:
                cells[place] = convert(cells[place])
            rows.append(self.row(cells))
        return rows


class Statement:
    """One statement with named parameters. Its rows are tuples with the names of the columns."""

    def __init__(self, statement: ClauseElement, **options: Any) -> None:
        """`options` are those of SQLAlchemy's `compile`."""
        self._statement, self._options = statement, options
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """Every row that a query finds."""
        compiled, cursor = self._run(session, values)
        found = compiled.rows(cursor.fetchall())
        cursor.close()
        return found

    def rows_of_each(self, session: Session, every: list[dict[str, Any]]) -> list[list[Any]]:
        """The rows for each of these values. PostgreSQL is asked for all before the first answer is waited for."""
        with sent_together(session):
            ran = [self._run(session, values) for values in every]
            return [compiled.rows(cursor.fetchall()) for compiled, cursor in ran]

    def first(self, session: Session, **values: Any) -> Any | None:
        """The first row that a query finds, None if there is none."""
        return next(iter(self.rows(session, **values)), None)

    def run(self, session: Session, **values: Any) -> None:
        """Run a statement that writes."""
        self._run(session, values)[1].close()

    def run_each(self, session: Session, every: list[dict[str, Any]]) -> None:
        """Run a statement that writes once for each of these values."""
        if len(every) == 1:  # a driver sets out more for many than for one
            self.run(session, **every[0])
        elif every:
            compiled = self._prepared(session)
            cursor = session.connection.cursor()
            cursor.executemany(compiled.text, list(map(compiled.parameters, every)))
            cursor.close()

    def _run(self, session: Session, values: dict[str, Any]) -> tuple[_Compiled, Any]:
        compiled = self._prepared(session)
        cursor = session.connection.cursor()
        cursor.execute(compiled.text, compiled.parameters(values))
        return compiled, cursor

    def _prepared(self, session: Session) -> _Compiled:
        dialect = session.dialect
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(dialect, self._statement, self._options)
        return found


def _compile(dialect: Dialect, statement: ClauseElement, options: dict[str, Any]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, **options)
    assert isinstance(compiled, SQLCompiler)
    converted = {
        name: convert
        for name, bind in compiled.binds.items()
        if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect))
    }
    asked = {name for name, bind in compiled.binds.items() if bind.required}
    whole = compiled.construct_expanded_state(dict.fromkeys(asked))  # with lists that never change written out
    fixed = {name: value for name, value in whole.parameters.items() if name not in asked}
    fixed |= {name: converted[name](value) for name, value in fixed.items() if name in converted}
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    read = [
        (place, convert)
        for place, column in enumerate(columns)
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]
    row = namedtuple("Row", [getattr(column, "name", "_") for column in columns], rename=True)._make  # type: ignore[attr-defined]
    order = whole.positiontup
    given = {name: convert for name, convert in converted.items() if name in asked}
    return _Compiled(whole.statement, tuple(order) if order is not None else None, fixed, given, row, tuple(read))
