"""What the commands of the server share: settings, one transaction, and printing a result or a problem."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from sync_server.backup import Refused
from sync_server.commune.village_names import Match
from sync_server.opening import open_database
from sync_server.problems import Problem
from sync_server.settings import ServerSettings, explain
from sync_server.store.database import Session, StoreFailed
from sync_server.store.distribution import NoCitus
from sync_server.store.migrations import DatabaseTooNew

AsJson = Annotated[bool, typer.Option("--json", help="In ra một đối tượng JSON.")]
CommuneCode = Annotated[str, typer.Option("--commune", help="Mã xã, 5 chữ số.")]
_NO_DATABASE = "Không mở hoặc không ghi được cơ sở dữ liệu. Kiểm tra TUNGNHA_DATA và TUNGNHA_DATABASE_URL."


def fail(sentence: str) -> typer.Exit:
    """Print on stderr what is wrong, and return the exit (code 1) for the caller to raise."""
    print(sentence, file=sys.stderr)
    return typer.Exit(1)


def read_settings(**given: Any) -> ServerSettings:
    """The settings of the environment; a wrong one ends the command with a sentence that names it."""
    try:
        return ServerSettings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise fail(explain(error)) from error


@contextmanager
def explaining() -> Iterator[None]:
    """Turn every expected failure inside the block into one sentence on stderr and exit code 1."""
    try:
        yield
    except Refused as refusal:
        raise fail(str(refusal)) from refusal
    except Problem as problem:
        details = [one.detail for one in problem.details.errors] or [problem.details.detail]
        raise fail(f"{problem.details.title}. {' '.join(details)}") from problem
    except (DatabaseTooNew, NoCitus) as error:
        raise fail(str(error)) from error
    except (StoreFailed, OSError) as error:
        raise fail(_NO_DATABASE) from error


@contextmanager
def writing(settings: ServerSettings) -> Iterator[Session]:
    """Open the database in one transaction for one command; failures end it as in `explaining`."""
    with explaining():
        database = open_database(settings)
        try:
            with database.write() as session:
                yield session
        finally:
            database.close()


def tell(as_json: bool, result: dict[str, Any], sentence: str) -> None:
    print(json.dumps(result, ensure_ascii=False) if as_json else sentence)


def understood(matched: Iterable[Match]) -> list[str]:
    """One line for each inexact village name: which village it was taken for."""
    said = {"loosely": "được hiểu là", "merged": "nay là"}
    return [f"“{one.written}” {said[one.how]} {one.village}." for one in matched]


def matches(matched: Iterable[Match]) -> list[dict[str, str]]:
    """The inexact village names as JSON objects."""
    return [asdict(one) for one in matched]
