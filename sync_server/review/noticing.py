"""Keeps a commune's doubts up to date: what the checks find in its visits now, and what waits for a person's word.

The visits are read and checked without a lock; what follows from that is written in one short transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from survey.checks.flags import list_flags
from survey.checks.rates import rates_of_no
from survey.checks.visits import CheckedVisit, Flag, read_visit
from survey.doubt_words import is_only_possible
from survey.doubts import Doubt
from survey.records import SurveyRound
from sync_server.ids import new_id
from sync_server.publish import Subject, publish
from sync_server.review.asides import notice_asides
from sync_server.review.asked_members import notice_asked_members
from sync_server.review.matching import Matched, Noticed, Standing, doubt_of, match
from sync_server.review.pairs import notice_pairs
from sync_server.store.aside import HeldChange, list_held
from sync_server.store.checked_visits import ShowingVisit, list_showing_visits
from sync_server.store.communes import list_rounds
from sync_server.store.database import Database, Session
from sync_server.store.members import list_members
from sync_server.store.responses import list_shown
from sync_server.store.stream import list_kind
from sync_server.store.villages import list_villages


@dataclass(frozen=True)
class _Seen:
    """What was noticed in a commune, for which round."""

    survey_round: SurveyRound
    noticed: list[Noticed]


def notice(database: Database, commune: str, now: datetime) -> int:
    """Check the commune's visits and write what follows; how many doubts were written."""
    with database.read() as session:
        seen = _look(session, commune)
        standing = list_standing(session, commune)
    if seen is None or _is_nothing(match(standing, seen.noticed, seen.survey_round.id)):
        return 0
    with database.write() as session:
        # Somebody may have done something about a doubt since it was read.
        matched = match(list_standing(session, commune), seen.noticed, seen.survey_round.id)
        return _write(session, commune, matched, seen, now)


def list_standing(session: Session, commune: str, villages: Iterable[str] | None = None) -> list[Standing]:
    """The doubts of the commune, or of these villages, whatever their state."""
    wanted = [one.id for one in list_villages(session, commune)] if villages is None else list(villages)
    rows = list_kind(session, commune, "doubt", wanted)
    return [Standing(row.subject, row.village, Doubt.model_validate(row.to_body())) for row in rows]


def _look(session: Session, commune: str) -> _Seen | None:
    rounds = list_rounds(session, commune)
    if not rounds:
        return None
    present, *earlier = rounds
    visits = read_showing(session, commune, present)
    last = rates_of_no(read_showing(session, commune, earlier[0]), earlier[0].reference_year) if earlier else None
    flags = list_flags(visits, year=present.reference_year, last_round=last)
    names = {one.id: one.name for one in list_members(session, commune)}
    homes = {one.id: one.household for one in visits}
    villages = {one.id for one in list_villages(session, commune)}
    noticed = [_of_flag(one, homes, names) for one in flags if one.village in villages]
    noticed += [_of_held(one, villages) for one in list_held(session, commune) if villages]
    noticed += notice_asides(session, commune, villages)
    noticed += notice_pairs(session, commune, villages)
    noticed += notice_asked_members(session, commune, villages, names)
    return _Seen(present, noticed)


def read_showing(session: Session, commune: str, survey_round: SurveyRound) -> list[CheckedVisit]:
    """The round's visits as the checks read them, each with what its form was filled in from."""
    rows = list_showing_visits(session, commune, survey_round.id)
    bases = list_shown(session, commune, {base for one in rows if (base := one.body.get("based_on"))})
    return [_checked(one, bases) for one in rows]


def _checked(one: ShowingVisit, bases: dict[str, dict[str, object]]) -> CheckedVisit:
    before = bases.get(one.body.get("based_on") or "")
    return read_visit(one.id, one.member, one.village, one.body, clock_skew=one.clock_skew, before=before)


def _of_flag(flag: Flag, homes: dict[str, str], names: dict[str, str]) -> Noticed:
    return Noticed(
        flag.check.value,
        flag.fingerprint,
        flag.village,
        flag.member,
        names.get(flag.member, ""),
        flag.visits,
        tuple(dict.fromkeys(homes[one] for one in flag.visits)),
        dict(flag.evidence),
    )


def _of_held(held: HeldChange, villages: set[str]) -> Noticed:
    village = held.village if held.village in villages else min(villages)
    homes = (held.household,) if held.household else ()
    evidence = {"change": held.id, "kind": held.kind, "problem": held.problem, "received_at": held.received_at}
    return Noticed("held", held.id, village, held.member, held.member_name, (), homes, evidence)


def _is_nothing(matched: Matched) -> bool:
    return not (matched.changed or matched.new or matched.over)


def _write(session: Session, commune: str, matched: Matched, seen: _Seen, now: datetime) -> int:
    subjects: dict[str, list[Subject]] = defaultdict(list)
    for one in matched.changed:
        subjects[one.village].append(Subject("doubt", one.id, one.doubt.model_dump(mode="json", exclude_defaults=True)))
    for noticed in matched.new:
        doubt = doubt_of(noticed, seen.survey_round.id, now)
        body = doubt.model_dump(mode="json", exclude_defaults=True)
        subjects[noticed.village].append(Subject("doubt", new_id(now), body))
    for one in matched.over:
        subjects[one.village].append(Subject("doubt", one.id, None))
    publish(session, commune, subjects)
    return sum(map(len, subjects.values()))


def count_open(session: Session, commune: str) -> Counter[str]:
    """How much there is to look at in each village: open doubts, without pairs that are only possible, and open
    differences."""
    doubts = [
        one.village for one in list_standing(session, commune) if one.doubt.is_open and not is_only_possible(one.doubt)
    ]
    villages = [one.id for one in list_villages(session, commune)]
    differences = list_kind(session, commune, "difference", villages)
    return Counter(doubts + [one.village for one in differences if one.to_body().get("state") == "open"])
