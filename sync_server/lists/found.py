"""What was found in a list's file: its households, what was left out and why, and how its columns were understood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sync_server.lists.headings import Column


@dataclass(frozen=True)
class Note:
    """What a person should know of a row: left out, or taken without something. `cell` is such as "B7", or empty;
    `rows` is how many rows it is about, 0 for a remark on a sheet."""

    sheet: str
    row: int
    cell: str
    detail: str
    left_out: bool = True
    rows: int = 1


@dataclass(frozen=True)
class ListedRelative:
    """Somebody of a household in a list of people: what they are to the head, year of birth and sex, as far as it
    says. Names are not kept."""

    relation: str
    birth_year: int | None = None
    sex: str | None = None


@dataclass(frozen=True)
class ListLine:
    """One household of the list, with the row that names it. `rows` are all rows that it was made of: of a list of
    people, one for each. `household_number` is the list's own number of the household, where it has one."""

    sheet: str
    row: int
    head_name: str
    village: str
    address: str = ""
    phone: str | None = None
    number: int | None = None
    household_number: str | None = None
    rows: int = 1
    people: tuple[ListedRelative, ...] = ()


@dataclass(frozen=True)
class ListColumn:
    """A column as it was understood: its letter, its heading, what it is (None: not read) and its first cells."""

    letter: str
    heading: str
    meaning: Column | None
    first: tuple[str, ...]


@dataclass
class SheetRead:
    """How a sheet was read. `why_not` says why it was not; `village` is what its rows without a village belong to."""

    name: str
    rows: int = 0
    header_row: int = 0
    village: str = ""
    why_not: str = ""
    columns: list[ListColumn] = field(default_factory=list)


@dataclass
class ReadList:
    """A list as it was read."""

    lines: list[ListLine] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sheets: list[SheetRead] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows the list has: each became (a part of) a household or was left out."""
        return sum(line.rows for line in self.lines) + self.left_out

    @property
    def left_out(self) -> int:
        return sum(note.rows for note in self.notes if note.left_out)


@dataclass(frozen=True)
class Understanding:
    """What a person has said of the file, beyond what it says itself: the village of rows that name none, of single
    sheets (None: leave the sheet out), and columns by letter. `is_village` tells whether a name is a village's."""

    village: str = ""
    villages: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[Column, str] = field(default_factory=dict)
    is_village: Callable[[str], bool] = lambda _name: False
