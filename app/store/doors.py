"""The doors where a visit can bring a village's criterion further, as known here, with this device's waiting visits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, select

from app.store.coverage import find_report
from app.store.household_list import ListedHousehold, list_these
from app.store.rounds import find_latest_round
from app.store.rows import HouseholdRow
from app.store.shown import list_shown_bodies
from app.store.stream import list_stream_bodies, list_subjects
from survey.coverage import Door, doors_to_knock, shortfall
from survey.criteria import CriteriaSet, Criterion
from survey.nearest import WayToPass, by_way, done_by, way_to_pass
from survey.records import Household

MOST_DOORS = 200


@dataclass(frozen=True)
class WayHere:
    """What a criterion of a village still lacks, the doors for it (at most `MOST_DOORS`), and the day on which enough
    of them are visited at the present pace. The more useful kind stands first (surveyed or never asked), each
    in the order of the way. `is_last`: nothing else is missing to pass."""

    way: WayToPass
    doors: tuple[tuple[Door, ListedHousehold], ...]
    by: date | None
    is_last: bool


def find_present_criteria(session: Session) -> tuple[int, dict[str, Criterion]]:
    """The year of reference of the present round and its criteria by their number; none before the first sync."""
    latest = find_latest_round(session)
    if latest is None:
        return 0, {}
    sets = [CriteriaSet.model_validate(body) for body in list_stream_bodies(session, "criteria_set")]
    return latest.reference_year, {
        one.no: one for made in sets if made.code == latest.criteria_set for one in made.criteria
    }


def list_doors(session: Session, village: str, criterion: Criterion, year: int) -> list[Door]:
    """The village's households where a visit can raise this criterion, most people without it first."""
    if criterion.measure is None:
        return []
    known = {subject: body for _, subject, _, body in list_subjects(session, "household", [village])}
    shown = known | list_shown_bodies(session, known)
    return doors_to_knock(_readable(shown), criterion.measure, year)


def find_way_to_pass(session: Session, village: str, no: str, now: datetime) -> WayHere | None:
    """The doors for one criterion of the village's report; None if there is no such criterion, or it lacks
    nothing."""
    report = find_report(session, village)
    year, criteria = find_present_criteria(session)
    missing = shortfall(report) if report else []
    lacking = next((one for one in missing if one.no == no), None)
    if lacking is None or no not in criteria:
        return None
    way = way_to_pass(lacking, list_doors(session, village, criteria[no], year))
    rows = session.exec(
        select(HouseholdRow.id, HouseholdRow.visited_at)
        .where(HouseholdRow.village_id == village)
        .order_by(*map(col, (HouseholdRow.address_key, HouseholdRow.name_key, HouseholdRow.id)))
    ).all()
    visits = {identity: datetime.fromisoformat(at) for identity, at in rows if at}
    last = max(visits, key=lambda identity: visits[identity], default=None)
    order = [identity for identity, _ in rows]
    first = way.doors[0].unvisited if way.doors else False
    parts = [[door for door in way.doors if door.unvisited is part] for part in (first, not first)]
    doors = [door for part in parts for door in by_way(part, order, last)][:MOST_DOORS]
    listed = {row.id: row for row in list_these(session, [door.household for door in doors])}
    return WayHere(
        way=way,
        doors=tuple((door, listed[door.household]) for door in doors if door.household in listed),
        by=done_by(way.enough, visits.values(), now) if way.enough else None,
        is_last=len(missing) == 1,
    )


def _readable(bodies: dict[str, Any]) -> Iterator[tuple[str, Household]]:
    """The households that this program can read; those that were moved away here are somewhere else."""
    for identity, body in bodies.items():
        if body.get("village"):
            continue
        try:
            yield identity, Household.model_validate(body)
        except ValidationError:  # written by a newer program: it stays in the list, where it always was
            continue
