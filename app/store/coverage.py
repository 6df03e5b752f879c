"""Coverage reports as the server put them on the villages' streams: confirmed figures only."""

from collections.abc import Iterable

from sqlmodel import Session

from app.store.stream import find_stream_body, list_stream_bodies
from survey.coverage import CommuneCoverage, CoverageReport, Met, report_commune
from survey.criteria import CriteriaSet
from survey.records import Commune
from survey.vietnamese import collation_key


def find_report(session: Session, village: str) -> CoverageReport | None:
    """A village's latest report, None before the first one came."""
    found = find_stream_body(session, "coverage", village)
    return CoverageReport.model_validate(found[1]) if found else None


def find_met(session: Session, villages: Iterable[str]) -> Met:
    """The households met in these villages: the sum of their reports, zero where no report came yet."""
    reports = (find_report(session, village) for village in villages)
    return sum((report.met for report in reports if report), Met())


def find_commune_coverage(session: Session, commune: Commune) -> CommuneCoverage | None:
    """The reports of all villages in scope with their sums; None before a report and its criteria set came."""
    reports = [CoverageReport.model_validate(body) for body in list_stream_bodies(session, "coverage")]
    if not reports:
        return None
    codes = {report.criteria_set for report in reports}
    sets = [CriteriaSet.model_validate(body) for body in list_stream_bodies(session, "criteria_set")]
    criteria_set = next((one for one in sets if one.code in codes), None)
    if criteria_set is None:
        return None
    reports.sort(key=lambda report: collation_key(report.village.name))
    return report_commune(commune, criteria_set, reports, reports[0].as_of)
