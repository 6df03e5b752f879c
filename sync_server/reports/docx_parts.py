"""What python-docx leaves to be done by hand: fonts without themes, fields, lines, cells without borders."""

from collections.abc import Iterable
from typing import Any

from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from sync_server.reports.cells import unbroken

FONT = "Times New Roman"
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def element(tag: str, **attributes: str) -> Any:
    """An element of WordprocessingML, its attributes in the same name space."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def set_up_styles(document: DocxDocument, size: float) -> None:
    """Times New Roman and Vietnamese everywhere: a theme's font would win over the name."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)
    for language in properties.findall(qn("w:lang")):
        properties.remove(language)
    properties.append(element("lang", val="vi-VN", eastAsia="vi-VN"))
    style.paragraph_format.space_after = Pt(0)


def write(
    paragraph: Paragraph, text: str, *, size: float = 14, bold: bool = False, italic: bool = False, align: Any = None
) -> Paragraph:
    """Add a run; a line break for each new line."""
    if align is not None:
        paragraph.alignment = align
    for number, line in enumerate(unbroken(text).split("\n")):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text(line)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def line_below(paragraph: Paragraph, left: float, right: float) -> None:
    """A solid line under the paragraph, indented by so many mm: underlining would run through the dot of ạ."""
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Mm(left), Mm(right)
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz="6", space="1", color="000000"))
    paragraph._p.get_or_add_pPr().append(borders)


def page_number(section: Section) -> None:
    """The page's number in the middle of the top margin, not on the first page."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        if kind:
            run._r.append(element("fldChar", fldCharType=kind))
        else:
            field = element("instrText")
            field.set(qn("xml:space"), "preserve")
            field.text = text
            run._r.append(field)


def count_from_one(section: Section) -> None:
    """Count the pages of this section anew."""
    section._sectPr.append(element("pgNumType", start="1"))


def plain_table(document: DocxDocument, widths: Iterable[float], rows: int) -> DocxTable:
    """A table without borders whose columns have these widths in mm. Both the grid and the cells say so: one program
    reads the one, one the other."""
    sizes = list(widths)
    table: DocxTable = document.add_table(rows, len(sizes))
    fix_widths(table, sizes)
    return table


def fix_widths(table: DocxTable, widths: list[float]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for place, cell in enumerate(cells_of(table)):
        cell.width = Mm(widths[place % len(widths)])


def cells_of(table: DocxTable) -> list[_Cell]:
    """All cells of a table without merged ones, row by row: a row's own list is made anew from the whole table."""
    return [_Cell(cell, table) for row in table._tbl.tr_lst for cell in row.tc_lst]


def repeat_on_each_page(table: DocxTable) -> None:
    """The first row is a heading; no row is cut by a page's end."""
    rows = table._tbl.tr_lst
    rows[0].get_or_add_trPr().append(element("tblHeader"))
    for row in rows:
        row.get_or_add_trPr().append(element("cantSplit"))


def tight(cell: _Cell, text: str, size: float, *, bold: bool = False, align: Any = None) -> None:
    """Write into a cell's first paragraph."""
    write(cell.paragraphs[0], text, size=size, bold=bold, align=align)
