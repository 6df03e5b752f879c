"""Rates over the periods, and how they changed."""

from datetime import date

from survey.figure_words import change_words
from survey.periods import PeriodKind, ReportingPeriod, period_dates, period_title
from survey.reports import Report
from sync_server.reports.trend import charts_of
from tests.builders import an_id


def in_quarter(report: Report, quarter: int, part: int) -> Report:
    """The report of a quarter of 2026 with another figure of the first criterion in every village and in the sum."""

    def change(lines: list) -> list:  # type: ignore[type-arg]
        first = lines[0].model_copy(update={"numerator": part, "denominator": 200})
        return [first, *lines[1:]]

    villages = [one.model_copy(update={"criteria": change(one.criteria)}) for one in report.coverage.villages]
    coverage = report.coverage.model_copy(update={"villages": villages, "totals": change(report.coverage.totals)})
    starts_on, ends_on = period_dates(PeriodKind.QUARTER, date(2026, 3 * quarter, 1))
    title = period_title(PeriodKind.QUARTER, ends_on)
    period = ReportingPeriod(id=an_id(), kind=PeriodKind.QUARTER, title=title, starts_on=starts_on, ends_on=ends_on)
    return report.model_copy(update={"period": period, "number": quarter, "coverage": coverage})


def test_each_village_has_its_bars_and_the_commune_the_last(report: Report) -> None:
    reports = [in_quarter(report, quarter, part) for quarter, part in ((2, 100), (3, 130), (4, 150))]
    charts = charts_of(reports, "1")
    assert len(charts) == len(report.coverage.villages) + 1
    assert charts[-1].name == "Toàn xã"
    assert [bar.said for bar in charts[0].bars] == ["50 %", "65 %", "75 %"]
    assert [bar.title for bar in charts[0].bars] == ["quý II năm 2026", "quý III năm 2026", "quý IV năm 2026"]
    assert (charts[0].threshold, charts[0].bars[0].height) == (70.0, 60.0)
    assert charts_of(reports, "nothing")[0].bars[0].percent is None
    assert charts_of([], "1") == []


def test_a_change_is_in_points_and_keeps_its_sign(report: Report) -> None:
    first, second = (in_quarter(report, quarter, part).coverage.totals for quarter, part in ((2, 120), (3, 123)))
    assert change_words(second[0], first[0]) == "+1,5 điểm"
    assert change_words(first[0], second[0]) == "−1,5 điểm"
    assert change_words(first[0], first[0]) == "0"
    assert change_words(first[0], None) == ""
    assert change_words(first[0], first[0].model_copy(update={"title": "mục khác"})) == ""
