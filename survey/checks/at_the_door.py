"""What the phone asks when a visit is saved: most slips are set right there, and nobody else hears of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.checks.answers import VNEID, went_back
from survey.checks.families import cannot_be
from survey.checks.timing import least_seconds
from survey.checks.visits import read_visit
from survey.questions import NO

_TOP_LEVEL = 2


@dataclass(frozen=True)
class Asked:
    """One question about the visit: its kind, the person it is about (None: the whole visit), numbers for its words."""

    kind: str
    person: str | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)


def questions_at_saving(body: Mapping[str, Any], before: Mapping[str, Any] | None, year: int) -> list[Asked]:
    """What is worth a second look in a completed visit (`ResponseBody`), before it is saved; `before` is what its form
    was filled in from. None of it keeps the visit from being saved."""
    visit = read_visit("", "", "", body, before=before)
    if not visit.is_met:
        return []
    found = [Asked(kind, person) for kind, person in cannot_be(visit.told, visit.before, year)]
    levels = {one.id: one.answers.get(VNEID) for one in (visit.before.people if visit.before else ())}
    for one in visit.told.people:
        level = one.answers.get(VNEID)
        if one.id in went_back(visit):
            found.append(Asked("vneid_back", one.id, {"before": _number(levels[one.id]), "now": _number(level)}))
        elif level == _TOP_LEVEL and one.answers.get("has_smartphone") == NO:
            found.append(Asked("level2_no_phone", one.id))
    if 0 <= visit.seconds < least_seconds(visit):
        found.append(Asked("short", None, {"people": len(visit.told.people), "seconds": round(visit.seconds)}))
    return found


def _number(level: object) -> int:
    return level if isinstance(level, int) else 0
