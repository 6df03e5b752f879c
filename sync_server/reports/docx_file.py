"""A report as a Word document in the form of Nghị định 30/2020/NĐ-CP, Phụ lục I; edited and numbered by the office."""

from datetime import UTC
from io import BytesIO

import docx
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Mm, Pt

from survey.reports import Report
from sync_server.reports import docx_parts as part
from sync_server.reports.blocks import Block, Document, Heading, Item, Paragraph, Table
from sync_server.reports.cells import title_of
from sync_server.reports.document import document_of
from sync_server.reports.letterhead import KIND, MOTTO, NATION, Lines, lines_of

_PORTRAIT, _LANDSCAPE = (210, 297), (297, 210)
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15
_HEAD_WIDTHS = (70.0, 95.0)
_NATION_SIDE, _MOTTO_SIDE = 12, 17
"""How many mm are left beside the line under the issuer, and beside the one under the motto, in their columns."""
_SIGNATURE_MM = 30


def as_docx(report: Report, full_hash: str = "") -> bytes:
    """The bytes of a DOCX."""
    said, letterhead = document_of(report, full_hash), lines_of(report.letterhead)
    document = docx.Document()
    _describe(document, report)
    part.set_up_styles(document, 14)
    section = document.sections[0]
    _page(section, _PORTRAIT)
    part.page_number(section)
    _head(document, letterhead)
    _title(document, said, letterhead)
    for block in said.body:
        _block(document, block, _width(_PORTRAIT), text_size=14, table_size=12)
    _foot(document, letterhead)
    _appendix(document, said, letterhead)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _describe(document: DocxDocument, report: Report) -> None:
    about = document.core_properties
    about.title, about.author, about.language = title_of(report), "Từng Nhà", "vi-VN"
    about.created = about.modified = report.taken_at.astimezone(UTC).replace(tzinfo=None)
    about.last_modified_by, about.comments, about.revision = "", "", 1


def _page(section: docx.section.Section, size: tuple[int, int]) -> None:
    section.page_width, section.page_height = Mm(size[0]), Mm(size[1])
    section.orientation = WD_ORIENT.LANDSCAPE if size == _LANDSCAPE else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance, section.footer_distance = Mm(10), Mm(10)


def _width(size: tuple[int, int]) -> float:
    return size[0] - _LEFT - _RIGHT


def _head(document: DocxDocument, letterhead: Lines) -> None:
    table = part.plain_table(document, _HEAD_WIDTHS, 2)
    left, right = table.rows[0].cells
    if letterhead.parent:
        part.tight(left, letterhead.parent, 12, align=part.CENTRE)
        left.add_paragraph()
    issuer = left.paragraphs[-1]
    part.write(issuer, "\n".join(letterhead.issuer), size=12, bold=True, align=part.CENTRE)
    part.line_below(left.add_paragraph(), _HEAD_WIDTHS[0] / 2 - _NATION_SIDE, _HEAD_WIDTHS[0] / 2 - _NATION_SIDE)
    part.tight(right, NATION, 12, bold=True, align=part.CENTRE)
    part.write(right.add_paragraph(), MOTTO, size=13, bold=True, align=part.CENTRE)
    part.line_below(right.add_paragraph(), _MOTTO_SIDE, _MOTTO_SIDE)
    for cell in (left, right):
        cell.paragraphs[-1].paragraph_format.line_spacing = Pt(3)
    number, date = table.rows[1].cells
    part.tight(number, letterhead.number, 13, align=part.CENTRE)
    write = part.write(date.paragraphs[0], letterhead.place_and_date, size=13, italic=True, align=part.CENTRE)
    for paragraph in (number.paragraphs[0], write):
        paragraph.paragraph_format.space_before = Pt(6)


def _title(document: DocxDocument, said: Document, letterhead: Lines) -> None:
    kind = part.write(document.add_paragraph(), KIND, bold=True, align=part.CENTRE)
    kind.paragraph_format.space_before = Pt(18)
    part.write(document.add_paragraph(), said.subject, bold=True, align=part.CENTRE)
    line = document.add_paragraph()
    part.line_below(line, 60, 60)
    line.paragraph_format.line_spacing, line.paragraph_format.space_after = Pt(3), Pt(12)
    if not letterhead.addressed_to:
        return
    many = len(letterhead.addressed_to) > 1
    to = "\n".join(f"- {one}" if many else one for one in letterhead.addressed_to)
    paragraph = part.write(document.add_paragraph(), "Kính gửi:" + ("\n" if many else " ") + to, align=part.CENTRE)
    paragraph.paragraph_format.space_after = Pt(12)


def _block(
    document: DocxDocument, block: Block, width: float, *, text_size: float, table_size: float, between: float = 6
) -> None:
    if isinstance(block, Table):
        _table(document, block, width, table_size - 1.5 * block.is_wide)
        return
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before = Pt(between)
    if isinstance(block, Heading):
        part.write(paragraph, block.text, size=text_size, bold=True)
        layout.keep_with_next = True
        layout.first_line_indent = Mm(10)
        return
    is_basis = isinstance(block, Paragraph) and block.is_legal_basis
    text = f"- {block.text}" if isinstance(block, Item) else block.text
    part.write(paragraph, text, size=text_size, italic=is_basis, align=part.JUSTIFIED)
    layout.first_line_indent = Mm(10)


def _table(document: DocxDocument, block: Table, width: float, size: float) -> None:
    table = document.add_table(len(block.rows) + 1, len(block.headings))
    table.style = "Table Grid"
    unit = width / sum(block.widths)
    part.fix_widths(table, [one * unit for one in block.widths])
    cells = iter(part.cells_of(table))
    for text in block.headings:
        part.tight(next(cells), text, size, bold=True, align=part.CENTRE)
    for place, texts in enumerate(block.rows, 1):
        is_sum = block.last_is_sum and place == len(block.rows)
        for column, text in enumerate(texts):
            align = part.CENTRE if column >= block.first_number else part.LEFT
            part.tight(next(cells), text, size, bold=is_sum, align=align)
    part.repeat_on_each_page(table)


def _foot(document: DocxDocument, letterhead: Lines) -> None:
    document.add_paragraph().paragraph_format.space_before = Pt(6)
    left, right = part.plain_table(document, _HEAD_WIDTHS, 1).rows[0].cells
    part.write(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for line in letterhead.recipients:
        part.write(left.add_paragraph(), f"- {line}", size=11)
    part.tight(right, "\n".join(letterhead.capacity), 13, bold=True, align=part.CENTRE)
    room = part.write(right.add_paragraph(), "", size=13)
    room.paragraph_format.space_after = Mm(_SIGNATURE_MM)
    part.write(right.add_paragraph(), letterhead.signer, bold=True, align=part.CENTRE)


def _appendix(document: DocxDocument, said: Document, letterhead: Lines) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, _LANDSCAPE)
    part.page_number(section)
    part.count_from_one(section)
    part.write(document.add_paragraph(), "Phụ lục", bold=True, align=part.CENTRE)
    part.write(document.add_paragraph(), said.appendix_title.upper(), size=13, bold=True, align=part.CENTRE)
    last = part.write(document.add_paragraph(), letterhead.attached_to, size=13, italic=True, align=part.CENTRE)
    last.paragraph_format.space_after = Pt(6)
    for block in said.appendix:
        _block(document, block, _width(_LANDSCAPE), text_size=12, table_size=11, between=2)
