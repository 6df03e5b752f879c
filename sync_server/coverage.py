"""Coverage: count touched villages again in SQL and put their reports on their streams, in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from survey.coverage import CommuneCoverage, CoverageReport, report_commune, report_village
from survey.criteria import CriteriaSet, assess, items_in_both
from survey.households import status_after
from survey.indicators import Measure
from survey.records import LEFT_STATUSES, Commune, Household, HouseholdStatus, Outcome
from survey.tally import Tally, tally_household
from survey.times import vietnam_midnight
from sync_server.publish import Subject, publish
from sync_server.store.attestations import list_attested
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.coverage import count_villages
from sync_server.store.cut_off import list_visited_since, list_visits_of
from sync_server.store.database import Session
from sync_server.store.members import list_villages_with_team
from sync_server.store.stream import list_kind
from sync_server.store.villages import list_villages

_LEFT_OUTCOMES = (Outcome.MOVED, Outcome.VACANT)


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
    session: Session,
    commune: str,
    villages: set[str],
    now: datetime,
    candidate: CriteriaSet | None = None,
    until: datetime | None = None,
) -> list[CoverageReport]:
    """The villages' reports as of `now`, counted from the tables for the latest round. A `candidate` is tried in place
    of the commune's criteria set, with what was attested of the same items. Visits at `until` or later are left out:
    their households count as they were before; which households there are is as of `now`."""
    present = find_criteria_set(session, commune)
    criteria_set = candidate or present
    latest_round = list_rounds(session, commune)[0]
    year, began = latest_round.reference_year, vietnam_midnight(latest_round.starts_on)
    tallies = count_villages(session, commune, villages, criteria_set.measures(), year, began)
    if until is not None:
        changes = _without_later(session, commune, villages, until, criteria_set.measures(), year, began)
        tallies = {village: tally + changes.get(village, Tally()) for village, tally in tallies.items()}
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


def _without_later(
    session: Session,
    commune: str,
    villages: set[str],
    until: datetime,
    measures: list[Measure],
    year: int,
    began: datetime,
) -> dict[str, Tally]:
    """What changes in each village's counts if visits at `until` or later are left out."""
    later = list_visited_since(session, commune, villages, until)
    visits = list_visits_of(session, commune, later)
    changes = dict.fromkeys(later.values(), Tally())
    for state in list_kind(session, commune, "household", set(later.values())):
        if state.subject not in later or state.body is None:
            continue
        body = state.to_body()
        now = tally_household(Household.model_validate(body), measures, year, began)
        shown = next((one.shown for one in reversed(visits.get(state.subject, [])) if one.ended_at < until), None)
        then = Household.model_validate(_as_before(body, shown))
        changes[state.village] += tally_household(then, measures, year, began) - now
    return changes


def _as_before(body: dict[str, Any], shown: dict[str, Any] | None) -> dict[str, Any]:
    """A household as it was when it showed these answers, or none. Who left by an edit, not by a visit, stays away."""
    present = body.get("current") or {}
    if body.get("status") in LEFT_STATUSES and present.get("outcome") not in _LEFT_OUTCOMES:
        return body | {"current": shown}
    home = body | {"status": HouseholdStatus.ACTIVE.value, "current": shown}
    return home | (status_after(home, shown) if shown else {})
