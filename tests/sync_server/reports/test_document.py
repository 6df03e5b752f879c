"""The document: the form of Nghị định 30/2020, the same words in Word and PDF, every letter embedded."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.shared import Mm
from pypdf import PdfReader

from survey.periods import PeriodKind, Plan, ReportingPeriod
from survey.reports import EarlierReport, Report, Wording, check_code
from sync_server.reports.docx_file import as_docx
from sync_server.reports.letterhead import MOTTO, NATION, proposed
from sync_server.reports.pdf_file import as_pdf
from tests.builders import an_id
from tests.office_suite import converted

HASH = "3f0a91c277de4b15" * 4
PERIOD = ReportingPeriod(
    id=an_id(),
    kind=PeriodKind.QUARTER,
    title="quý IV năm 2026",
    starts_on=date(2026, 9, 15),
    ends_on=date(2026, 12, 14),
    plan=Plan(passed=5, rates={"1": "80.5"}),
)


@pytest.fixture(scope="module")
def signed(report: Report) -> Report:
    lower = [one.model_copy(update={"numerator": (one.numerator or 0) // 2}) for one in report.coverage.totals]
    earlier = EarlierReport(
        title="quý III năm 2026",
        code="A",
        ends_on=date(2026, 9, 14),
        passed=2,
        total=7,
        registered=9,
        surveyed=8,
        totals=lower,
    )
    head = proposed(report.coverage.commune).model_copy(
        update={"signer": "Nguyễn Thị Hạnh", "addressed_to": "Ủy ban nhân dân tỉnh Bắc Ninh"}
    )
    wording = Wording(
        shortcomings="Nhiều nhà đi làm xa.\nSóng yếu ở thôn Đinh Xá.", proposals="Đề nghị thêm trạm sóng."
    )
    more = {"period": PERIOD, "before": earlier, "letterhead": head, "wording": wording, "number": 3, "late": 4}
    return report.model_copy(update=more | {"taken_at": datetime(2026, 12, 16, 2, tzinfo=UTC)})


def words_of(pdf: bytes) -> str:
    """The texts of all pages, with single spaces. Readers of a PDF put spaces where lines end."""
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"[\s\u00a0]+", " ", text)


EXPECTED = (
    NATION,
    MOTTO,
    "ỦY BAN NHÂN DÂN",
    "XÃ NGUYỆT ĐỨC",
    "/BC-UBND",
    "Kính gửi: Ủy ban nhân dân tỉnh Bắc Ninh",
    "Kết quả thực hiện tiêu chí thôn thông minh quý IV năm 2026",
    "(kỳ báo cáo từ ngày 15/09/2026 đến hết ngày 14/12/2026)",
    "3 trên 7 thôn đạt (kế hoạch: 5 thôn; kỳ trước (quý III năm 2026): 2 trên 7 thôn)",
    "Đã khảo sát 38.031 trên 38.136 hộ (99,7 %)",
    "4 phiếu ghi sau ngày chốt được tính vào kỳ sau.",
    "80,5 %",
    "Nhiều nhà đi làm xa.",
    "III. ĐỀ XUẤT, KIẾN NGHỊ",
    "Nơi nhận:",
    "Nguyễn Thị Hạnh",
    "Phụ lục",
    f"Mã kiểm tra số liệu: {check_code(HASH)}./.",
)


def test_the_pdf_says_it_all_in_its_own_letters(signed: Report) -> None:
    pdf = as_pdf(signed, HASH)
    assert pdf == as_pdf(signed, HASH)
    words = words_of(pdf)
    for text in EXPECTED:
        assert text in words, text
    assert "BẢN XEM" not in words
    reader = PdfReader(BytesIO(pdf))
    upright, across = reader.pages[0].mediabox, reader.pages[-1].mediabox
    assert (round(upright.width), round(upright.height), round(across.width)) == (595, 842, 842)
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "Tinos" in font["/BaseFont"]
            assert "/FontFile2" in font["/FontDescriptor"]


def test_a_draft_says_so_on_every_page(report: Report) -> None:
    pages = PdfReader(BytesIO(as_pdf(report))).pages
    assert all("BẢN XEM, CHƯA KÝ" in page.extract_text() for page in pages)
    assert "Mã kiểm tra" not in words_of(as_pdf(report))


def test_the_word_file_has_the_decrees_measures(signed: Report) -> None:
    document = docx.Document(BytesIO(as_docx(signed, HASH)))
    body, appendix = document.sections
    for section, size in ((body, (210, 297)), (appendix, (297, 210))):
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        lengths = [length or 0 for length in (section.page_width, section.page_height, *margins)]
        assert [round(length / Mm(1)) for length in lengths] == [*size, 20, 20, 30, 15]
    assert document.core_properties.author == "Từng Nhà"
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert 'w:val="vi-VN"' in document.styles["Normal"].element.xml
    assert "heme" not in document.styles["Normal"].element.xml


@pytest.mark.slow
def test_an_office_suite_draws_the_word_file_as_meant(signed: Report, tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(as_docx(signed, HASH))
    pdf = converted(file, "pdf").read_bytes()
    words = words_of(pdf)
    for text in EXPECTED:
        assert text in words, text
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == len(PdfReader(BytesIO(as_pdf(signed, HASH))).pages) == 4
    fonts = {str(font["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}
    assert all("Liberation" in font or "Times" in font for font in fonts), fonts


def test_nothing_is_lost_of_long_and_odd_texts(signed: Report) -> None:
    """A wording of many lines, signs that a mark-up would take for its own, letters of the smaller peoples."""
    odd = 'Ksor H\'Yŏn, Rơ Chăm Ƀyơ <b>&amp; "9 < 10"; Y Ê̆m'
    wording = Wording(shortcomings="\n".join([odd] * 70))
    words = words_of(as_pdf(signed.model_copy(update={"wording": wording}), HASH))
    assert words.count("<b>&amp;") == 70
    made = docx.Document(BytesIO(as_docx(signed.model_copy(update={"wording": wording}), HASH)))
    assert sum(paragraph.text == odd for paragraph in made.paragraphs) == 70
