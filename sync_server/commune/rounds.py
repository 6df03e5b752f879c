"""What the commune decides of its survey round."""

from survey.records import SurveyRound
from sync_server.commune.setup import the_commune
from sync_server.publish import Subject, publish
from sync_server.store.communes import list_rounds, save_answers_hold
from sync_server.store.database import Session
from sync_server.store.villages import list_villages


def hold_answers(session: Session, commune: str, days: int | None) -> SurveyRound:
    """Let answers of the latest round hold for so many days, None for ever, and tell every village's phones. Raises
    `Problem` commune-not-open."""
    the_commune(session, commune)
    latest = list_rounds(session, commune)[0]
    if latest.answers_hold_days == days:
        return latest
    save_answers_hold(session, commune, latest.id, days)
    latest = latest.model_copy(update={"answers_hold_days": days})
    body = latest.model_dump(mode="json")
    villages = list_villages(session, commune)
    publish(session, commune, {one.id: [Subject("round", latest.id, body)] for one in villages})
    return latest
