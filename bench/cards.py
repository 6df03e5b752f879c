"""What 2,000 cards cost to draw: CPU seconds, the most memory, bytes; beside other ways to the same cards.

    python -m bench.cards [--cards 2000] [--only ROW …]

Each row is a process of its own that does nothing else. `cpu s` counts importing, symbols, drawing and writing,
`symbols s` the symbols alone, `MB` is the most memory the process ever had. "one symbol at a time" asks qrcode for
each card; "a call for each rectangle" builds the path by ReportLab's own calls instead of raw operators; "fpdf2" draws
the same words and symbols with that library's calls (no cut marks, no ruler).
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from io import BytesIO
from random import Random

from survey.card_code import grouped, make_code
from sync_server.cards import sheet as sheets
from sync_server.cards.faces import TITLE
from sync_server.cards.formats import FORMATS
from sync_server.cards.lettering import BOLD, FONTS, REGULAR
from sync_server.cards.symbols import CARD_PATH, Picture, Symbols, plain_symbol

SERVER = "https://tungnha.example.vn"
_BACKS = "cards with backs"
_CALLS = "cards, a call for each rectangle"
_PLAIN = "cards, one symbol at a time"
_FPDF = "cards, fpdf2"
ROWS = {"cards": "a4-2x5", _BACKS: "a4-2x5", "labels": "a4-3x8", _PLAIN: "a4-2x5", _CALLS: "a4-2x5", _FPDF: "a4-2x5"}


class PlainSymbols(Symbols):
    """Asks qrcode for every symbol."""

    def __init__(self, start: str) -> None:
        self.start = start
        self.side = len(plain_symbol(start + "0" * 16))

    def rows(self, code: str) -> list[str]:
        return ["".join("01"[module] for module in row) for row in plain_symbol(self.start + code)]


def draw_by_calls(book: sheets._Book, at: tuple[float, float], picture: Picture) -> None:
    """A symbol as a path of ReportLab's own rectangles."""
    layout = book.sheet.format
    module = layout.qr_side / picture.side * sheets.mm
    path = book.canvas.beginPath()
    for x, y, width, height in picture.figures:
        top = (layout.height - at[1]) * sheets.mm - y * module
        path.rect(at[0] * sheets.mm + x * module, top - height * module, width * module, height * module)
    book.canvas.drawPath(path, stroke=0, fill=1)


def draw_with_fpdf(out: BytesIO, cards: list[sheets.PrintedCard], order: sheets.Sheet) -> None:
    """The same fronts with fpdf2."""
    from fpdf import FPDF

    layout, symbols = order.format, Symbols(SERVER + CARD_PATH)
    module = layout.qr_side / symbols.side
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    for style, font in (("", REGULAR), ("B", BOLD)):
        pdf.add_font("card", style, str(FONTS / f"{font}.ttf"))
    for number, card in enumerate(cards):
        place = number % layout.places
        if place == 0:
            pdf.add_page()
        left, top = layout.corner(place)
        for x, y, text, size, style in (
            (40, 8.6, TITLE, 13, "B"),
            (40, 16.5, f"Số {card.serial:03d}", 19, "B"),
            (40, 22.8, order.village, 10.5, ""),
            (40, 27.4, order.commune, 10.5, ""),
            (10, 48.5, grouped(card.code), 15, "B"),
        ):
            pdf.set_font("card", style, size)
            pdf.text(left + x, top + y, text)
        for x, y, width, height in symbols.figures(card.code):
            pdf.rect(left + 4.5 + x * module, top + 4.5 + y * module, width * module, height * module, style="F")
    out.write(pdf.output())


def measure(row: str, count: int) -> dict[str, float]:
    """Draw once and tell what it took."""
    symbols: type[Symbols] = Symbols
    if row == _PLAIN:
        symbols = PlainSymbols
        sheets.Symbols = symbols  # type: ignore[misc]
    if row == _CALLS:
        sheets._Book._symbol = draw_by_calls  # type: ignore[method-assign]
    random, out = Random(1), BytesIO()
    cards = [sheets.PrintedCard(number, make_code(random.randbytes(10))) for number in range(1, count + 1)]
    order = sheets.Sheet(FORMATS[ROWS[row]], SERVER, "thôn Đinh Xá", "xã Nguyệt Đức", backs=row == _BACKS)
    (draw_with_fpdf if row == _FPDF else sheets.draw_sheets)(out, cards, order)
    used = resource.getrusage(resource.RUSAGE_SELF)
    start = time.process_time()
    made = symbols(SERVER + CARD_PATH)
    for card in cards:
        made.rows(card.code)
    alone = time.process_time() - start
    cpu = used.ru_utime + used.ru_stime
    return {"cpu": cpu, "symbols": alone, "memory": used.ru_maxrss / 1024, "bytes": len(out.getvalue()) / 1e6}


def main() -> None:
    """Measure each row in a child and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=2000)
    parser.add_argument("--only", nargs="+", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--row", choices=list(ROWS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.row:
        print(json.dumps(measure(asked.row, asked.cards)))
        return
    print(f"{asked.cards:,} cards{'cpu s':>38}{'symbols s':>11}{'MB':>6}{'file MB':>9}{'cards/cpu s':>13}")
    for row in asked.only:
        child = [sys.executable, "-m", "bench.cards", "--cards", str(asked.cards), "--row", row]
        told = json.loads(subprocess.run(child, check=True, capture_output=True, text=True).stdout)
        rate = asked.cards / told["cpu"]
        figures = f"{told['cpu']:10.1f}{told['symbols']:11.1f}{told['memory']:6.0f}{told['bytes']:9.1f}{rate:13,.0f}"
        print(f"{row:<39}{figures}")


if __name__ == "__main__":
    main()
