"""The tables by which the page folds a text as Python does, written from Python's own."""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from survey import vietnamese

FILE = "fold-tables.js"
_CODES = range(sys.maxunicode + 1)
_NOT_SHOWN = {"Cf", "Cc", "Cs"}


def write_fold_tables(folder: Path) -> None:
    """Write `fold-tables.js` for `fold.js`."""
    letters = {chr(code): letter for code, letter in vietnamese.ETH.items()}
    strokes = {chr(code): chr(letter) for code, letter in vietnamese.STROKES.items()}
    cases = {letter: letter.casefold() for letter in map(chr, _CODES) if letter.casefold() != letter.lower()}
    tables = {
        "LETTERS": letters,
        "STROKES": strokes,
        "CASES": cases,
        "SPACES": _ranges(str.isspace),
        "HIDDEN": _ranges(lambda one: unicodedata.category(one) in _NOT_SHOWN and not one.isspace()),
        "COMBINING": _ranges(lambda one: unicodedata.combining(one) != 0),
    }
    lines = [f"export const {name} = {json.dumps(table)};\n" for name, table in tables.items()]
    (folder / FILE).write_text("".join(lines), "utf-8")


def _ranges(wanted: Callable[[str], bool]) -> str:
    """The characters as the inside of a class of a regular expression with the flag u."""
    runs: list[list[int]] = []
    for code in _only(wanted):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(_written(first) + (f"-{_written(last)}" if last > first else "") for first, last in runs)


def _only(wanted: Callable[[str], bool]) -> Iterable[int]:
    return (code for code in _CODES if wanted(chr(code)))


def _written(code: int) -> str:
    return f"\\u{{{code:x}}}"
