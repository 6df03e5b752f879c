"""The door to knock on next."""

from datetime import datetime

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from app.store.household_list import list_conditions
from app.store.rows import HouseholdRow
from app.store.sync_state import list_villages


def find_next_door(session: Session, after: str, fresh_since: datetime | None = None) -> tuple[str, str] | None:
    """The household that is still open and comes after this one in the order of the list, from its end on to its
    beginning: id and name. None if no other is open."""
    here = session.get(HouseholdRow, after)
    if here is None:
        return None
    ids = [village.id for village in list_villages(session)]
    order = (
        HouseholdRow.village_id,
        HouseholdRow.address_key,
        HouseholdRow.name_key,
        HouseholdRow.id,
    )
    others = select(HouseholdRow.id, HouseholdRow.head_name).where(
        *list_conditions(session, ids, "open", fresh_since), HouseholdRow.id != after
    )
    others = others.order_by(*map(col, order)).limit(1)
    place = (here.village_id, here.address_key, here.name_key, here.id)
    found = session.exec(others.where(tuple_(*map(col, order)) > place)).first() or session.exec(others).first()
    return (found[0], found[1]) if found else None
