"""A report of a commune before its signing: the table as it stands now, or a period's with what was written for it."""

from datetime import date, datetime, timedelta
from typing import Any

from survey.coverage import CommuneCoverage, report_commune
from survey.periods import ReportingPeriod
from survey.problems import NOT_FOUND
from survey.records import Attestation, Commune
from survey.reports import AttestedItem, EarlierReport, Letterhead, Report, Wording, check_code
from survey.times import vietnam_midnight
from sync_server.coverage import count_again, read_coverage
from sync_server.problems import Problem
from sync_server.reports.letterhead import proposed
from sync_server.store.attestations import list_attested
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.cut_off import list_visited_since, list_visits_of
from sync_server.store.database import Session
from sync_server.store.periods import find_period
from sync_server.store.reports import SignedReport, find_report, list_standing
from sync_server.store.stream import list_ends
from sync_server.store.villages import list_villages


def compose_now(session: Session, commune: Commune, now: datetime) -> Report:
    """The commune's table as it stands now, unsigned."""
    villages = [one.id for one in list_villages(session, commune.code)]
    return Report(
        taken_at=now,
        coverage=read_coverage(session, commune, villages, now),
        criteria_set=find_criteria_set(session, commune.code),
        round=list_rounds(session, commune.code)[0],
        attested=attested_items(session, commune.code, villages),
        letterhead=proposed(commune),
    )


def compose_period(session: Session, commune: Commune, period_id: str, now: datetime) -> Report:
    """The report of a period as it would be signed now: visits to the end of its last day, whatever came since.

    Raises `Problem` not-found.
    """
    period, draft = the_period(session, commune.code, period_id)
    until = cut_off(period)
    villages = [one.id for one in list_villages(session, commune.code)]
    criteria = find_criteria_set(session, commune.code)
    reports = {one.village.id: one for one in count_again(session, commune.code, set(villages), now, until=until)}
    ordered = [reports[village] for village in villages if village in reports]
    visits = list_visits_of(session, commune.code, list_visited_since(session, commune.code, villages, until))
    return Report(
        taken_at=now,
        coverage=report_commune(commune, criteria, ordered, now),
        criteria_set=criteria,
        round=list_rounds(session, commune.code)[0],
        attested=attested_items(session, commune.code, villages),
        period=period,
        before=report_before(session, commune.code, period),
        late=sum(one.ended_at >= until for some in visits.values() for one in some),
        positions={village: end.seq for village, end in list_ends(session, commune.code, villages).items()},
        letterhead=letterhead_of(draft, commune),
        wording=Wording.model_validate(draft.get("wording") or {}),
    )


def the_period(session: Session, commune: str, period: str) -> tuple[ReportingPeriod, dict[str, Any]]:
    """The period and what was written for its report. Raises `Problem` not-found."""
    found = find_period(session, commune, period)
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def cut_off(period: ReportingPeriod) -> datetime:
    """The first moment that belongs to the next period: the midnight after the last day."""
    return vietnam_midnight(period.ends_on + timedelta(days=1))


def letterhead_of(draft: dict[str, Any], commune: Commune) -> Letterhead:
    """What was written for this report, else what most communes write."""
    written = draft.get("letterhead")
    return Letterhead.model_validate(written) if written else proposed(commune)


def read_signed(signed: SignedReport) -> Report:
    """What a signed report says, from the bytes that were kept."""
    return Report.model_validate_json(signed.content)


def report_before(session: Session, commune: str, period: ReportingPeriod) -> EarlierReport | None:
    """The figures of the latest period before this one that has a signed report which nothing has replaced."""
    return latest_figures(session, commune, before=period.ends_on)


def latest_figures(session: Session, commune: str, before: date | None = None) -> EarlierReport | None:
    """The figures of the latest signed report that stands, of a period that ended before this day if one is given."""
    standing = list_standing(session, commune, before)
    signed = find_report(session, commune, standing[-1].id) if standing else None
    if signed is None:
        return None
    report = read_signed(signed)
    assert report.period is not None
    return _figures(signed, report.period, report.coverage)


def _figures(signed: SignedReport, period: ReportingPeriod, coverage: CommuneCoverage) -> EarlierReport:
    return EarlierReport(
        title=period.title,
        code=check_code(signed.hash),
        ends_on=period.ends_on,
        passed=coverage.passed,
        total=coverage.total,
        registered=coverage.registered,
        surveyed=coverage.surveyed,
        totals=coverage.totals,
        villages={one.village.id: one.criteria for one in coverage.villages},
    )


def attested_items(session: Session, commune: str, villages: list[str]) -> list[AttestedItem]:
    """What was attested in these villages, in their order, then by criterion."""
    found = list_attested(session, commune, villages)
    return [_item(village, one) for village in villages for _no, one in sorted(found.get(village, {}).items())]


def _item(village: str, said: Attestation) -> AttestedItem:
    return AttestedItem(village=village, **said.model_dump(include=set(AttestedItem.model_fields)))
