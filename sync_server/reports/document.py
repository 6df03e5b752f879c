"""What a report's document says, block by block, in the order of a báo cáo under Nghị định 30/2020/NĐ-CP.

The writers of DOCX and PDF and the page that shows a draft draw the same blocks, so that they say the same.
"""

from collections.abc import Iterator
from math import ceil

from survey.coverage import CoverageReport, CriterionCoverage, shortfall
from survey.criteria import Result
from survey.field_words import RESULT_WORDS
from survey.figure_words import MISSING_WORDS, change_words, lowest, rate, share, threshold
from survey.printed_figures import read_printed
from survey.reports import Report, check_code
from survey.times import vietnam_day
from survey.vietnamese import format_date, format_number
from survey.villages import full_name
from sync_server.reports.blocks import Block, Document, Heading, Item, Paragraph, Table
from sync_server.reports.cells import state_of

MOST_CRITERIA = 10
"""As many columns of criteria as can be read across a page; more are spread over several tables."""
END = "./."


def document_of(report: Report, full_hash: str = "") -> Document:
    """The document of a report. `full_hash` is that of a signed one: its beginning is printed as the check code."""
    about = report.period.title if report.period else f"tính đến {_day(report)}"
    subject = f"Kết quả thực hiện tiêu chí thôn thông minh {about}"
    return Document(
        subject=subject,
        body=tuple(_body(report)),
        appendix_title=f"Kết quả từng thôn theo từng tiêu chí, {about}",
        appendix=tuple(_appendix(report, full_hash)),
        is_draft=report.number is None,
    )


def _body(report: Report) -> Iterator[Block]:
    criteria, commune = report.criteria_set, report.coverage.commune
    yield Paragraph(f"Căn cứ {criteria.document.rstrip('.;')}.", is_legal_basis=True)
    span = ""
    if report.period:
        first, last = format_date(report.period.starts_on), format_date(report.period.ends_on)
        span = f" (kỳ báo cáo từ ngày {first} đến hết ngày {last})"
    about = report.period.title if report.period else f"đến {_day(report)}"
    yield Paragraph(
        f"{commune.kind.capitalize()} {commune.name} báo cáo kết quả thực hiện tiêu chí thôn thông minh "
        f"{about}{span} như sau:"
    )
    if report.replaces:
        old = report.replaces
        yield Paragraph(
            f"Báo cáo này thay báo cáo lần {old.number} (mã kiểm tra {old.code}). Lý do: {old.reason.rstrip('.')}."
        )
    yield Heading("I. KẾT QUẢ")
    yield Heading("1. Kết quả chung", 2)
    yield Paragraph(_passed(report))
    yield Paragraph(_surveyed(report))
    yield Heading("2. Kết quả theo từng tiêu chí", 2)
    yield _criteria_table(report)
    yield Paragraph("Số liệu từng thôn nêu tại Phụ lục kèm theo.")
    if report.wording.printed.strip():
        yield Heading("3. Số đã công bố, tính lại", 2)
        yield _printed_table(report)
    yield Heading("II. TỒN TẠI, NGUYÊN NHÂN")
    yield from _shortcomings(report)
    yield from _paragraphs(report.wording.shortcomings)
    parts = (("PHƯƠNG HƯỚNG", report.wording.next_steps), ("ĐỀ XUẤT, KIẾN NGHỊ", report.wording.proposals))
    for number, (title, text) in zip(("III", "IV"), [one for one in parts if one[1].strip()], strict=False):
        yield Heading(f"{number}. {title}")
        yield from _paragraphs(text)
    commune_name = f"{commune.kind} {commune.name}"
    yield Paragraph(f"Trên đây là báo cáo kết quả thực hiện tiêu chí thôn thông minh của {commune_name}{END}")


def _paragraphs(text: str) -> Iterator[Block]:
    for line in text.splitlines():
        if line.strip():
            yield Paragraph(" ".join(line.split()))


def _passed(report: Report) -> str:
    coverage = report.coverage
    asides = []
    if report.period and report.period.plan.passed is not None:
        asides.append(f"kế hoạch: {format_number(report.period.plan.passed)} thôn")
    if report.before:
        asides.append(f"kỳ trước ({report.before.title}): {report.before.passed} trên {report.before.total} thôn")
    beside = f" ({'; '.join(asides)})" if asides else ""
    return f"Đến {_day(report)}, {coverage.passed} trên {coverage.total} thôn đạt{beside}."


def _surveyed(report: Report) -> str:
    coverage = report.coverage
    refused, absent = coverage.visited - coverage.surveyed, sum(one.absent for one in coverage.villages)
    rest = coverage.registered - coverage.visited - absent
    said = (
        f"Đã khảo sát {format_number(coverage.surveyed)} trên {format_number(coverage.registered)} hộ "
        f"({share(coverage.surveyed, coverage.registered)}); {format_number(refused)} hộ từ chối, "
        f"{format_number(absent)} hộ đã đến mà vắng nhà, {format_number(rest)} hộ chưa đến."
    )
    late = f" {format_number(report.late)} phiếu ghi sau ngày chốt được tính vào kỳ sau." if report.late else ""
    return said + late


def _criteria_table(report: Report) -> Table:
    """Each criterion of the commune: needed, planned, now, before, and the change in points."""
    plan = report.period.plan.rates if report.period else {}
    before = {line.no: line for line in report.before.totals} if report.before else {}
    headings = ["Tiêu chí", "Cần", "Kết quả", "Số đã tính", "Chưa biết", "Nếu đều là chưa có"]
    widths = [66, 18, 20, 42, 16, 20]
    if plan:
        headings.append("Kế hoạch")
        widths.append(22)
    if before:
        headings += ["Kỳ trước", "Tăng, giảm"]
        widths += [22, 26]
    rows = []
    for line in report.coverage.totals:
        cells = [f"{line.no}. {line.title}", threshold(line), _said(line), _counted(line)]
        cells += [format_number(line.hidden) if line.hidden else "", lowest(line)]
        if plan:
            planned = plan.get(line.no)
            cells.append(f"{planned.replace('.', ',')} %" if planned else "")
        if before:
            earlier = before.get(line.no)
            cells += [_said(earlier) if earlier else "", change_words(line, earlier)]
        rows.append(tuple(cells))
    return Table(tuple(headings), tuple(rows), tuple(widths), 1)


def _printed_table(report: Report) -> Table:
    """Figures that earlier papers printed, beside what their numbers give."""
    rows = [
        (
            one.what,
            f"{format_number(one.part)} trên {format_number(one.whole)}",
            one.printed_words,
            one.exact_words,
            one.said,
        )
        for one in read_printed(report.wording.printed)
    ]
    headings = ("Số liệu", "Tử số, mẫu số", "Đã in", "Tính lại", "Nhận xét")
    return Table(headings, tuple(rows), (60, 40, 22, 22, 30), 1)


def _said(line: CriterionCoverage) -> str:
    """A commune's figure: a rate, or how many villages meet an item."""
    return rate(line) if line.kind == "ratio" else f"{line.numerator} trên {line.denominator} thôn"


def _counted(line: CriterionCoverage) -> str:
    if line.kind != "ratio" or not line.denominator:
        return ""
    return f"{format_number(line.numerator or 0)} trên {format_number(line.denominator)} {line.denominator_name}"


def _shortcomings(report: Report) -> Iterator[Block]:
    """Each village that does not pass, with what it still needs, the nearest first."""
    open_ones = [one for one in report.coverage.villages if one.result is not Result.MET]
    if not open_ones:
        yield Paragraph("Tất cả các thôn đều đạt.")
        return
    yield Paragraph(f"{len(open_ones)} thôn chưa đạt hoặc chưa đủ dữ liệu:")
    for village in sorted(open_ones, key=lambda one: sum(missing.count for missing in shortfall(one))):
        name = full_name(village.village)
        yield Item(f"{name[:1].upper()}{name[1:]}: {_missing(village)}")


def _missing(village: CoverageReport) -> str:
    """What the village still needs, the smallest count first; items that need the same are named together."""
    parts: dict[str, list[str]] = {}
    for one in shortfall(village):
        what = f"{format_number(one.count)} {MISSING_WORDS[one.of]}"
        if one.result is not Result.NOT_ENOUGH_DATA:
            words = f"còn thiếu {what}"
        elif one.of == "items":
            words = "chưa xác nhận"
        else:
            words = f"cần hỏi thêm {what}" if one.count else "chưa có số liệu"
        parts.setdefault(words, []).append(one.no)
    said = "; ".join(f"{words} (mục {', '.join(items)})" for words, items in parts.items())
    return f"{said or RESULT_WORDS[village.result].lower()}."


def _appendix(report: Report, full_hash: str) -> Iterator[Block]:
    yield Paragraph(state_of(report))
    lines = report.coverage.totals
    tables = max(1, ceil(len(lines) / MOST_CRITERIA))
    size = max(1, ceil(len(lines) / tables))
    for first in range(0, max(len(lines), 1), size):
        yield _villages_table(report, lines[first : first + size])
    for line in lines:
        needed = threshold(line)
        yield Item(f"Mục {line.no}: {line.title}{f' (cần {needed})' if needed else ''}.")
    yield Paragraph(
        "Ô tỷ lệ ghi: tỷ lệ, rồi tử số/mẫu số. Câu trả lời “không rõ” và người ở những nhà không gặp (vắng, từ chối, "
        "chuyển đi hay bỏ trống trong đợt) không nằm trong mẫu số; dòng cuối, sau dấu ≥, là tỷ lệ nếu tất cả đều là "
        "chưa có, có dấu hỏi nếu khi đó thì không đạt."
    )
    if full_hash:
        where = f", đối chiếu tại {report.check_at}" if report.check_at else ""
        yield Paragraph(f"Mã kiểm tra số liệu: {check_code(full_hash)}{where}{END}")
    else:
        yield Paragraph(f"Bản xem, chưa ký{END}")


def _villages_table(report: Report, lines: list[CriterionCoverage]) -> Table:
    numbers = [line.no for line in lines]
    headings = ("Thôn", "Số hộ", "Đã khảo sát", *(f"Mục {no}" for no in numbers), "Kết quả")
    rows = []
    for village in report.coverage.villages:
        own = {line.no: line for line in village.criteria}
        figures = [_village_figure(own[no]) if no in own else "" for no in numbers]
        rows.append(
            (
                full_name(village.village),
                format_number(village.registered),
                format_number(village.surveyed),
                *figures,
                RESULT_WORDS[village.result],
            )
        )
    coverage = report.coverage
    totals = [_total_figure(line) for line in lines]
    passed = f"{coverage.passed} trên {coverage.total} thôn đạt"
    sums = (format_number(coverage.registered), format_number(coverage.surveyed), *totals, passed)
    rows.append((f"Toàn {coverage.commune.kind}", *sums))
    return Table(headings, tuple(rows), (32, 14, 14, *[19] * len(numbers), 22), 1, last_is_sum=True)


def _village_figure(line: CriterionCoverage) -> str:
    if line.kind != "ratio" or not line.denominator:
        return rate(line) if line.result is not Result.NOT_APPLICABLE else "không áp dụng"
    figure = f"{rate(line)}\n{format_number(line.numerator or 0)}/{format_number(line.denominator)}"
    return f"{figure}\n≥ {lowest(line)}{' ?' if line.is_narrow else ''}" if lowest(line) else figure


def _total_figure(line: CriterionCoverage) -> str:
    return _village_figure(line) if line.kind == "ratio" else _said(line)


def _day(report: Report) -> str:
    """The day that the figures go up to: the cut-off, or today where that is still to come."""
    today = vietnam_day(report.taken_at)
    if report.period and report.period.ends_on <= today:
        return f"hết ngày {format_date(report.period.ends_on)}"
    return f"ngày {format_date(today)}"
