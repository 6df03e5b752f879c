"""The draw: which visits of a round are checked again. Nobody chooses, and nothing that was drawn is taken back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes

from survey.acts import Act
from survey.back_checks import (
    LEAST_MET,
    LEAST_NOT_MET,
    SECRET_BYTES,
    Why,
    digest_of,
    draw_key,
    is_met,
    measures_by_need,
    passes_narrowly,
    share_drawn,
    what_to_ask,
)
from survey.coverage import CoverageReport
from survey.criteria import CriteriaSet
from survey.doubts import DoubtState
from survey.indicators import Measure
from survey.records import SurveyRound
from sync_server.access.caller import Caller
from sync_server.audit import AtServer, note
from sync_server.coverage import read_coverage
from sync_server.review.noticing import list_standing
from sync_server.store.back_checks import (
    BackCheck,
    Draw,
    MadeVisit,
    add_back_checks,
    add_draw,
    find_draw,
    list_back_checks,
    list_made,
    mark_draw_closed,
    mark_drawn,
)
from sync_server.store.communes import find_commune, find_criteria_set, list_rounds
from sync_server.store.database import Database, Session
from sync_server.store.responses import list_bodies
from sync_server.store.villages import list_villages

YOUNGEST, OLDEST = timedelta(days=1), timedelta(days=14)
"""How long ago a visit was made, at least, and how long ago it came in, at most: a family does not remember a week that
is long past."""
FOR_A_DOUBT = 3
"""How many families are asked again because of one doubt."""


@dataclass(frozen=True)
class _Round:
    """What the draw of a commune's latest round needs to know."""

    survey_round: SurveyRound
    draw: Draw
    made: list[MadeVisit]
    known: dict[str, BackCheck]


def draw_visits(database: Database, commune: str, now: datetime) -> int:
    """Draw among what has come in, and for doubts that wait for it; how many visits were drawn. The first time in a
    round its secret is made, and its digest written into the audit log."""
    with database.read() as session:
        is_started = (found := _read(session, commune)) is not None
        nothing_new = found is not None and not (
            _chosen(session, commune, found, now) or _named(session, commune, found)
        )
    if nothing_new:
        return 0
    with database.write() as session:
        if not is_started and not _start(session, commune, now):
            return 0
        present = _read(session, commune)  # another process may have drawn since
        assert present is not None
        chosen, named = _chosen(session, commune, present, now), _named(session, commune, present)
        return _keep(session, commune, present, chosen, named, now)


def close_draw(session: Session, caller: Caller, now: datetime) -> None:
    """Draw what each member's visits lack to the least number, and tell the secret: nothing is drawn any more in this
    round. Does nothing where it is closed, or was never started."""
    found = _read(session, caller.commune.code)
    if found is None or found.draw.closed_at is not None:
        return
    _keep(session, caller.commune.code, found, top_up(found.draw.secret, found.made, found.known), [], now)
    mark_draw_closed(session, caller.commune.code, found.draw.round, caller.member.name, now)
    note(session, caller, now, Act.CLOSED_DRAW, secret=found.draw.secret.hex())


def top_up(secret: bytes, made: Iterable[MadeVisit], known: Iterable[str]) -> list[MadeVisit]:
    """The visits with the lowest keys of each member who has fewer drawn than `LEAST_MET` and `LEAST_NOT_MET`."""
    drawn, by_member = set(known), defaultdict(list)
    for one in made:
        by_member[one.member, is_met(one.outcome)].append(one)
    chosen = []
    for (_, met), some in by_member.items():
        lacking = (LEAST_MET if met else LEAST_NOT_MET) - sum(one.id in drawn for one in some)
        free = sorted((one for one in some if one.id not in drawn), key=lambda one: draw_key(secret, one.id))
        chosen += free[: max(0, lacking)]
    return chosen


def _read(session: Session, commune: str) -> _Round | None:
    latest = next(iter(list_rounds(session, commune)), None)
    found = find_draw(session, commune, latest.id) if latest else None
    if latest is None or found is None:
        return None
    known = {one.id: one for one in list_back_checks(session, commune, latest.id)}
    return _Round(latest, found, list_made(session, commune, latest.id), known)


def _start(session: Session, commune: str, now: datetime) -> bool:
    """Make the round's secret, if there is a round, and another process has not done so meanwhile."""
    latest = next(iter(list_rounds(session, commune)), None)
    if latest is None:
        return False
    if find_draw(session, commune, latest.id) is None:
        secret = token_bytes(SECRET_BYTES)
        add_draw(session, commune, Draw(latest.id, secret, now))
        note(session, AtServer(commune), now, Act.STARTED_DRAW, digest=digest_of(secret))
    return True


def _chosen(session: Session, commune: str, found: _Round, now: datetime) -> list[MadeVisit]:
    """What the secret draws among the visits of the right age, and is not drawn yet."""
    if found.draw.closed_at is not None:
        return []
    drawn = {one.id for one in found.known.values() if one.why is Why.DRAWN}
    open_to_draw = [one for one in found.made if one.id not in drawn and _is_of_age(one, now)]
    if not open_to_draw:
        return []
    narrow = {village for village, report in _reports(session, commune, now).items() if passes_narrowly(report)}
    return [
        one
        for one in open_to_draw
        if draw_key(found.draw.secret, one.id) < share_drawn(one.outcome, is_narrow=one.village in narrow)
    ]


def _is_of_age(one: MadeVisit, now: datetime) -> bool:
    return now - min(one.captured_at, one.received_at) >= YOUNGEST and now - one.received_at <= OLDEST


def _named(session: Session, commune: str, found: _Round) -> list[MadeVisit]:
    """Of the visits of each doubt that waits for a back-check, those with the lowest keys, where not enough are checked
    already."""
    by_id, chosen = {one.id: one for one in found.made}, []
    for one in list_standing(session, commune):
        if one.doubt.state is DoubtState.WAITING:
            visits = sorted(one.doubt.visits, key=lambda visit: draw_key(found.draw.secret, visit))
            lacking = FOR_A_DOUBT - sum(visit in found.known for visit in visits)
            free = [by_id[visit] for visit in visits if visit in by_id and visit not in found.known]
            chosen += free[: max(0, lacking)]
    return list({one.id: one for one in chosen}.values())


def _keep(
    session: Session, commune: str, found: _Round, chosen: list[MadeVisit], named: list[MadeVisit], now: datetime
) -> int:
    mark_drawn(session, commune, [one.id for one in chosen if one.id in found.known])
    drawn = {one.id for one in chosen}
    new = {one.id: one for one in (*chosen, *named) if one.id not in found.known}
    criteria_set, reports = find_criteria_set(session, commune), _reports(session, commune, now)
    bodies = list_bodies(session, commune, new)
    checks = []
    for one in new.values():
        measures = _measures(reports.get(one.village), criteria_set)
        asks = what_to_ask(found.draw.secret, one.id, bodies[one.id], found.survey_round.reference_year, measures)
        why = Why.DRAWN if one.id in drawn else Why.DOUBT
        checks.append(BackCheck(one.id, found.draw.round, one.household, one.member, why, now, asks))
    add_back_checks(session, commune, checks)
    return len(checks)


def _measures(report: CoverageReport | None, criteria_set: CriteriaSet) -> list[Measure]:
    return measures_by_need(report, criteria_set) if report else criteria_set.measures()


def _reports(session: Session, commune: str, now: datetime) -> dict[str, CoverageReport]:
    found = find_commune(session, commune)
    if found is None:
        return {}
    villages = [one.id for one in list_villages(session, commune)]
    return {one.village.id: one for one in read_coverage(session, found, villages, now).villages}
