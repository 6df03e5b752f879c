"""The survey rounds of the commune, as known here."""

from datetime import datetime

from sqlmodel import Session

from app.store.stream import list_stream_bodies
from survey.records import SurveyRound


def find_latest_round(session: Session) -> SurveyRound | None:
    """The present round; None before the first sync."""
    rounds = [SurveyRound.model_validate(body) for body in list_stream_bodies(session, "round")]
    return max(rounds, key=lambda one: one.starts_on, default=None)


def find_fresh_since(session: Session, at: datetime) -> datetime | None:
    """A household that was last surveyed before this is to be asked again at `at`; None if answers hold for ever."""
    latest = find_latest_round(session)
    return latest.answers_hold_since(at) if latest else None
