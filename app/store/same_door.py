"""A household of the village that is likely the one that somebody is about to add or to correct."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.store.household_search import HouseholdSearch
from app.store.rows import HouseholdRow
from survey.same_door import given_name, is_same_door


@dataclass(frozen=True)
class SameDoor:
    """A household that may be the same: its id, head and address."""

    id: str
    head_name: str
    address: str


def find_same_door(session: Session, village: str, head_name: str, address: str, but: str = "") -> SameDoor | None:
    """A household of this village, other than `but`, in the same alley and with such a head; None if there is none.

    Those that have left count as well: a family that comes back is the same household.
    """
    given = given_name(head_name)
    if not given:
        return None
    named = select(HouseholdRow.id, HouseholdRow.head_name, HouseholdRow.address).where(
        HouseholdRow.village_id == village, HouseholdRow.id != but, HouseholdSearch.of(given).is_found
    )
    found = (SameDoor(*row) for row in session.exec(named.order_by(col(HouseholdRow.id))).all())
    return next((one for one in found if is_same_door(head_name, address, one.head_name, one.address)), None)
