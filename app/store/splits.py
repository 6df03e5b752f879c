"""Households that split off from others, as far as this device has them."""

from sqlmodel import Session, col, select

from app.store.households import find_household
from app.store.rows import OutboxRow, StreamRowRow
from survey.records import Household
from survey.splitting import Kin


def find_kin(session: Session, identity: str, household: Household) -> Kin:
    """The household that this one split off from, and those that split off from it; what waits here counts."""
    former = find_household(session, household.split_from) if household.split_from else None
    return Kin(former[2] if former else None, _list_split_off(session, identity))


def _list_split_off(session: Session, identity: str) -> dict[str, Household]:
    there = select(StreamRowRow.subject).where(
        StreamRowRow.kind == "household", StreamRowRow.subject != identity, col(StreamRowRow.body).contains(identity)
    )
    waiting = select(OutboxRow.subject).where(
        OutboxRow.kind == "household", OutboxRow.state == "waiting", col(OutboxRow.body).contains(identity)
    )
    found = {}
    for one in sorted({*session.exec(there).all(), *session.exec(waiting).all()}):
        read = find_household(session, one)
        if read and read[2].split_from == identity:
            found[one] = read[2]
    return found
