"""The personal data impact assessment (Luật 91/2025/QH15 Điều 21) as a Word document, filled in with what the program
knows of itself. What only the commune can say is left as “[…]”.

The form of Nghị định 356/2025/NĐ-CP was not read; the headings are those that the law names.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
from docx.shared import Mm, Pt

from survey.criteria import CriteriaSet, form_for
from survey.records import Commune
from survey.times import vietnam_day
from survey.vietnamese import format_date
from sync_server.reports import docx_parts as part
from sync_server.reports.letterhead import MOTTO, NATION

_FORM, _HEADING = Path(__file__).parent / "impact.txt", "# "


def impact_assessment(
    commune: Commune, criteria: CriteriaSet, retention_months: int, audit_months: int, now: datetime
) -> bytes:
    """The bytes of a DOCX."""
    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.language = "Hồ sơ đánh giá tác động xử lý dữ liệu cá nhân", "Từng Nhà", "vi-VN"
    about.created = about.modified = now.astimezone(UTC).replace(tzinfo=None)
    part.set_up_styles(document, 13)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    part.page_number(section)
    for text, bold in ((NATION, True), (MOTTO, True), ("", False)):
        part.write(document.add_paragraph(), text, size=13, bold=bold, align=part.CENTRE)
    title = "HỒ SƠ ĐÁNH GIÁ TÁC ĐỘNG XỬ LÝ DỮ LIỆU CÁ NHÂN"
    part.write(document.add_paragraph(), title, size=14, bold=True, align=part.CENTRE)
    place = f"{commune.kind.capitalize()} {commune.name}, lập ngày {format_date(vietnam_day(now))}"
    part.write(document.add_paragraph(), place, size=13, italic=True, align=part.CENTRE)
    for line in _lines(commune, criteria, retention_months, audit_months):
        is_heading = line.startswith(_HEADING)
        align = part.LEFT if is_heading else part.JUSTIFIED
        text = line.removeprefix(_HEADING)
        paragraph = part.write(document.add_paragraph(), text, size=13, bold=is_heading, align=align)
        paragraph.paragraph_format.space_before = Pt(10 if is_heading else 4)
        paragraph.paragraph_format.keep_with_next = is_heading
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _lines(commune: Commune, criteria: CriteriaSet, retention_months: int, audit_months: int) -> list[str]:
    """The lines of the form with what is known put in; those of headings begin with "# "."""
    form = form_for(criteria)
    questions = [*(one.question for one in form.resident_questions), *form.household_questions]
    known = {
        "commune": f"{commune.kind} {commune.name}",
        "criteria": criteria.title,
        "document": criteria.document,
        "questions": "\n".join(f"- {one.asks}" for one in questions) or "- không có",
        "retention": retention_months,
        "audit": audit_months,
    }
    return _FORM.read_text(encoding="utf-8").format(**known).splitlines()
