"""A criterion over the periods: each village's rates in the signed reports that nothing has replaced."""

from dataclasses import dataclass
from datetime import date, datetime

from survey.coverage import CriterionCoverage
from survey.criteria import Result
from survey.figure_words import rate
from survey.reports import Report, check_code
from survey.villages import full_name
from sync_server.reports.compose import read_signed
from sync_server.store.database import Session
from sync_server.store.reports import find_report, list_standing

MOST_PERIODS = 8
BAR, GAP, HEIGHT, ABOVE = 46, 14, 120, 24
"""Of the drawing, in its own units: a bar's width, the room between two, a whole bar, the room for words above."""


@dataclass(frozen=True)
class Bar:
    """One period of one village: how it is called, what is written above, how high of 100, whether it was met."""

    title: str
    said: str
    percent: float | None
    is_met: bool
    x: int

    @property
    def height(self) -> float:
        return HEIGHT * (self.percent or 0) / 100


@dataclass(frozen=True)
class Chart:
    """A village's bars, from the earliest period to the latest, and where the document's threshold lies (percent)."""

    name: str
    bars: list[Bar]
    threshold: float | None

    @property
    def width(self) -> int:
        return len(self.bars) * (BAR + GAP) + GAP

    @property
    def threshold_y(self) -> float:
        return ABOVE + HEIGHT * (1 - (self.threshold or 0) / 100)


def list_signed(session: Session, commune: str) -> list[Report]:
    """The signed reports that stand, by their last day, the latest `MOST_PERIODS`."""
    latest = list_standing(session, commune)[-MOST_PERIODS:]
    found = [find_report(session, commune, one.id) for one in latest]
    return [read_signed(one) for one in found if one is not None]


@dataclass(frozen=True)
class SignedSums:
    """A signed report that stands, as sums: what somebody above the commune may see of it."""

    title: str
    ends_on: date
    code: str
    taken_at: datetime
    passed: int
    total: int
    registered: int
    surveyed: int


def list_signed_sums(session: Session, commune: str) -> list[SignedSums]:
    """The sums of the signed reports that stand, the latest first, at most `MOST_PERIODS`."""
    made = []
    for head in reversed(list_standing(session, commune)[-MOST_PERIODS:]):
        signed = find_report(session, commune, head.id)
        report = read_signed(signed) if signed else None
        if report is None or report.period is None:
            continue
        coverage, period = report.coverage, report.period
        sums = (coverage.passed, coverage.total, coverage.registered, coverage.surveyed)
        made.append(SignedSums(period.title, period.ends_on, check_code(head.hash), head.taken_at, *sums))
    return made


def charts_of(reports: list[Report], no: str) -> list[Chart]:
    """A chart for each village of the latest report, then one for the commune as a whole."""
    if not reports:
        return []
    latest = reports[-1].coverage
    charts = []
    for village in latest.villages:
        lines = [(one, _line_of(one, village.village.id, no)) for one in reports]
        charts.append(_chart(full_name(village.village), lines))
    whole = [(one, next((line for line in one.coverage.totals if line.no == no), None)) for one in reports]
    return [*charts, _chart(f"Toàn {latest.commune.kind}", whole)]


def _line_of(report: Report, village: str, no: str) -> CriterionCoverage | None:
    for one in report.coverage.villages:
        if one.village.id == village:
            return next((line for line in one.criteria if line.no == no), None)
    return None


def _chart(name: str, lines: list[tuple[Report, CriterionCoverage | None]]) -> Chart:
    bars = []
    for place, (report, line) in enumerate(lines):
        exact = line.rate if line is not None else None
        percent = None if exact is None else float(exact * 100)
        bars.append(
            Bar(
                title=report.period.title if report.period else "",
                said=rate(line) if line is not None and exact is not None else "–",
                percent=percent,
                is_met=line is not None and line.result is Result.MET,
                x=GAP + place * (BAR + GAP),
            )
        )
    asked = next((line.threshold for _report, line in reversed(lines) if line is not None and line.threshold), None)
    return Chart(name, bars, None if asked is None else float(asked))
