"""Where the reading of one sheet stands, and what it has found so far."""

from dataclasses import dataclass, field

from sync_server.lists.found import ListedRelative, ListLine, Note, ReadList
from sync_server.lists.headings import Column, Header
from sync_server.lists.sheets import Cell, Row, column_letter


@dataclass
class Person:
    """A row of a list of people: who they are in the family, whether the head, and the line of a head's row."""

    row: Row
    is_head: bool
    line: ListLine
    relative: ListedRelative


@dataclass
class Table:
    """Where the reading of a sheet stands: the village that a row above has named, the cells above for "as above", and
    whether the table has ended."""

    sheet: str
    header: Header
    village: str
    found: ReadList
    above: dict[int, str] = field(default_factory=dict)
    has_ended: bool = False
    is_first: bool = True
    people: list[Person] = field(default_factory=list)

    def leave_out(self, row: Row, detail: str, at: int | None = None) -> None:
        cell = "" if at is None else f"{column_letter(at)}{row.number}"
        self.found.notes.append(Note(self.sheet, row.number, cell, detail))

    def remark(self, row: Row, detail: str, at: int | None = None) -> None:
        cell = "" if at is None else f"{column_letter(at)}{row.number}"
        self.found.notes.append(Note(self.sheet, row.number, cell, detail, left_out=False))

    def cell(self, row: Row, column: Column) -> Cell:
        at = self.header.at(column)
        return None if at is None or at >= len(row.cells) else row.cells[at]
