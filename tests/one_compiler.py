"""Statements compiled once for all databases of a run: a server compiles its own once, a test run opens hundreds.

What a statement says depends on the dialect alone. SQLAlchemy keeps what it compiled with each engine, and compiling
was a sixth of all test time.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

import app.store.database
import sync_server.store.database

_first: dict[str, Engine] = {}


def share_compiled_statements() -> None:
    """Let every engine that the stores open from now on use the dialect and the statements of the first one."""
    for store in (app.store.database, sync_server.store.database):
        store.create_engine = _sharing(store.create_engine, store.__name__)  # type: ignore[attr-defined]


def _sharing(create: Callable[..., Engine], store: str) -> Callable[..., Engine]:
    def create_engine(*words: Any, **named: Any) -> Engine:
        engine = create(*words, **named)
        first = _first.setdefault(f"{store} {engine.dialect.name}", engine)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    return create_engine
