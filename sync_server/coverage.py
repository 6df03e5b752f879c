"""Coverage: count touched villages again in SQL and put their reports on their streams, in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from survey.coverage import CommuneCoverage, CoverageReport, report_commune, report_village
from survey.criteria import CriteriaSet, assess, items_in_both
from survey.records import Commune
from survey.times import vietnam_midnight
from sync_server.publish import Subject, publish
from sync_server.store.attestations import list_attested
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.coverage import count_villages
from sync_server.store.database import Session
from sync_server.store.members import list_villages_with_team
from sync_server.store.stream import list_kind
from sync_server.store.villages import list_villages


def refresh_coverage(session: Session, commune: str, villages: Iterable[str], now: datetime) -> None:
    """Count the villages again and publish their reports. One that differs only in its time is not written."""
    wanted = set(villages)
    if not wanted:
        return
    stored = {state.village: state.to_body() for state in list_kind(session, commune, "coverage", wanted)}
    fresh: dict[str, list[Subject]] = {}
    for report in count_again(session, commune, wanted, now):
        body, village = report.model_dump(mode="json"), report.village.id
        if _without_time(body) != _without_time(stored.get(village, {})):
            fresh[village] = [Subject("coverage", village, body)]
    if fresh:
        publish(session, commune, fresh)


def read_coverage(session: Session, commune: Commune, villages: Iterable[str], now: datetime) -> CommuneCoverage:
    """The published reports of these villages, in their order, with their sums; `now` is for none."""
    wanted = list(villages)
    stored = list_kind(session, commune.code, "coverage", wanted)
    reports = {state.village: CoverageReport.model_validate_json(state.body or "") for state in stored}
    ordered = [reports[village] for village in wanted if village in reports]
    return report_commune(commune, find_criteria_set(session, commune.code), ordered, now)


def _without_time(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "as_of"}


def count_again(
    session: Session, commune: str, villages: set[str], now: datetime, candidate: CriteriaSet | None = None
) -> list[CoverageReport]:
    """The villages' reports as of `now`, counted from the tables for the latest round. A `candidate` is tried in place
    of the commune's criteria set, with what was attested of the same items."""
    present = find_criteria_set(session, commune)
    criteria_set = candidate or present
    latest_round = list_rounds(session, commune)[0]
    year, began = latest_round.reference_year, vietnam_midnight(latest_round.starts_on)
    tallies = count_villages(session, commune, villages, criteria_set.measures(), year, began)
    stay = items_in_both(present, criteria_set)
    attested = {
        village: {no: one for no, one in items.items() if no in stay}
        for village, items in list_attested(session, commune, villages).items()
    }
    with_team = list_villages_with_team(session, commune, villages)
    reports = []
    for village in list_villages(session, commune, villages):
        tally = tallies[village.id]
        assessment = assess(criteria_set, tally, attested.get(village.id, {}), has_team=village.id in with_team)
        reports.append(report_village(village, criteria_set, tally, assessment, now))
    return reports
