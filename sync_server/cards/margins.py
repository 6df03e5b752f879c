"""The rim of a sheet: marks to cut along, a ruler that shows a wrong print size, and which sheet of how many it is."""

from sync_server.cards.formats import PAGE_HEIGHT, PAGE_WIDTH, SheetFormat
from sync_server.cards.lettering import BOLD, MIDDLE, RIGHT, Pen

REAL_SIZE = "In ở kích thước thật (100 %)"
TRIAL = "BẢN THỬ"
SAFE = 7.0
"""Printers leave up to this much of a page's edge (mm) white."""
_HAIR = 0.25
_RULER = 100
_SIDE = 15.0
_FOOT = PAGE_HEIGHT - SAFE - 0.8


def draw_marks(pen: Pen, sheet_format: SheetFormat) -> None:
    """Marks along the edges of the grid, and between its cells: crosses where it is cut, ticks in its gaps if not."""
    if sheet_format.places == 1:
        return
    xs, ys = _lines(sheet_format)
    first_x, last_x, first_y, last_y = xs[0], xs[-1], ys[0], ys[-1]
    pen.canvas.setLineWidth(_HAIR)
    for x in xs:
        pen.line(x, first_y - 3, x, first_y - 0.6)
        pen.line(x, last_y + 0.6, x, last_y + 3)
    for y in ys:
        pen.line(first_x - 3, y, first_x - 0.6, y)
        pen.line(last_x + 0.6, y, last_x + 3, y)
        if sheet_format.gap_x:
            for left, right in zip(xs[1:-1:2], xs[2:-1:2], strict=True):
                pen.line(left + 0.5, y, right - 0.5, y)
    if sheet_format.cut:
        for x in xs:
            for y in ys:
                pen.line(max(x - 1.2, first_x), y, min(x + 1.2, last_x), y)
                pen.line(x, max(y - 1.2, first_y), x, min(y + 1.2, last_y))


def _lines(sheet_format: SheetFormat) -> tuple[list[float], list[float]]:
    """Where cells begin and end: across and down, without doubles where cells touch."""
    corners = [sheet_format.corner(place) for place in range(sheet_format.places)]
    xs = {round(edge, 3) for x, _ in corners for edge in (x, x + sheet_format.width)}
    ys = {round(edge, 3) for _, y in corners for edge in (y, y + sheet_format.height)}
    return sorted(xs), sorted(ys)


def draw_ruler(pen: Pen) -> None:
    """100 mm at the foot, to lay a real ruler on, and at what size to print."""
    pen.canvas.setLineWidth(_HAIR * 2)
    pen.line(_SIDE, _FOOT, _SIDE + _RULER, _FOOT)
    for step in range(0, _RULER + 1, 10):
        pen.line(_SIDE + step, _FOOT, _SIDE + step, _FOOT - (2.2 if step % 50 == 0 else 1.3))
    pen.write(_SIDE + _RULER + 1.5, _FOOT, f"{_RULER} mm", 7.5)
    pen.write(PAGE_WIDTH - _SIDE, _FOOT, REAL_SIZE, 8, align=RIGHT)


def draw_heading(pen: Pen, sheet_format: SheetFormat, left: str, right: str, trial: bool) -> None:
    """Above the cells: what these are, which sheet, and "BẢN THỬ" where it must not go on doors.

    Raises `LetterMissing`.
    """
    y = min(sheet_format.top, 13.5) - 3.7
    third = (PAGE_WIDTH - 2 * _SIDE) / 3
    pen.write(_SIDE, y, left, 8, width=third + 10)
    pen.write(PAGE_WIDTH - _SIDE, y, right, 8, width=third, align=RIGHT)
    if trial:
        pen.write(PAGE_WIDTH / 2 + 10, y, TRIAL, 11, BOLD, align=MIDDLE)
