"""What a village's team is asked to go for first, and which of its households are left of it, as known here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from app.store.shown import list_shown_bodies
from app.store.stream import list_stream_bodies, list_subjects
from survey.coverage import doors_to_knock
from survey.criteria import CriteriaSet, Criterion
from survey.records import Errand, Household, SurveyRound


@dataclass(frozen=True)
class ErrandHere:
    """An errand of a village with the households that are left of it: those where a visit can bring its criterion
    further, most people without it first."""

    village: str
    criterion: Criterion
    errand: Errand
    households: tuple[str, ...]


def list_errands(session: Session, villages: Iterable[str]) -> list[ErrandHere]:
    """The villages' errands with the doors left, this device's waiting visits counted. Errands that are done, or of a
    criterion that this program does not know, are left out."""
    given = [
        (village, Errand.model_validate(body)) for village, _, _, body in list_subjects(session, "errand", villages)
    ]
    rounds = [SurveyRound.model_validate(body) for body in list_stream_bodies(session, "round")] if given else []
    if not rounds:
        return []
    latest = max(rounds, key=lambda one: one.starts_on)
    sets = [CriteriaSet.model_validate(body) for body in list_stream_bodies(session, "criteria_set")]
    criteria = {one.no: one for made in sets if made.code == latest.criteria_set for one in made.criteria}
    found = []
    for village, errand in given:
        criterion = criteria.get(errand.criterion or "")
        if criterion is None or criterion.measure is None:
            continue
        known = {subject: body for _, subject, _, body in list_subjects(session, "household", [village])}
        shown = known | list_shown_bodies(session, known)
        doors = doors_to_knock(_readable(shown), criterion.measure, latest.reference_year)
        if doors:
            found.append(ErrandHere(village, criterion, errand, tuple(door.household for door in doors)))
    return found


def _readable(bodies: dict[str, Any]) -> Iterator[tuple[str, Household]]:
    """The households that this program can read; those that were moved away here are somewhere else."""
    for identity, body in bodies.items():
        if body.get("village"):
            continue
        try:
            yield identity, Household.model_validate(body)
        except ValidationError:  # written by a newer program: it stays in the list, where it always was
            continue
