"""What the tables of all formats share: words for figures, and texts that no spreadsheet takes for a formula."""

from survey.reports import Report
from survey.times import vietnam_time
from survey.vietnamese import format_date

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """The text for a file without types: one that a spreadsheet would take for a formula gets a leading apostrophe."""
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def unbroken(text: str) -> str:
    """The text with its figures kept on one line: "≥ 70 %"."""
    return text.replace(" %", "\u00a0%").replace("≥ ", "≥\u00a0").replace("= ", "=\u00a0")


def title_of(report: Report) -> str:
    """ "Kết quả theo bộ tiêu chí – xã Nguyệt Đức – quý IV năm 2026"."""
    commune = report.coverage.commune
    about = report.period.title if report.period else "số liệu hiện nay"
    return f"Kết quả theo bộ tiêu chí – {commune.kind} {commune.name} – {about}"


def state_of(report: Report) -> str:
    """Whether this is signed, and what the figures hold: one sentence for the top of a file."""
    at = vietnam_time(report.taken_at)
    moment = f"{at:%H:%M} ngày {format_date(at.date())}"
    if report.number is None:
        return f"Số liệu trên máy chủ lúc {moment}. Bản xem, chưa ký."
    assert report.period is not None
    if at.date() <= report.period.ends_on:
        return f"Phiếu ghi đến lúc chốt, {moment}."
    return f"Phiếu ghi đến hết ngày {format_date(report.period.ends_on)}, chốt lúc {moment}."
