"""What everybody may read: made of a signed report alone, small counts hidden, only where the commune says so."""

from dataclasses import dataclass

from survey.public_coverage import PublicCoverage, hide_report
from survey.reports import Report
from sync_server.reports.compose import read_signed
from sync_server.store.database import Session
from sync_server.store.reports import SignedReport, find_public_page, find_report, list_standing


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
    standing = list_standing(session, commune)
    signed = find_report(session, commune, standing[-1].id) if standing else None
    if signed is None:
        return None
    report = read_signed(signed)
    return Published(signed, report, public_of(report, announces_results=opened.announces_results))
