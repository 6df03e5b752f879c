"""How many households each part of the list has, and how many doors are left in each alley."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.store.household_list import list_conditions
from app.store.rows import HouseholdRow

FILTERS = ("open", "waiting", "to_fix", "refused", "absent", "visited", "mine", "gone", "all")


def count_by_filter(session: Session, villages: list[str], fresh_since: datetime | None = None) -> dict[str, int]:
    """For each part of the list, how many households `list_households` has there."""
    counts = [
        select(func.count()).select_from(HouseholdRow).where(*list_conditions(session, villages, shown, fresh_since))
        for shown in FILTERS
    ]
    found = session.exec(select(*[one.scalar_subquery() for one in counts])).one()
    return dict(zip(FILTERS, found, strict=True))


def count_open_by_alley(
    session: Session, villages: Iterable[str], fresh_since: datetime | None = None
) -> dict[tuple[str, str], int]:
    """The doors left in each alley, by village and alley (as `ListedHousehold` names it)."""
    where = list_conditions(session, list(villages), "open", fresh_since)
    alley = (col(HouseholdRow.village_id), col(HouseholdRow.alley))
    rows = session.exec(select(*alley, func.count()).where(*where).group_by(*alley)).all()
    return {(village, name): count for village, name, count in rows}
