"""“Khác hiện nay”: what has changed since a report was signed. The report itself never changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from survey.coverage import CoverageReport
from survey.criteria import Result
from survey.records import Commune
from survey.reports import Report
from survey.villages import full_name
from sync_server.coverage import read_coverage
from sync_server.reports.compose import cut_off
from sync_server.store.cut_off import list_received_since
from sync_server.store.database import Session
from sync_server.store.villages import list_villages


@dataclass(frozen=True)
class VillageSince:
    """A village then and now. `late` are visits made before the cut-off and received after the signing, `later` those
    made after it."""

    name: str
    registered: int
    surveyed: int
    result_then: Result | None
    result_now: Result | None
    late: int
    later: int


@dataclass(frozen=True)
class Since:
    """Changes since the signing: differences of the sums, and the villages in which anything changed."""

    registered: int
    surveyed: int
    passed: int
    late: int
    later: int
    villages: list[VillageSince]


def changed_since(session: Session, commune: Commune, report: Report, now: datetime) -> Since:
    """Compare a signed report with the table of now."""
    assert report.period is not None
    until = cut_off(report.period)
    present = read_coverage(session, commune, [one.id for one in list_villages(session, commune.code)], now)
    received = list_received_since(session, commune.code, report.taken_at)
    late = _by_village(one.village for one in received if one.ended_at < until)
    later = _by_village(one.village for one in received if one.ended_at >= until)
    then = {one.village.id: one for one in report.coverage.villages}
    today = {one.village.id: one for one in present.villages}
    villages = []
    for identity in [*then, *(one for one in today if one not in then)]:
        one = _village(then.get(identity), today.get(identity), late.get(identity, 0), later.get(identity, 0))
        if one.registered or one.surveyed or one.late or one.later or one.result_then is not one.result_now:
            villages.append(one)
    return Since(
        registered=present.registered - report.coverage.registered,
        surveyed=present.surveyed - report.coverage.surveyed,
        passed=present.passed - report.coverage.passed,
        late=sum(late.values()),
        later=sum(later.values()),
        villages=villages,
    )


def _by_village(villages: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for village in villages:
        counts[village] = counts.get(village, 0) + 1
    return counts


def _village(then: CoverageReport | None, today: CoverageReport | None, late: int, later: int) -> VillageSince:
    known = today or then
    assert known is not None
    return VillageSince(
        name=full_name(known.village),
        registered=(today.registered if today else 0) - (then.registered if then else 0),
        surveyed=(today.surveyed if today else 0) - (then.surveyed if then else 0),
        result_then=then.result if then else None,
        result_now=today.result if today else None,
        late=late,
        later=later,
    )
