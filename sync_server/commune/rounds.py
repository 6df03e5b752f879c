"""The commune's survey rounds: what is decided of the present one, and opening another."""

from datetime import date, datetime

from survey.problems import FIELDS_INVALID
from survey.records import SurveyRound
from survey.vietnamese import clean
from sync_server.commune.setup import the_commune
from sync_server.coverage import refresh_coverage
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.communes import add_round, find_criteria_set, list_rounds, save_round
from sync_server.store.database import Session
from sync_server.store.villages import list_villages

LONGEST_TITLE = 120


def hold_answers(session: Session, commune: str, days: int | None) -> SurveyRound:
    """Let answers of the latest round hold for so many days, None for ever, and tell every village's phones. Raises
    `Problem` commune-not-open."""
    the_commune(session, commune)
    latest = list_rounds(session, commune)[0]
    if latest.answers_hold_days != days:
        latest = latest.model_copy(update={"answers_hold_days": days})
        save_round(session, commune, latest)
        _tell(session, commune, latest)
    return latest


def change_round(
    session: Session, commune: str, title: str, reference_year: int, ends_on: date | None, now: datetime
) -> SurveyRound:
    """Correct the latest round; ages are counted for `reference_year`. Raises `Problem` commune-not-open or
    fields-invalid."""
    the_commune(session, commune)
    latest = list_rounds(session, commune)[0]
    _check(title, latest.starts_on, ends_on)
    change = {"title": clean(title), "reference_year": reference_year, "ends_on": ends_on}
    changed = latest.model_copy(update=change)
    if changed != latest:
        save_round(session, commune, changed)
        _tell(session, commune, changed)
        refresh_coverage(session, commune, [one.id for one in list_villages(session, commune)], now)
    return changed


def open_round(
    session: Session,
    commune: str,
    title: str,
    reference_year: int,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
) -> SurveyRound:
    """Open another round with the commune's criteria set: phones record their visits for it. What was answered before
    stays, as long as it holds. Raises `Problem` commune-not-open or fields-invalid."""
    the_commune(session, commune)
    latest = list_rounds(session, commune)[0]
    _check(title, starts_on, ends_on)
    if starts_on < latest.starts_on:
        raise Problem(FIELDS_INVALID, detail="Đợt mới phải bắt đầu sau đợt hiện nay.")
    opened = SurveyRound(
        id=new_id(now),
        title=clean(title),
        criteria_set=find_criteria_set(session, commune).code,
        reference_year=reference_year,
        starts_on=starts_on,
        ends_on=ends_on,
        answers_hold_days=latest.answers_hold_days,
    )
    add_round(session, commune, opened)
    _tell(session, commune, opened)
    refresh_coverage(session, commune, [one.id for one in list_villages(session, commune)], now)
    return opened


def _check(title: str, starts_on: date, ends_on: date | None) -> None:
    if not 0 < len(clean(title)) <= LONGEST_TITLE:
        raise Problem(FIELDS_INVALID, detail=f"Tên đợt: từ 1 đến {LONGEST_TITLE} chữ.")
    if ends_on is not None and ends_on < starts_on:
        raise Problem(FIELDS_INVALID, detail="Ngày kết thúc phải sau ngày bắt đầu.")


def _tell(session: Session, commune: str, survey_round: SurveyRound) -> None:
    """Put the round on every village's stream."""
    body = survey_round.model_dump(mode="json")
    villages = list_villages(session, commune)
    publish(session, commune, {one.id: [Subject("round", survey_round.id, body)] for one in villages})
