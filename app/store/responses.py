"""Visits recorded on this device, and drafts of visits not finished yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from app.store.rows import DraftRow, HouseholdRow, ResponseRow
from app.store.sync_state import SignedIn
from survey.drafts import ResponseDraft
from survey.records import ResponseBody


@dataclass(frozen=True)
class BegunForm:
    """A form on this device that was not finished: of which household, and who wrote in it last when."""

    household: str
    head_name: str
    member: str
    member_name: str
    saved_at: datetime


def add_response(session: Session, identity: str, response: ResponseBody, at: datetime) -> None:
    """Keep a finished visit; it is never changed afterwards."""
    body = response.model_dump_json()
    session.add(ResponseRow(id=identity, household_id=response.household, saved_at=at.isoformat(), body=body))


def save_draft(session: Session, draft: ResponseDraft, member: SignedIn, at: datetime) -> None:
    """Keep this person's form of a household."""
    session.merge(
        DraftRow(
            household_id=draft.household,
            member_id=member.member_id,
            member_name=member.member_name,
            saved_at=at.isoformat(),
            body=draft.model_dump_json(),
        )
    )


def find_draft(session: Session, household: str, member: str) -> ResponseDraft | None:
    """The form of a household that this person began and did not finish."""
    row = session.get(DraftRow, (household, member))
    return ResponseDraft.model_validate_json(row.body) if row else None


def list_drafts(session: Session) -> list[BegunForm]:
    """Every unfinished form on this device, whoever began it, the oldest first."""
    query = (
        select(DraftRow, HouseholdRow.head_name)
        .join(HouseholdRow, col(HouseholdRow.id) == DraftRow.household_id, isouter=True)
        .order_by(DraftRow.saved_at)
    )
    return [
        BegunForm(row.household_id, name or "", row.member_id, row.member_name, datetime.fromisoformat(row.saved_at))
        for row, name in session.exec(query).all()
    ]


def delete_draft(session: Session, household: str, member: str) -> None:
    """Forget this person's draft of a household: it was finished, or thrown away."""
    mine = (col(DraftRow.household_id) == household) & (col(DraftRow.member_id) == member)
    session.exec(delete(DraftRow).where(mine))


def move_drafts(session: Session, former: str, member: str, name: str) -> None:
    """Give what the former identity of a person began to the one that they have now; a form begun under this one stays
    and the other with it."""
    own = set(session.exec(select(DraftRow.household_id).where(DraftRow.member_id == member)).all())
    for row in session.exec(select(DraftRow).where(DraftRow.member_id == former)).all():
        if row.household_id not in own:
            row.member_id, row.member_name = member, name
            session.add(row)
