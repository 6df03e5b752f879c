"""The same document as a PDF, its letters embedded: what is looked at, printed and kept at the signing."""

import re
import unicodedata
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Words
from reportlab.platypus import Table as Grid

from survey.reports import Report
from sync_server.reports.blocks import Block, Document, Heading, Item, Paragraph, Table
from sync_server.reports.cells import title_of, unbroken
from sync_server.reports.document import document_of
from sync_server.reports.letterhead import KIND, MOTTO, NATION, Lines, lines_of

FONT = "Tinos"
_FONTS = Path(__file__).parent / "fonts"
_FACES = {"Regular": FONT, "Bold": f"{FONT}-Bold", "Italic": f"{FONT}-Italic", "BoldItalic": f"{FONT}-BoldItalic"}
_TOP, _BOTTOM, _LEFT, _RIGHT = 20 * mm, 20 * mm, 30 * mm, 15 * mm
_HEAD_WIDTHS = (70 * mm, 95 * mm)
_SIGNATURE = 30 * mm
_ROOM_FOR_A_TABLE = 50 * mm
_GAP = re.compile("  +")
_registering = Lock()


def as_pdf(report: Report, full_hash: str = "") -> bytes:
    """The bytes of a PDF; the same report gives the same bytes."""
    _register()
    said, letterhead = document_of(report, full_hash), lines_of(report.letterhead)
    upright = A4[0] - _LEFT - _RIGHT
    across = landscape(A4)[0] - _LEFT - _RIGHT
    story: list[Flowable] = [*_head(letterhead), *_title(said, letterhead)]
    for block, following in zip(said.body, (*said.body[1:], None), strict=True):
        if isinstance(block, Heading) and isinstance(following, Table):
            # Kept with the whole table, a heading would take it to the next page and leave half of this one empty.
            story += [CondPageBreak(_ROOM_FOR_A_TABLE), _heading(block, 14)]
        else:
            story.append(_drawn(block, upright, 14, 12))
    story += [_foot(letterhead), NextPageTemplate(["appendix", "appendix more"]), PageBreak()]
    story += _appendix_head(said, letterhead)
    story += [_drawn(block, across, 12, 10.5) for block in said.appendix]
    made = BytesIO()
    pages = _Pages(made, said.is_draft, title=title_of(report), author="Từng Nhà", lang="vi-VN", invariant=1)
    pages.build(story)
    return made.getvalue()


@cache
def _register() -> None:
    with _registering:
        for face, name in _FACES.items():
            pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"Tinos-{face}.ttf"), asciiReadable=False))
        pdfmetrics.registerFontFamily(FONT, FONT, *list(_FACES.values())[1:])


class _Pages(BaseDocTemplate):
    """Upright pages, then those of the appendix across and counted anew; no number on the first page of either."""

    def __init__(self, made: BytesIO, is_draft: bool, **about: Any) -> None:
        super().__init__(made, pagesize=A4, initialFontName=FONT, **about)
        self.is_draft, self.number = is_draft, 0
        for name, size in (("body", A4), ("appendix", landscape(A4)), ("appendix more", landscape(A4))):
            width, height = size[0] - _LEFT - _RIGHT, size[1] - _TOP - _BOTTOM
            frame = Frame(_LEFT, _BOTTOM, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
            self.addPageTemplates(PageTemplate(name, [frame], onPage=self._mark, pagesize=size))

    def _mark(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        width, height = self.pageTemplate.pagesize
        self.number = 1 if self.pageTemplate.id == "appendix" else self.number + 1
        canvas.setFont(FONT, 13)
        if self.number > 1:
            canvas.drawCentredString(width / 2, height - 12 * mm, str(self.number))
        if self.is_draft:
            canvas.setFont(f"{FONT}-Bold", 13)
            canvas.drawRightString(width - _RIGHT, 10 * mm, "BẢN XEM, CHƯA KÝ")


@lru_cache(maxsize=256)
def _style(size: float, *, bold: bool = False, italic: bool = False, align: Any = 0, **more: Any) -> ParagraphStyle:
    face = _FACES[("Bold" if bold else "") + ("Italic" if italic else "") or "Regular"]
    return ParagraphStyle(
        f"{face}{size}{align}{more}",
        fontName=face,
        fontSize=size,
        leading=size * 1.2,
        alignment=align,
        **more,
    )


def _words(text: str, size: float, **look: Any) -> Words:
    kept = _GAP.sub(lambda gap: "\u00a0" * len(gap[0]), escape(unbroken(text)))  # room left for a hand to write
    # Placing marks costs ten times the rest; only letters such as ê̆ need it, which no single sign has.
    shaping = {"shaping": 1} if any(unicodedata.combining(letter) for letter in kept) else {}
    return Words(kept.replace("\n", "<br/>"), _style(size, **look, **shaping))


def _line(length: float) -> HRFlowable:
    return HRFlowable(length, thickness=0.7, color=black, spaceBefore=2, spaceAfter=0)


def _head(letterhead: Lines) -> list[Flowable]:
    centred: dict[str, Any] = {"align": TA_CENTER}
    left: list[Flowable] = [_words(letterhead.parent, 12, **centred)] if letterhead.parent else []
    left += [_words("\n".join(letterhead.issuer), 12, bold=True, **centred), _line(24 * mm)]
    right = [_words(NATION, 12, bold=True, **centred), _words(MOTTO, 13, bold=True, **centred), _line(58 * mm)]
    number = _words(letterhead.number, 13, **centred)
    date = _words(letterhead.place_and_date, 13, italic=True, **centred)
    return [_bare([[left, right], [[Spacer(1, 6), number], [Spacer(1, 6), date]]])]


def _bare(cells: list[list[Any]], align: str = "CENTER") -> Grid:
    whole = (0, 0), (-1, -1)
    plain: list[Any] = [("VALIGN", *whole, "TOP"), ("ALIGN", *whole, align), ("FONTNAME", *whole, FONT)]
    plain += [("LEFTPADDING", *whole, 0), ("RIGHTPADDING", *whole, 0)]
    return Grid(cells, colWidths=_HEAD_WIDTHS, style=plain)


def _title(said: Document, letterhead: Lines) -> list[Flowable]:
    made: list[Flowable] = [Spacer(1, 18), _words(KIND, 14, bold=True, align=TA_CENTER)]
    made += [_words(said.subject, 14, bold=True, align=TA_CENTER), _line(45 * mm), Spacer(1, 12)]
    if letterhead.addressed_to:
        many = len(letterhead.addressed_to) > 1
        to = "\n".join(f"- {one}" if many else one for one in letterhead.addressed_to)
        made += [_words("Kính gửi:" + ("\n" if many else " ") + to, 14, align=TA_CENTER), Spacer(1, 12)]
    return made


def _appendix_head(said: Document, letterhead: Lines) -> list[Flowable]:
    return [
        _words("Phụ lục", 14, bold=True, align=TA_CENTER),
        _words(said.appendix_title.upper(), 13, bold=True, align=TA_CENTER),
        _words(letterhead.attached_to, 13, italic=True, align=TA_CENTER),
        Spacer(1, 6),
    ]


def _drawn(block: Block, width: float, size: float, table_size: float) -> Flowable:
    if isinstance(block, Table):
        return _table(block, width, table_size - 1.5 * block.is_wide)
    spaced: dict[str, Any] = {"spaceBefore": 6, "firstLineIndent": 10 * mm}
    if isinstance(block, Heading):
        return _heading(block, size, keepWithNext=1)
    is_basis = isinstance(block, Paragraph) and block.is_legal_basis
    text = f"- {block.text}" if isinstance(block, Item) else block.text
    return _words(text, size, italic=is_basis, align=TA_JUSTIFY, **spaced)


def _heading(block: Heading, size: float, **more: Any) -> Words:
    return _words(block.text, size, bold=True, spaceBefore=6, firstLineIndent=10 * mm, **more)


def _table(block: Table, width: float, size: float) -> Grid:
    unit = width / sum(block.widths)

    def cell(column: int, text: str, *, bold: bool = False) -> Words:
        return _words(text, size, bold=bold, align=TA_CENTER if bold or column >= block.first_number else 0)

    rows = [[cell(column, text, bold=True) for column, text in enumerate(block.headings)]]
    for place, texts in enumerate(block.rows, 1):
        is_sum = block.last_is_sum and place == len(block.rows)
        rows.append([cell(column, text, bold=is_sum) for column, text in enumerate(texts)])
    looks: list[Any] = [
        ("FONTNAME", (0, 0), (-1, -1), FONT),
        ("GRID", (0, 0), (-1, -1), 0.5, black),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Grid(rows, [one * unit for one in block.widths], style=looks, repeatRows=1, spaceBefore=6, splitInRow=0)


def _foot(letterhead: Lines) -> Flowable:
    left = [_words("Nơi nhận:", 12, bold=True, italic=True)]
    left += [_words(f"- {line}", 11) for line in letterhead.recipients]
    right: list[Flowable] = [_words("\n".join(letterhead.capacity), 13, bold=True, align=TA_CENTER)]
    right += [Spacer(1, _SIGNATURE), _words(letterhead.signer or " ", 14, bold=True, align=TA_CENTER)]
    return KeepTogether([Spacer(1, 12), _bare([[left, right]])])
