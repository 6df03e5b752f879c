"""The list of households in short, as the page shows it before Python has started: made by SQLite in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case
from sqlmodel import Session, col, func, select

from app.store.household_list import list_conditions, list_marks, list_order
from app.store.rows import HouseholdRow
from survey.alleys import alley_of

WAITING, TO_FIX, ASK_AGAIN, BEGUN, STALE, OPEN, FIRST, ASKED_FOR = (1 << bit for bit in range(8))
"""What a row says of its household besides how its last visit ended."""


@dataclass(frozen=True)
class EarlyRows:
    """`rows` is JSON text: a list of [id, village (its place among those given), alley, name, address, status, outcome,
    time of the visit, marks]. `alleys` names each alley by its key."""

    rows: str
    alleys: dict[str, str]


def find_early_rows(
    session: Session, villages: list[str], first: Iterable[str], fresh_since: datetime | None
) -> EarlyRows:
    """Every household of the villages in the order of the list, those that have left too."""
    wanted = frozenset(first)
    said = list_marks(session, fresh_since)
    is_open = and_(*list_conditions(session, villages, "open", fresh_since))
    is_asked_for = col(HouseholdRow.id).in_(wanted)
    marks = (
        _mark(said["waiting"], WAITING)
        + _mark(said["to_fix"], TO_FIX)
        + _mark(col(HouseholdRow.ask_again).is_(True), ASK_AGAIN)
        + _mark(said["begun"], BEGUN)
        + _mark(said["stale"], STALE)
        + _mark(is_open, OPEN)
        + _mark(said["unfinished"] | is_asked_for, FIRST)
        + _mark(is_asked_for, ASKED_FOR)
    )
    place = case({village: place for place, village in enumerate(villages)}, value=HouseholdRow.village_id)
    columns = (
        HouseholdRow.id,
        place,
        HouseholdRow.alley,
        HouseholdRow.head_name,
        HouseholdRow.address,
        HouseholdRow.status,
        HouseholdRow.outcome,
        HouseholdRow.visited_at,
        marks,
    )
    in_order = (
        select(func.json_array(*columns).label("row"))
        .where(col(HouseholdRow.village_id).in_(villages))
        .order_by(*list_order(session, wanted))
        .subquery()
    )
    rows = session.exec(select(func.json_group_array(func.json(in_order.c.row)))).one()
    spelled = select(HouseholdRow.alley, func.min(HouseholdRow.address)).group_by(col(HouseholdRow.alley))
    alleys = session.exec(spelled.where(col(HouseholdRow.village_id).in_(villages))).all()
    return EarlyRows(rows, {key: alley_of(address) for key, address in alleys})


def _mark(condition: ColumnElement[bool], mark: int) -> ColumnElement[int]:
    return case((condition, mark), else_=0)
