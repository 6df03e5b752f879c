"""Drawing sheets of cards as a PDF: vector symbols, our own typeface, the same bytes for the same input."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import BinaryIO, TypeVar

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sync_server.cards.address import trial_reasons
from sync_server.cards.faces import (
    MEMBER_TITLE,
    NOTICE_TITLE,
    TITLE,
    CardFace,
    Face,
    LabelFace,
    MemberFace,
    NoticeFace,
    OutlineFace,
    serial_text,
)
from sync_server.cards.formats import PAGE_HEIGHT, PAGE_WIDTH
from sync_server.cards.lettering import REGULAR, Pen, checked
from sync_server.cards.margins import draw_heading, draw_marks, draw_ruler
from sync_server.cards.order import MemberCard, OnPage, PrintedCard, Sheet, count_pages
from sync_server.cards.privacy import BackFace, privacy_paragraphs
from sync_server.cards.symbols import (
    CARD_PATH,
    ENROLL_PATH,
    OFFICE_ENROLL_PATH,
    Picture,
    Symbols,
    plain_picture,
    site_link,
)

__all__ = [
    "MemberCard",
    "PrintedCard",
    "Sheet",
    "count_pages",
    "draw_member_cards",
    "draw_notice",
    "draw_outlines",
    "draw_sheets",
]

Cell = TypeVar("Cell")
OUTLINE = "Tờ thử: chỉ khung"
_FRONT, _BACK, _RIM = "front", "back", "rim"


def draw_sheets(
    out: BinaryIO,
    cards: Sequence[PrintedCard],
    sheet: Sheet,
    on_page: OnPage | None = None,
    page: int | None = None,
) -> None:
    """Write a PDF of the cards to `out`, in their order; with backs, each sheet is followed by its back.

    `on_page` is told after each page how many of how many are drawn. Nothing is written before all of them are, and
    the same input gives the same bytes. With `page` (from 1) only that page of the file is drawn. A sheet whose
    address is not for doors (`trial_reasons`) is marked as a trial.
    Raises `LetterMissing` where the typeface lacks a letter, `ValueError` for no cards, for a code that is none, for a
    page that is not there, and for the notice, which has no cards on it.
    """
    for card in cards:
        checked(card.house)
    face: Face[PrintedCard]
    match sheet.format.face:
        case "card":
            face = CardFace(sheet)
        case "label":
            face = LabelFace(sheet)
        case "notice":
            raise ValueError(f"there are no cards on {sheet.format.name}")
    symbols = Symbols(sheet.public_url + CARD_PATH)
    _Book(out, sheet, TITLE).draw(cards, face, lambda card: symbols.picture(card.code), _serials, on_page, page)


def draw_notice(out: BinaryIO, sheet: Sheet) -> None:
    """Write the notice for the house of culture to `out`: one page whose symbol is the site's address, of no card.

    Raises `LetterMissing` for a letter that the typeface lacks, `ValueError` for another format.
    """
    if sheet.format.face != "notice":
        raise ValueError(f"{sheet.format.name} is no notice")
    picture = plain_picture(site_link(sheet.public_url))
    face = NoticeFace(sheet, privacy_paragraphs(sheet))
    _Book(out, sheet, NOTICE_TITLE).draw([None], face, lambda _cell: picture, lambda _some: "")


def draw_outlines(out: BinaryIO, sheet: Sheet) -> None:
    """Write one page to `out` with the edges of a sheet's cells, its marks and its ruler, and no code: to be laid
    against the stock before anything is printed on that. Raises `LetterMissing`."""
    book = _Book(out, replace(sheet, backs=False), OUTLINE)
    book.draw([None] * sheet.format.places, OutlineFace(sheet), None, lambda _some: OUTLINE)


def draw_member_cards(
    out: BinaryIO, members: Sequence[MemberCard], sheet: Sheet, on_page: OnPage | None = None
) -> None:
    """Write a PDF of sign-in cards to `out`, in a format of cards without backs; otherwise like `draw_sheets`.

    Raises `LetterMissing` for a letter that the typeface lacks, `ValueError` for another format, nobody or no code.
    """
    if sheet.format.face != "card" or sheet.backs:
        raise ValueError(f"sign-in cards are cards without backs, not {sheet.format.name}")
    for member in members:
        checked(member.name)
        checked(member.role)
    paths = {member.office: OFFICE_ENROLL_PATH if member.office else ENROLL_PATH for member in members}
    symbols = {office: Symbols(sheet.public_url + path, "M") for office, path in paths.items()}
    book = _Book(out, sheet, MEMBER_TITLE)
    face = MemberFace(sheet)
    book.draw(
        members, face, lambda one: symbols[one.office].picture(one.code), lambda some: f"{len(some)} thẻ", on_page
    )


def _serials(some: Sequence[PrintedCard]) -> str:
    first, last = serial_text(some[0].serial), f"{some[-1].serial:03d}"
    return first if len(some) == 1 else f"{first}–{last}"


class _Book:
    """One file while it is drawn."""

    def __init__(self, out: BinaryIO, sheet: Sheet, title: str) -> None:
        self.sheet = sheet
        self.trial = bool(trial_reasons(sheet.public_url, sheet.format))
        checked(sheet.place)  # also reads the typeface, which the canvas starts with
        self.canvas = Canvas(
            out,
            pagesize=(PAGE_WIDTH * mm, PAGE_HEIGHT * mm),
            pageCompression=1,
            invariant=1,
            initialFontName=REGULAR,  # type: ignore[arg-type]  # typeshed says a number
            lang="vi-VN",
        )
        self.canvas.setTitle(f"{title} – {sheet.place}")
        self.canvas.setAuthor("Từng Nhà")
        self.canvas.setCreator("Từng Nhà")
        self.canvas.setViewerPreference("PrintScaling", "None")
        if sheet.backs:
            self.canvas.setViewerPreference("Duplex", "DuplexFlipLongEdge")
        self.page_pen = Pen(self.canvas, PAGE_HEIGHT)
        self.cell_pen = Pen(self.canvas, sheet.format.height)

    def draw(
        self,
        cells: Sequence[Cell],
        face: Face[Cell],
        picture: Callable[[Cell], Picture] | None,
        which: Callable[[Sequence[Cell]], str],
        on_page: OnPage | None = None,
        page: int | None = None,
    ) -> None:
        """Draw all pages, or this one of them, and write the file."""
        if not cells:
            raise ValueError("no cards to draw")
        self._prepare(face)
        layout = self.sheet.format
        sheets = [cells[start : start + layout.places] for start in range(0, len(cells), layout.places)]
        sides = 2 if self.sheet.backs else 1
        pages = len(sheets) * sides
        if page is not None and not 1 <= page <= pages:
            raise ValueError(f"no page {page} of {pages}")
        tell = on_page or (lambda _done, _of: None)
        for number in range(1, pages + 1) if page is None else [page]:
            some = sheets[(number - 1) // sides]
            name = f"Tờ {(number - 1) // sides + 1}/{len(sheets)}"
            if sides == 2 and number % 2 == 0:
                self._begin(self.sheet.place, f"Mặt sau · {name}")
                self._back(len(some))
            else:
                self._begin(self.sheet.place, " · ".join(filter(None, [name, which(some)])))
                self._front(some, face, picture)
            self.canvas.showPage()
            tell(number, pages)
        self.canvas.save()

    def _prepare(self, face: Face[Cell]) -> None:
        """What every cell and every sheet shares is in the file once."""
        self.canvas.beginForm(_RIM, 0, 0, PAGE_WIDTH * mm, PAGE_HEIGHT * mm)
        draw_marks(self.page_pen, self.sheet.format)
        draw_ruler(self.page_pen)
        self.canvas.endForm()
        sides: dict[str, Face[Cell]] = {_FRONT: face}
        if self.sheet.backs:
            sides[_BACK] = BackFace(self.sheet)
        for name, side in sides.items():
            self.canvas.beginForm(name, 0, 0, self.sheet.format.width * mm, self.sheet.format.height * mm)
            side.draw_same(self.cell_pen)
            self.canvas.endForm()

    def _begin(self, left: str, right: str) -> None:
        """Correct the printer, then draw the rim."""
        sheet, canvas = self.sheet, self.canvas
        shift_x = PAGE_WIDTH / 2 * (1 - sheet.scale) + sheet.offset_x_mm
        shift_y = PAGE_HEIGHT / 2 * (1 - sheet.scale) - sheet.offset_y_mm
        canvas.transform(sheet.scale, 0, 0, sheet.scale, shift_x * mm, shift_y * mm)
        canvas.doForm(_RIM)
        draw_heading(self.page_pen, sheet.format, left, right, self.trial)

    def _front(self, some: Sequence[Cell], face: Face[Cell], picture: Callable[[Cell], Picture] | None) -> None:
        for place, cell in enumerate(some):
            self._enter(self.sheet.format.corner(place))
            self.canvas.doForm(_FRONT)
            face.draw_own(self.cell_pen, cell)
            if picture is not None:
                self._symbol(face.symbol_at, picture(cell))
            self.canvas.restoreState()

    def _back(self, count: int) -> None:
        for place in range(count):
            self._enter(self.sheet.format.back_corner(place))
            self.canvas.doForm(_BACK)
            self.canvas.restoreState()

    def _enter(self, corner: tuple[float, float]) -> None:
        x, y = corner
        self.canvas.saveState()
        self.canvas.translate(x * mm, (PAGE_HEIGHT - y - self.sheet.format.height) * mm)

    def _symbol(self, at: tuple[float, float], picture: Picture) -> None:
        """One filled path in raw operators: a call for each rectangle costs four times as much."""
        left, down = at
        module = self.sheet.format.qr_side * mm / picture.side
        top = (self.sheet.format.height - down) * mm
        path = " ".join(f"{x} {y} {width} {height} re" for x, y, width, height in picture.figures)
        self.canvas.addLiteral(f"q {module:.5f} 0 0 {-module:.5f} {left * mm:.4f} {top:.4f} cm {path} f Q")
