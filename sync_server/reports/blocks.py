"""The parts that a report's document is made of. Word, PDF and the page each draw all of them."""

from dataclasses import dataclass

MOST_COLUMNS = 11


@dataclass(frozen=True)
class Heading:
    """I. KẾT QUẢ (level 1) or 1. Kết quả chung (level 2)."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    text: str
    is_legal_basis: bool = False


@dataclass(frozen=True)
class Item:
    """One line of a list."""

    text: str


@dataclass(frozen=True)
class Table:
    """`widths` are shares of the page's width; columns from `first_number` on stand right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    first_number: int
    last_is_sum: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether its letters must be a little smaller to fit."""
        return len(self.headings) > MOST_COLUMNS


Block = Heading | Paragraph | Item | Table


@dataclass(frozen=True)
class Document:
    """`subject` is the trích yếu. The appendix has pages of its own, across."""

    subject: str
    body: tuple[Block, ...]
    appendix_title: str
    appendix: tuple[Block, ...]
    is_draft: bool
