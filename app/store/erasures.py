"""Households erased at their family's request: nothing of them stays on this device but the proof."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, or_, select, update

from app.store.outbox import ERASED
from app.store.rows import DraftRow, HouseholdRow, OutboxRow, ResponseRow, StreamRowRow
from app.store.stream import find_stream_body, list_homes
from survey.problem_shapes import describe
from survey.problems import HOUSEHOLD_ERASED


@dataclass(frozen=True)
class ErasedHousehold:
    """The proof. `is_waiting` while only this device knows of it; `lost_work` is whether unsent work of this device
    went with the household."""

    requested_at: datetime
    by: str
    is_waiting: bool
    lost_work: bool


def find_erased(session: Session, household: str) -> ErasedHousehold | None:
    """The proof that the household was erased, here or by somebody else; None if it was not."""
    lost = select(OutboxRow.id).where(
        OutboxRow.household_id == household, OutboxRow.state == ERASED, col(OutboxRow.problem).is_not(None)
    )
    lost_work = session.exec(lost).first() is not None
    if known := find_stream_body(session, "erasure", household):
        body = known[1]
        return ErasedHousehold(
            datetime.fromisoformat(body["requested_at"]), body.get("by") or "", is_waiting=False, lost_work=lost_work
        )
    query = select(OutboxRow.body).where(
        OutboxRow.kind == "erasure", OutboxRow.household_id == household, OutboxRow.state == "waiting"
    )
    asked = session.exec(query).first()
    if asked is None:
        return None
    at = datetime.fromisoformat(json.loads(asked)["requested_at"])
    return ErasedHousehold(at, "", is_waiting=True, lost_work=lost_work)


def delete_erased(session: Session, households: Iterable[str]) -> None:
    """Delete what this device holds of those of the households of which the server has the proof."""
    for household in list_homes(session, "erasure", households):
        delete_household(session, household)


def delete_household(session: Session, household: str) -> None:
    """Delete all that this device holds of a household, with its unsent and unfinished work.

    Of each change stay its time and its place in the order; it is never sent again.
    """
    about = or_(col(OutboxRow.household_id) == household, col(OutboxRow.subject) == household)
    own = about & (col(OutboxRow.kind) != "erasure")
    refused = describe(HOUSEHOLD_ERASED).model_dump_json()
    unsent = own & col(OutboxRow.state).in_(["waiting", "held", "invalid"])
    session.exec(update(OutboxRow).where(unsent).values(problem=refused))
    session.exec(update(OutboxRow).where(own).values(state=ERASED, body="{}", household_id=household))
    session.exec(delete(ResponseRow).where(col(ResponseRow.household_id) == household))
    session.exec(delete(DraftRow).where(col(DraftRow.household_id) == household))
    session.exec(delete(HouseholdRow).where(col(HouseholdRow.id) == household))
    here = (col(StreamRowRow.kind) == "household") & (col(StreamRowRow.subject) == household)
    session.exec(delete(StreamRowRow).where(here))
