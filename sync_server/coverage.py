"""Coverage: each village's figures and report, as they follow from its households.

The sums over a village's households are kept in its row. What changes a few households adds the difference
(`sync/batch.py`); everything else counts the village anew from its stream (`refresh_coverage`). Both give the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.coverage import CommuneCoverage, CoverageReport, report_commune, report_village
from survey.criteria import CriteriaSet, assess, items_in_both
from survey.households import status_after
from survey.records import LEFT_STATUSES, Attestation, Commune, HouseholdStatus, Outcome, Village
from survey.tally import Counter
from survey.times import vietnam_midnight
from sync_server.store.attestations import list_attested
from sync_server.store.bulk import as_text
from sync_server.store.communes import find_criteria_set, find_what_is_counted
from sync_server.store.cut_off import list_visited_since, list_visits_of
from sync_server.store.database import Session
from sync_server.store.members import list_villages_with_team
from sync_server.store.stream import StreamKey, StreamState, list_kind, save_states
from sync_server.store.villages import KeptVillage, list_villages, list_villages_to_write

_LEFT_OUTCOMES = (Outcome.MOVED, Outcome.VACANT)
Counts = dict[str, list[int]]
"""The sums over each village's households, as `Counter` has them."""


@dataclass(frozen=True)
class Counting:
    """What is counted in a commune now: for its criteria set, in its latest round, which is of `year`."""

    criteria_set: CriteriaSet
    counter: Counter
    year: int


@dataclass(frozen=True)
class Covered:
    """New reports for the villages' streams, and the digests of those that they replace."""

    states: list[StreamState]
    stood: dict[StreamKey, int]


def find_counting(session: Session, commune: str, candidate: CriteriaSet | None = None) -> Counting:
    """What is counted in the commune; with a `candidate` in place of its criteria set."""
    present, year, starts_on = find_what_is_counted(session, commune)
    criteria_set = candidate or present
    return Counting(criteria_set, Counter(criteria_set.measures(), year, vietnam_midnight(starts_on)), year)


def refresh_coverage(session: Session, commune: str, villages: Iterable[str], now: datetime) -> None:
    """Count the villages anew from their households, keep the sums and publish their reports."""
    kept = list_villages_to_write(session, commune, set(villages))
    if not kept:
        return
    counting = find_counting(session, commune)
    keep_counts(kept, counting.counter, count_households(session, commune, kept, counting.counter))
    save_states(session, commune, kept, cover(session, commune, counting, kept, now).states)


def keep_counts(kept: dict[str, KeptVillage], counter: Counter, counts: Counts) -> None:
    for village, sums in counts.items():
        kept[village].counted, kept[village].counts = counter.basis, sums


def count_households(session: Session, commune: str, villages: Iterable[str], counter: Counter) -> Counts:
    """The sums over the households on the villages' streams."""
    counts = {village: [0] * counter.size for village in villages}
    if counts:
        for state in list_kind(session, commune, "household", counts):
            counter.add(counts[state.village], state.to_body())
    return counts


def cover(session: Session, commune: str, counting: Counting, kept: dict[str, KeptVillage], now: datetime) -> Covered:
    """The reports of those of the villages where more than the time has changed, each with its village's next sequence.
    A village that was merged into another has none."""
    present = [one for one in kept.values() if not one.has_ended]
    before = {one.village: one for one in list_kind(session, commune, "coverage", [one.id for one in present])}
    counts = {one.id: one.counts for one in present}
    states = []
    for report in _reports(session, commune, counting, [one.to_village() for one in present], counts, now):
        body, village = report.model_dump(mode="json"), kept[report.village.id]
        if village.id not in before or _without_time(body) != _without_time(before[village.id].to_body()):
            village.seq += 1
            states.append(StreamState(village.id, "coverage", village.id, village.seq, as_text(body)))
    return Covered(states, {one.key: one.digest for one in before.values()})


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
    """The villages' reports as of `now`, counted from their households for the latest round. A `candidate` is tried in
    place of the commune's criteria set, with what was attested of the same items. Visits at `until` or later are left
    out: their households count as they were before; which households there are is as of `now`."""
    counting = find_counting(session, commune, candidate)
    counts = count_households(session, commune, villages, counting.counter)
    if until is not None:
        _leave_out_later(session, commune, counts, until, counting.counter)
    stay = items_in_both(find_criteria_set(session, commune), counting.criteria_set)
    return _reports(session, commune, counting, list_villages(session, commune, villages), counts, now, stay)


def _reports(
    session: Session,
    commune: str,
    counting: Counting,
    villages: list[Village],
    counts: Counts,
    now: datetime,
    stay: set[str] | None = None,
) -> list[CoverageReport]:
    """The villages' reports from their sums. Of what was attested only the items `stay` count, all if that is None."""
    ids = [village.id for village in villages]
    attested = list_attested(session, commune, ids)
    with_team = list_villages_with_team(session, commune, ids)
    reports = []
    for village in villages:
        tally = counting.counter.tally(counts[village.id])
        items: dict[str, Attestation] = attested.get(village.id, {})
        items = {no: one for no, one in items.items() if stay is None or no in stay}
        assessment = assess(counting.criteria_set, tally, items, has_team=village.id in with_team)
        reports.append(report_village(village, counting.criteria_set, tally, assessment, now))
    return reports


def _leave_out_later(session: Session, commune: str, counts: Counts, until: datetime, counter: Counter) -> None:
    """Change the sums to what they are if visits at `until` or later are left out."""
    later = list_visited_since(session, commune, counts, until)
    visits = list_visits_of(session, commune, later)
    for state in list_kind(session, commune, "household", set(later.values())):
        if state.subject not in later:
            continue
        body = state.to_body()
        shown = next((one.shown for one in reversed(visits.get(state.subject, [])) if one.ended_at < until), None)
        now, then = counter.of(body), counter.of(_as_before(body, shown))
        for place, number in enumerate(now):
            counts[state.village][place] += then[place] - number


def _as_before(body: dict[str, Any], shown: dict[str, Any] | None) -> dict[str, Any]:
    """A household as it was when it showed these answers, or none. Who left by an edit, not by a visit, stays away."""
    present = body.get("current") or {}
    if body.get("status") in LEFT_STATUSES and present.get("outcome") not in _LEFT_OUTCOMES:
        return body | {"current": shown}
    home = body | {"status": HouseholdStatus.ACTIVE.value, "current": shown}
    return home | (status_after(home, shown) if shown else {})
