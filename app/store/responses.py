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
    """An unfinished form on this device: its household, its member, and when it was last saved."""

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
    """Save this person's draft for a household, replacing an earlier one."""
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
    """The draft that this person has for a household, or None."""
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
    """Delete this person's draft for a household, after it was finished or dropped."""
    mine = (col(DraftRow.household_id) == household) & (col(DraftRow.member_id) == member)
    session.exec(delete(DraftRow).where(mine))


def move_drafts(session: Session, former: str, member: str, name: str) -> None:
    """Move a person's drafts from their former id to their present one. If both have a draft for a household, both
    stay as they are."""
    own = set(session.exec(select(DraftRow.household_id).where(DraftRow.member_id == member)).all())
    for row in session.exec(select(DraftRow).where(DraftRow.member_id == former)).all():
        if row.household_id not in own:
            row.member_id, row.member_name = member, name
            session.add(row)
