"""Figures and times of a report in the words that people read, on the office's pages and in files."""

from datetime import datetime
from fractions import Fraction

from survey.coverage import CriterionCoverage
from survey.criteria import Result
from survey.field_words import RESULT_WORDS
from survey.records import Attestation
from survey.times import vietnam_time
from survey.vietnamese import format_date, format_number, format_percent

RESULT_MARKS = {Result.MET: "✓", Result.NOT_MET: "✗", Result.NOT_ENOUGH_DATA: "…", Result.NOT_APPLICABLE: "–"}
MISSING_WORDS = {"residents": "người", "households": "hộ", "businesses": "cơ sở kinh doanh", "items": "mục"}
NOT_SURE = ", chưa chắc"


def moment(at: datetime | None) -> str:
    """ "09:05 26/11/2026" in Vietnam's time; empty for None."""
    if at is None:
        return ""
    local = _local(at)
    return f"{local:%H:%M} {format_date(local.date())}"


def day(at: datetime | None) -> str:
    """ "26/11/2026" in Vietnam; empty for None."""
    return "" if at is None else format_date(_local(at).date())


def _local(at: datetime) -> datetime:
    try:
        return vietnam_time(at)
    except OverflowError:  # a device's clock at the very end of time
        return at


def rate(line: CriterionCoverage) -> str:
    """A criterion's present figure: "94,4 %", a count, or what was attested."""
    if line.kind == "ratio":
        return format_percent(line.rate) if line.rate is not None else "chưa có số liệu"
    if line.numerator is None:
        return "chưa xác nhận"
    if line.kind == "boolean" and line.denominator is None:
        return "Có" if line.numerator else "Không"
    return format_number(line.numerator)


def threshold(line: CriterionCoverage) -> str:
    """What the document asks for: "≥ 80 %"; "có" for a yes/no item, empty where it names no figure."""
    if line.kind == "boolean":
        return "có"
    if line.threshold is None:
        return ""
    number = line.threshold.replace(".", ",")
    sign = "=" if line.comparator == "=" else "≥"
    return f"{sign} {number} %" if line.kind == "ratio" else f"{sign} {number}"


def counted(line: CriterionCoverage) -> str:
    """What the rate is made of, in words: "302 trên 320 người trưởng thành"; empty for what is no ratio."""
    if line.kind != "ratio" or not line.denominator:
        return ""
    part, whole = format_number(line.numerator or 0), format_number(line.denominator)
    return f"{part} trên {whole} {line.denominator_name}"


def lowest(line: CriterionCoverage) -> str:
    """ "76,4 %": the rate if all that is hidden were a no; empty where nothing is hidden."""
    return format_percent(line.lowest) if line.hidden and line.lowest is not None else ""


def hidden(line: CriterionCoverage) -> str:
    """What hides behind the rate: "12 câu không rõ, khoảng 20 người lớn ở nhà không gặp"; empty for nothing."""
    parts = []
    if line.kind == "ratio" and line.unknown:
        parts.append(f"{format_number(line.unknown)} câu không rõ")
    if line.kind == "ratio" and line.away:
        parts.append(f"khoảng {format_number(line.away)} {line.denominator_name} ở nhà không gặp")
    return ", ".join(parts)


def result(line: CriterionCoverage) -> str:
    """ "Đạt", or "Đạt, chưa chắc" where what is hidden could change it."""
    return f"{RESULT_WORDS[line.result]}{NOT_SURE if line.is_narrow else ''}"


def signed(change: int) -> str:
    """A change with its sign: "+1.204", "−3", "0"."""
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return sign + format_number(abs(change))


def share(part: int, whole: int) -> str:
    """The share as a percentage, "0 %" of nothing."""
    return format_percent(Fraction(part, whole)) if whole else "0 %"


def change_words(now: CriterionCoverage, before: CriterionCoverage | None) -> str:
    """ "+1,4 điểm": how a rate changed in percentage points, or a count of villages; empty where it can't be said."""
    if before is None or before.kind != now.kind or before.title != now.title:
        return ""
    if now.kind != "ratio":
        return signed((now.numerator or 0) - (before.numerator or 0))
    if now.rate is None or before.rate is None:
        return ""
    tenths = round((now.rate - before.rate) * 1000)
    if not tenths:
        return "0"
    whole, rest = divmod(abs(tenths), 10)
    return f"{signed(tenths)[:1]}{whole},{rest} điểm"


def attested_value(said: Attestation) -> str:
    """What was attested, in a word: "có", "không", "3", "không áp dụng"."""
    if said.not_applicable:
        return "không áp dụng"
    if said.value is None:
        return "chưa xác nhận"
    if isinstance(said.value, bool):
        return "có" if said.value else "không"
    return format_number(said.value)
