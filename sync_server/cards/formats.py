"""The formats of printed sheets, as figures in mm. A format that does not add up refuses itself."""

from dataclasses import dataclass
from typing import Literal

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
QUIET = 4
"""White modules that a symbol needs on each side."""
FEWEST_MODULES = 37
"""Modules on a side of the smallest symbol that a link gets (version 5): its white is the widest."""
DRIFT = 1.5
"""How far a printer may shift a page (mm) before the white of a symbol reaches the edge of its card."""
LEAST_MODULE = 0.6
"""Below this (mm) a cheap phone no longer reads a module from a hand's breadth."""
_EXACT = 0.01


@dataclass(frozen=True)
class SheetFormat:
    """One format: a grid of equal cells on A4 in portrait, all figures in mm from the top left corner.

    `face` says what stands on a cell; `cut` whether it is cut out of the sheet (marks are drawn), or comes cut.
    Raises `ValueError`, naming the figures, where margins, cells and gaps do not fill the page to 0.01 mm, or where a
    cell cannot hold its symbol with the white around it and the drift of a printer.
    """

    name: str
    face: Literal["card", "label", "notice"]
    columns: int
    rows: int
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    qr_side: float
    gap_x: float = 0.0
    gap_y: float = 0.0
    has_backs: bool = False
    cut: bool = True

    def __post_init__(self) -> None:
        _must_fill(self.name, PAGE_WIDTH, self.left, self.columns, self.width, self.gap_x, self.right)
        _must_fill(self.name, PAGE_HEIGHT, self.top, self.rows, self.height, self.gap_y, self.bottom)
        needed = self.qr_side * (1 + 2 * QUIET / FEWEST_MODULES) + 2 * DRIFT
        if needed > min(self.width, self.height):
            raise ValueError(
                f"{self.name}: a symbol of {self.qr_side} mm needs {needed:.2f} mm with its white and "
                f"{DRIFT} mm of drift; the cell is {self.width} × {self.height} mm"
            )

    @property
    def places(self) -> int:
        """Cells on a sheet."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """The left and the top edge of a cell in mm; cells are counted from 0, row by row."""
        row, column = divmod(place, self.columns)
        return self.left + column * (self.width + self.gap_x), self.top + row * (self.height + self.gap_y)

    def back_corner(self, place: int) -> tuple[float, float]:
        """The same for the back of the cell, when the paper is turned over its long edge."""
        x, y = self.corner(place)
        return PAGE_WIDTH - x - self.width, y


def _must_fill(name: str, page: float, before: float, count: int, size: float, gap: float, after: float) -> None:
    total = before + count * size + (count - 1) * gap + after
    if abs(total - page) > _EXACT:
        raise ValueError(
            f"{name}: {before} + {count} × {size} + {count - 1} × {gap} + {after} = {total:.2f} mm, not {page:g} mm"
        )


FORMATS = {
    one.name: one
    for one in (
        SheetFormat(
            "a4-2x5", "card", 2, 5, 90, 54, left=15, right=15, top=13.5, bottom=13.5, qr_side=30, has_backs=True
        ),
        SheetFormat(
            "a4-3x8", "label", 3, 8, 63.5, 33.9,
            left=7.25, right=7.25, top=12.9, bottom=12.9, gap_x=2.5, qr_side=25, cut=False,
        ),
        SheetFormat(
            "a4-1", "notice", 1, 1, 180, 267, left=15, right=15, top=15, bottom=15, qr_side=100, cut=False
        ),
    )
}  # fmt: skip
"""By name: cards to cut out, labels on stock that comes cut, one notice a page for the village's house of culture."""
