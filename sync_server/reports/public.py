"""What everybody may read: made of a signed report alone, small counts hidden, only where the commune says so."""

from dataclasses import dataclass

from survey.public_coverage import PublicCoverage, hide_report
from survey.reports import Report
from sync_server.reports.compose import read_signed
from sync_server.store.database import Session
from sync_server.store.reports import SignedReport, find_public_page, list_reports


def public_of(report: Report, *, announces_results: bool) -> PublicCoverage:
    """The report's figures as everybody may read them, with or without which villages pass."""
    return hide_report(report.coverage, report.criteria_set, announces_results=announces_results)


@dataclass(frozen=True)
class Published:
    """A signed report, and what of it everybody may read."""

    signed: SignedReport
    report: Report
    public: PublicCoverage


def find_published(session: Session, commune: str) -> Published | None:
    """What the commune's public page shows: the report of the latest period, not replaced. None if the commune shows
    none, or has signed none yet."""
    opened = find_public_page(session, commune)
    if opened is None:
        return None
    reports = [(one, read_signed(one)) for one in list_reports(session, commune) if one.replaced_by is None]
    dated = [(report.period.ends_on, signed.number, signed, report) for signed, report in reports if report.period]
    if not dated:
        return None
    *_, signed, report = max(dated, key=lambda one: one[:2])
    return Published(signed, report, public_of(report, announces_results=opened.announces_results))
