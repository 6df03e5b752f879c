"""Visits recorded on this device, and drafts of visits not finished yet."""

from datetime import datetime

from sqlmodel import Session, col, delete

from app.store.rows import DraftRow, ResponseRow
from survey.drafts import ResponseDraft
from survey.records import ResponseBody


def add_response(session: Session, identity: str, response: ResponseBody, at: datetime) -> None:
    """Keep a finished visit; it is never changed afterwards."""
    body = response.model_dump_json()
    session.add(ResponseRow(id=identity, household_id=response.household, saved_at=at.isoformat(), body=body))


def save_draft(session: Session, draft: ResponseDraft, at: datetime) -> None:
    session.merge(DraftRow(household_id=draft.household, saved_at=at.isoformat(), body=draft.model_dump_json()))


def find_draft(session: Session, household: str) -> ResponseDraft | None:
    row = session.get(DraftRow, household)
    return ResponseDraft.model_validate_json(row.body) if row else None


def save_no_draft(session: Session, household: str) -> None:
    """Forget the draft of a household: it was finished, or thrown away by the person."""
    session.exec(delete(DraftRow).where(col(DraftRow.household_id) == household))
