"""Adding, correcting, splitting, assigning and moving households: one transaction each, with its outbox row."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from app.actions.ids import new_id
from app.actions.responses import NotReady
from app.store.database import Database, Session
from app.store.households import find_household, save_own_household
from app.store.outbox import add_to_outbox
from app.store.sync_state import list_villages
from app.store.team import find_member_of_alley, list_households_of_alley
from survey.alleys import alley_key
from survey.households import NOT_YOUR_VILLAGE, Fields, read_fields
from survey.problem_shapes import FieldProblem
from survey.records import Household
from survey.splitting import check_split, residents_of


class HouseholdInvalid(Exception):
    """The typed fields were not saved; `problems` says field by field why."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__(f"{len(problems)} fields")
        self.problems = problems


def add_household(
    database: Database, now: datetime, village: str, head_name: str, address: str = "", phone: str = "", card: str = ""
) -> str:
    """Save a new household and queue it for the server; returns its id. It can be visited at once, also offline.

    With a `card`, the household is bound to it: if somebody else registered the same door meanwhile, the server takes
    both for one household. In an alley that one member has, it is assigned to that member too.
    Raises `HouseholdInvalid` with the fields at fault.
    """
    typed = _read({"head_name": head_name, "address": address, "phone": phone, "card": card})
    with database.write() as session:
        return _add(session, now, village, typed)


def split_household(
    database: Database,
    now: datetime,
    household: str,
    head_name: str,
    address: str = "",
    phone: str = "",
    *,
    came_with: Collection[str],
) -> str:
    """Save a part of a household as a household of its own, with the residents `came_with`, and queue it; returns its
    id. Its first form has them with their answers, the next one of the old household has them taken out.

    Raises `HouseholdInvalid` with the fields at fault, `NotReady` if this device does not have the household.
    """
    typed = _read({"head_name": head_name, "address": address, "phone": phone})
    with database.write() as session:
        _seq, village, present = _find(session, household)
        leaving = [one["id"] for one in residents_of(present) if one["id"] in came_with]
        if problems := check_split(present, leaving):
            raise HouseholdInvalid(problems)
        return _add(session, now, village, typed | {"split_from": household, "came_with": leaving})


def edit_household(database: Database, now: datetime, household: str, **changes: Any) -> bool:
    """Correct fields of a household (`head_name`, `address`, `phone`, `number`, `status`, `assigned_to`, `card`); an
    empty text or None empties one. Only changed fields are saved and queued; returns whether there were any.

    Raises `HouseholdInvalid` with the fields at fault, `NotReady` if this device does not have the household.
    """
    fields = _read(changes)
    with database.write() as session:
        return _edit(session, now, household, fields)


def correct_household(database: Database, now: datetime, household: str, village: str, **changes: Any) -> None:
    """Correct fields of a household as `edit_household` does and move it to the village, if it is not there: both or,
    where one is refused, neither. Raises what these two raise."""
    fields = _read(changes)
    with database.write() as session:
        _edit(session, now, household, fields)
        _move(session, now, household, village)


def bind_card(database: Database, now: datetime, household: str, code: str) -> bool:
    """Bind a card to a household; see `edit_household`."""
    return edit_household(database, now, household, card=code)


def assign_alley(database: Database, now: datetime, village: str, alley: str, member: str | None) -> int:
    """Let a member visit all registered households of an alley (`Alley.key`), or nobody; returns how many changed.

    Each household keeps in its history to whom it was assigned, and by whom.
    """
    with database.write() as session:
        homes = list_households_of_alley(session, village, alley)
        changed = 0
        for home in homes:
            seq, present, record = _find(session, home)
            if record.assigned_to != member:
                _queue(session, now, home, present, seq, {"assigned_to": member})
                save_own_household(session, home, present)
                changed += 1
    return changed


def move_household(database: Database, now: datetime, household: str, village: str) -> bool:
    """Move a household, with all its visits, to another village of this person; False if it is there already.

    For leads and officials. Raises `HouseholdInvalid` for a village that is not this person's, and `NotReady` if this
    device does not have the household.
    """
    with database.write() as session:
        return _move(session, now, household, village)


def _edit(session: Session, now: datetime, household: str, fields: Fields) -> bool:
    seq, village, present = _find(session, household)
    known = present.model_dump(mode="json")
    new = {key: value for key, value in fields.items() if (value or None) != (known.get(key) or None)}
    if new:
        _queue(session, now, household, village, seq, new)
        save_own_household(session, household, village)
    return bool(new)


def _move(session: Session, now: datetime, household: str, village: str) -> bool:
    seq, present, _record = _find(session, household)
    if village == present:
        return False
    if village not in {one.id for one in list_villages(session)}:
        raise HouseholdInvalid([NOT_YOUR_VILLAGE])
    _queue(session, now, household, present, seq, {"village": village})
    save_own_household(session, household, present)
    return True


def _add(session: Session, now: datetime, village: str, typed: Fields) -> str:
    """Queue a new household; returns its id. In an alley that one member has, it is assigned to that member."""
    fields = {key: value for key, value in typed.items() if value}
    identity = new_id(now)
    alley = alley_key(typed["address"])
    if alley and (member := find_member_of_alley(session, village, alley)):
        fields["assigned_to"] = member
    _queue(session, now, identity, village, 0, fields)
    save_own_household(session, identity, village)
    return identity


def _find(session: Session, household: str) -> tuple[int, str, Household]:
    found = find_household(session, household)
    if found is None:
        raise NotReady
    return found


def _read(given: Fields) -> Fields:
    """The given fields in wire form. Raises `HouseholdInvalid`."""
    fields, problems = read_fields(given)
    if problems:
        raise HouseholdInvalid(problems)
    return fields


def _queue(session: Session, now: datetime, household: str, village: str, seen: int, body: Fields) -> None:
    add_to_outbox(
        session,
        identity=new_id(now),
        kind="household",
        subject=household,
        household=household,
        village=village,
        captured_at=now,
        seen=seen,
        body=body,
    )
