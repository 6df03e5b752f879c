"""A list's file as sheets of cells, whatever kind of file it was."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from survey.problems import LIST_UNREADABLE
from sync_server.problems import Problem


@dataclass(frozen=True)
class Wrong:
    """A cell that shows an error, such as "#N/A"."""

    shown: str


@dataclass(frozen=True)
class NoResult:
    """A formula that was saved without its result."""


@dataclass(frozen=True)
class Day:
    """A cell that the spreadsheet keeps as a day, and whether it shows day and month alone, as "12/3" becomes one."""

    day: date
    is_short: bool


Cell = str | int | float | bool | Day | time | Wrong | NoResult | None


@dataclass
class Row:
    """A row that has something in it, with its number in the sheet."""

    number: int
    cells: list[Cell]
    is_hidden: bool = False

    def texts(self) -> list[str]:
        """The words of the cells, an empty text for what has none."""
        return [cell if isinstance(cell, str) else "" for cell in self.cells]


@dataclass
class Sheet:
    """A sheet with its rows in order; empty rows are left out. A cell that was merged from several is in each."""

    name: str
    rows: list[Row] = field(default_factory=list)
    is_hidden: bool = False


def column_letter(at: int) -> str:
    """ "A" for 0, as a person sees it above the column."""
    before, last = divmod(at, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + last)


def cell_of(value: object, shows: str = "") -> Cell:
    """The cell of a value as a workbook gives it; `shows` is its number format. Text is cleaned when it is used."""
    match value:
        case str():
            return value if value.strip() else None
        case bool() | int() | float() | time() | None:
            return value
        case datetime():
            return Day(value.date(), "y" not in shows.lower())
        case date():
            return Day(value, "y" not in shows.lower())
    return str(value)


def unreadable(sentence: str) -> Problem:
    """The `Problem` list-unreadable with this sentence on what to do."""
    return Problem(LIST_UNREADABLE, detail=sentence)
