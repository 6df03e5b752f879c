"""What stands on one card, label or notice, and where; in mm from the cell's top left corner."""

from typing import Protocol, TypeVar

from reportlab.lib.units import mm

from survey.card_code import grouped
from sync_server.cards.lettering import BOLD, MIDDLE, RIGHT, Pen
from sync_server.cards.order import MemberCard, PrintedCard, Sheet
from sync_server.cards.symbols import site_link

TITLE, NOTICE_TITLE, MEMBER_TITLE = "Thẻ hộ", "Thẻ hộ là gì?", "Thẻ đăng nhập"
WHAT_TO_DO = "Tổ công nghệ số cộng đồng quét mã này khi đến nhà."
NOTICE_SITE = "Trang của Tổ công nghệ số cộng đồng:"

Cell = TypeVar("Cell", contravariant=True)


class Face(Protocol[Cell]):
    """One side of a cell: `draw_same` draws what all cells share, once for a file; `draw_own` what only one has."""

    symbol_at: tuple[float, float]

    def draw_same(self, pen: Pen) -> None: ...

    def draw_own(self, pen: Pen, cell: Cell) -> None: ...


def serial_text(serial: int) -> str:
    """A serial number as it is printed: "Số 017"."""
    return f"Số {serial:03d}"


class CardFace:
    """A household's card of 90 × 54 mm: the symbol on the left, the words beside it, the code below both."""

    symbol_at = (4.5, 4.5)

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def draw_same(self, pen: Pen) -> None:
        pen.write(40, 8.6, TITLE, 13, BOLD)
        pen.write(40, 22.8, self.sheet.village, 10.5, width=46)
        pen.write(40, 27.4, self.sheet.commune, 10.5, width=46)
        pen.write_block(40, 34.4, WHAT_TO_DO, 8, 46, 8)
        if self.sheet.contact:
            pen.write(45, 51.6, f"Cần hỏi: {self.sheet.contact}", 7.5, width=82, align=MIDDLE)

    def draw_own(self, pen: Pen, cell: PrintedCard) -> None:
        pen.write(40, 16.5, serial_text(cell.serial), 19, BOLD, width=46)
        if cell.house:
            pen.write(40, 32.1, cell.house, 9.5, width=46)
        pen.write(45, 47.6 if self.sheet.contact else 48.5, grouped(cell.code), 15, BOLD, width=82, align=MIDDLE)


class LabelFace:
    """A label of 63.5 × 33.9 mm: there is no room below the symbol, so the code stands at the foot of the words."""

    symbol_at = (4.0, 4.45)

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def draw_same(self, pen: Pen) -> None:
        pen.write(32.5, 6.6, TITLE, 8.5, BOLD)
        pen.write(32.5, 10.9, self.sheet.village, 7.5, width=28.5)
        pen.write(32.5, 14.1, self.sheet.commune, 7.5, width=28.5)
        pen.write_block(32.5, 18.4, WHAT_TO_DO, 6, 28.5, 5.6)

    def draw_own(self, pen: Pen, cell: PrintedCard) -> None:
        pen.write(61, 6.6, serial_text(cell.serial), 11, BOLD, width=16.5, align=RIGHT)
        if cell.house:
            pen.write(32.5, 17.3, cell.house, 7.5, width=28.5)
        code = grouped(cell.code)
        half = len(code) // 2
        pen.write(32.5, 27.7, code[:half], 11, BOLD, width=28.5)
        pen.write(32.5, 31.9, code[half + 1 :], 11, BOLD, width=28.5)


class NoticeFace:
    """A page for the wall of the village's house of culture, to be read from a step away: what the cards are and whom
    to ask. Its symbol is the site's address, of no household."""

    symbol_at = (40.0, 66.0)

    def __init__(self, sheet: Sheet, privacy: list[str]) -> None:
        self.sheet, self.privacy = sheet, privacy

    def draw_same(self, pen: Pen) -> None:
        pen.write(90, 16, NOTICE_TITLE, 34, BOLD, width=180, align=MIDDLE)
        pen.write(90, 28, self.sheet.village, 22, width=180, align=MIDDLE)
        pen.write(90, 38, self.sheet.commune, 22, width=180, align=MIDDLE)
        pen.write(90, 47.5, NOTICE_SITE, 14, width=180, align=MIDDLE)
        pen.write(90, 189, site_link(self.sheet.public_url), 20, BOLD, width=170, align=MIDDLE)
        pen.write_paragraphs(10, 197, self.privacy, 13, 160, 67, gap=2)

    def draw_own(self, pen: Pen, cell: object) -> None:
        """Nothing: the notice is of no household."""


class OutlineFace:
    """Only the edge of a cell, to be laid against the stock that it must meet."""

    symbol_at = (0.0, 0.0)

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def draw_same(self, pen: Pen) -> None:
        """Nothing: the edge is drawn for each cell, where nothing cuts its line in half."""

    def draw_own(self, pen: Pen, cell: object) -> None:
        pen.canvas.setLineWidth(0.5)
        pen.canvas.rect(0, 0, self.sheet.format.width * mm, self.sheet.format.height * mm)


class MemberFace:
    """A sign-in card of 90 × 54 mm, handed over in person: it says whose it is and until when it works."""

    symbol_at = (4.5, 4.5)

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def draw_same(self, pen: Pen) -> None:
        pen.write(40, 9, MEMBER_TITLE, 12, BOLD)
        pen.write_block(40, 24.2, self.sheet.place, 9, 46, 8.5)
        pen.write_block(40, 33, "Quét bằng điện thoại của mình. Mã dùng một lần, đừng đưa cho ai.", 7.5, 46, 7.5)

    def draw_own(self, pen: Pen, cell: MemberCard) -> None:
        pen.write(40, 16.5, cell.name, 14, BOLD, width=46)
        pen.write(40, 22, cell.role, 10, width=46)
        pen.write(45, 47, grouped(cell.code), 15, BOLD, width=82, align=MIDDLE)
        pen.write(45, 51.4, f"Dùng đến hết ngày {cell.expires:%d/%m/%Y}", 7.5, width=82, align=MIDDLE)
