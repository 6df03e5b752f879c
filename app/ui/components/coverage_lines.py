"""A criterion's figures in words: numerator over a named denominator, never a percentage alone."""

from fractions import Fraction

import flet as ft

from app.ui import theme
from app.ui.texts import Texts, later
from survey.coverage import CoverageReport, CriterionCoverage, Met, Missing
from survey.criteria import Result
from survey.field_words import RESULT_WORDS

_ICONS = {
    Result.MET: ft.Icons.CHECK_CIRCLE,
    Result.NOT_MET: ft.Icons.CANCEL,
    Result.NOT_ENOUGH_DATA: ft.Icons.HELP_OUTLINE,
    Result.NOT_APPLICABLE: ft.Icons.REMOVE_CIRCLE_OUTLINE,
}
_MISSING_WORDS = {
    "residents": later("{count} người"),
    "households": later("{count} hộ"),
    "businesses": later("{count} cơ sở kinh doanh"),
    "items": later("{count} mục"),
}


def result_colour(result: Result) -> ft.Colors:
    """The colour of a result. It never stands alone: an icon or a word says the same."""
    if result is Result.MET:
        return ft.Colors.PRIMARY
    return ft.Colors.ERROR if result is Result.NOT_MET else ft.Colors.ON_SURFACE_VARIANT


def result_badge(t: Texts, result: Result, *, size: int = theme.BODY) -> ft.Control:
    colour = result_colour(result)
    return ft.Row(
        [
            ft.Icon(_ICONS[result], size=size + 4, color=colour),
            ft.Text(t(RESULT_WORDS[result]), size=size, color=colour, weight=ft.FontWeight.W_600),
        ],
        spacing=6,
        tight=True,
    )


def result_icon(t: Texts, result: Result) -> ft.Control:
    return ft.Icon(_ICONS[result], size=18, color=result_colour(result), semantics_label=t(RESULT_WORDS[result]))


def figures(t: Texts, line: CriterionCoverage) -> str:
    """A criterion's figures: "310/402 người trong độ tuổi lao động = 77,1 %", or what was attested."""
    if line.kind != "ratio":
        if line.numerator is None:
            return t("Chưa ai xác nhận")
        if line.kind == "boolean" and line.denominator is None:
            return t("Có") if line.numerator else t("Không có")
        return t.number(line.numerator)
    if not line.denominator:
        return t("Chưa có số liệu")
    parts = {
        "numerator": t.number(line.numerator or 0),
        "denominator": t.number(line.denominator),
        "who": t(line.denominator_name),
        "percent": percent(t, line),
    }
    return t("{numerator}/{denominator} {who} = {percent}", **parts)


def percent(t: Texts, line: CriterionCoverage) -> str:
    """The rate as a percentage; empty if the denominator is zero."""
    return t.percent(line.rate) if line.rate is not None else ""


def needed(t: Texts, line: CriterionCoverage) -> str:
    """The threshold that the document asks for: "cần từ 70 %"."""
    if line.kind == "boolean":
        return t("cần có")
    if line.threshold is None:
        return t("văn bản chưa nêu rõ mức")
    number = t.decimal(line.threshold)
    if line.kind == "count":
        return t("cần ít nhất {number}", number=number)
    return t("cần đúng {number} %", number=number) if line.comparator == "=" else t("cần từ {number} %", number=number)


def missing_words(t: Texts, missing: Missing) -> str:
    """One sentence of the shortfall: what is needed to pass this criterion."""
    many = t(_MISSING_WORDS[missing.of], count=t.number(missing.count))
    if missing.result is Result.NOT_ENOUGH_DATA:
        if missing.of == "items":
            return t("Thôn chưa xác nhận: {title}", title=t(missing.title))
        return t("Cần hỏi thêm {many}: {title}", many=many, title=t(missing.title))
    return t("Còn thiếu {many}: {title}", many=many, title=t(missing.title))


def criterion_card(t: Texts, line: CriterionCoverage) -> ft.Control:
    """One criterion in full."""
    lines: list[ft.Control] = [
        ft.Text(f"{line.no}. {t(line.title)}", size=theme.BODY, weight=ft.FontWeight.W_600),
        ft.Text(figures(t, line), size=theme.LARGE),
        ft.Row(
            [
                result_badge(t, line.result),
                ft.Text(needed(t, line), size=15, color=ft.Colors.ON_SURFACE_VARIANT),
            ],
            spacing=12,
            run_spacing=4,
            wrap=True,
        ),
    ]
    lines += [ft.Text(words, size=theme.SMALL, color=ft.Colors.ON_SURFACE_VARIANT) for words in _hidden(t, line)]
    return ft.Container(
        ft.Column(lines, spacing=6, tight=True),
        padding=16,
        border_radius=16,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
    )


def _hidden(t: Texts, line: CriterionCoverage) -> list[str]:
    """What hides behind the rate, and what it would be if all of that were a no."""
    if line.kind != "ratio":
        return []
    words = []
    if line.unknown:
        words.append(t("{count} câu trả lời “không rõ”, không tính vào tỷ lệ", count=t.number(line.unknown)))
    if line.away:
        who = t(line.denominator_name)
        words.append(t("Khoảng {count} {who} ở những nhà không gặp được", count=t.number(line.away), who=who))
    if line.hidden and line.lowest is not None:
        lowest = t.percent(line.lowest)
        if line.is_narrow:
            words.append(t("Chưa chắc đạt: nếu tất cả đều là chưa có thì còn {lowest}.", lowest=lowest))
        else:
            words.append(t("Nếu tất cả đều là chưa có: {lowest}", lowest=lowest))
    return words


def left_words(t: Texts, report: CoverageReport) -> str:
    """How many households have left and are not counted, and how many of them left since the round began."""
    return t(
        "{count} hộ đã chuyển đi hoặc bỏ trống, {recent} từ đầu đợt này; không tính vào số hộ của thôn.",
        count=t.number(report.left),
        recent=t.number(report.left_in_round),
    )


def met_words(t: Texts, met: Met) -> str:
    """How many households were met, surveyed and refused. Every screen uses this sentence."""
    return t(
        "Đã gặp {visited} trên {registered} hộ: {surveyed} đã khảo sát, {refused} từ chối",
        visited=t.number(met.visited),
        registered=t.number(met.registered),
        surveyed=t.number(met.surveyed),
        refused=t.number(met.refused),
    )


def share_words(t: Texts, met: Met) -> str:
    """The share of registered households that were surveyed, which every rate is based on."""
    return t("Khảo sát được {share} số hộ", share=t.percent(met.surveyed_share or Fraction(0)))
