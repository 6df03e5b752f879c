"""A short text about a signed report, ready to be sent in a group: sums alone, nothing of a household."""

from survey.criteria import Result
from survey.figure_words import share
from survey.public_coverage import PublicCoverage
from survey.reports import Report, check_code
from survey.vietnamese import format_date, format_number, format_percent
from survey.villages import full_name
from sync_server.reports.public import public_of

_NAMED = 12


def passed_words(public: PublicCoverage) -> str:
    """ "8 trên 11 thôn đạt", or "ít nhất 5 …" where the exact number would tell of a hidden count."""
    if public.passed is None:
        return f"ít nhất {public.passed_at_least} trên {public.total} thôn đạt"
    return f"{public.passed} trên {public.total} thôn đạt"


def surveyed_words(public: PublicCoverage) -> str:
    """ "Đã khảo sát 1.816 trên 1.990 hộ (91,3 %)"."""
    met = f"{format_number(public.surveyed)} trên {format_number(public.registered)} hộ"
    return f"Đã khảo sát {met} ({share(public.surveyed, public.registered)})"


def up_to(report: Report) -> str:
    """Up to when the figures go: "đến hết ngày 14/12/2026"."""
    assert report.period is not None
    return f"đến hết ngày {format_date(report.period.ends_on)}"


def short_text(report: Report, full_hash: str) -> str:
    """A few lines for a Zalo group."""
    public, commune = public_of(report, announces_results=True), report.coverage.commune
    assert report.period is not None
    lines = [
        f"{commune.kind.upper()} {commune.name.upper()}: KẾT QUẢ THÔN THÔNG MINH {report.period.title.upper()}",
        f"{passed_words(public).capitalize()}.",
        f"{surveyed_words(public)}.",
    ]
    rates = [(one.title, one.rate) for one in public.criteria if one.kind == "ratio"]
    lines += [f"• {title}: {format_percent(rate)}" for title, rate in rates if rate is not None]
    passed = [full_name(one.village) for one in public.villages if one.result is Result.MET]
    if passed:
        more = f" và {len(passed) - _NAMED} thôn nữa" if len(passed) > _NAMED else ""
        lines.append(f"Đạt: {', '.join(passed[:_NAMED])}{more}.")
    lines.append(f"Số liệu {up_to(report)}, mã kiểm tra {check_code(full_hash)}.")
    return "\n".join(lines)
