"""The villages' teams and alleys, as this device knows them: who works there, and who walks which alley."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.store.rows import HouseholdRow, StreamRowRow
from survey.alleys import alley_of
from survey.records import REGISTERED_STATUSES, Outcome, TeamMember
from survey.roles import Role
from survey.vietnamese import collation_key, name_sort_key

_DONE = {Outcome.COMPLETED, Outcome.REFUSED}


@dataclass(frozen=True)
class Alley:
    """An alley with its registered households. `key` is what all spellings of its name share, empty for households
    whose address names none; `assigned` counts them by the member who is to visit them, None for nobody."""

    key: str
    name: str
    households: int
    done: int
    assigned: dict[str | None, int]

    @property
    def only_member(self) -> str | None:
        """The member who has all of it; None if nobody or several have."""
        return next(iter(self.assigned)) if len(self.assigned) == 1 else None


def list_team(session: Session, village: str) -> list[TeamMember]:
    """The leads and members who work in the village, leads first, then by given name."""
    query = select(StreamRowRow.subject, StreamRowRow.body)
    rows = session.exec(query.where(StreamRowRow.kind == "member", StreamRowRow.village_id == village)).all()
    team = [TeamMember.model_validate(json.loads(body) | {"id": member}) for member, body in rows]
    return sorted(team, key=lambda one: (one.role is not Role.LEAD, name_sort_key(one.name)))


def list_alleys(session: Session, village: str) -> list[Alley]:
    """The alleys of the village, by name."""
    columns = (
        HouseholdRow.alley,
        HouseholdRow.address,
        HouseholdRow.outcome,
        HouseholdRow.ask_again,
        HouseholdRow.assigned_to,
    )
    found = defaultdict(list)
    for alley, *rest in session.exec(select(*columns).where(*_registered(village))).all():  # type: ignore[call-overload]
        found[alley].append(rest)
    alleys = [
        Alley(
            key,
            Counter(alley_of(address) for address, *_ in homes).most_common(1)[0][0],
            len(homes),
            sum(outcome in _DONE and not again for _, outcome, again, _ in homes),
            dict(Counter(member for *_, member in homes)),
        )
        for key, homes in found.items()
    ]
    return sorted(alleys, key=lambda one: collation_key(one.name))


def list_households_of_alley(session: Session, village: str, alley: str) -> list[str]:
    """The ids of the registered households of an alley, by its `key`."""
    return list(session.exec(select(HouseholdRow.id).where(*_registered(village), HouseholdRow.alley == alley)).all())


def find_member_of_alley(session: Session, village: str, alley: str) -> str | None:
    """The member who has the whole alley; None if nobody or several have."""
    query = select(HouseholdRow.assigned_to).where(*_registered(village), HouseholdRow.alley == alley).distinct()
    members = session.exec(query).all()
    return members[0] if len(members) == 1 else None


def _registered(village: str) -> tuple[Any, ...]:
    return (HouseholdRow.village_id == village, col(HouseholdRow.status).in_(REGISTERED_STATUSES))
