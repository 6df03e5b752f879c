"""The commune's reporting periods: proposed, opened, changed, and what is written for a report before it is signed."""

from datetime import date, datetime

from survey.periods import PeriodKind, Plan, ReportingPeriod, period_dates, period_title
from survey.problems import FIELDS_INVALID
from survey.reports import Letterhead, Wording
from survey.times import vietnam_day
from survey.vietnamese import clean
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.reports.compose import read_signed, the_period
from sync_server.store.database import Session
from sync_server.store.periods import add_period, delete_period, find_period, list_periods, save_draft, save_period
from sync_server.store.reports import find_report, list_reports

LONGEST_PERIOD_DAYS = 800


def propose_period(kind: PeriodKind, now: datetime) -> tuple[str, date, date]:
    """Title, first and last day of the period of this kind that today lies in."""
    starts_on, ends_on = period_dates(kind, vietnam_day(now))
    return period_title(kind, ends_on), starts_on, ends_on


def open_period(
    session: Session, commune: str, kind: PeriodKind, title: str, starts_on: date, ends_on: date, now: datetime
) -> ReportingPeriod:
    """Add a period. Its report begins with the letterhead of the commune's latest one. Raises `Problem`
    fields-invalid."""
    period = ReportingPeriod(
        id=new_id(now), kind=kind, title=_checked(title, starts_on, ends_on), starts_on=starts_on, ends_on=ends_on
    )
    for other in list_periods(session, commune):
        if (other.kind, other.starts_on, other.ends_on) == (kind, starts_on, ends_on):
            raise Problem(FIELDS_INVALID, detail=f"Đã có kỳ này: {other.title}.")
    add_period(session, commune, period, _first_draft(session, commune))
    return period


def change_period(
    session: Session, commune: str, period: str, title: str, starts_on: date, ends_on: date, plan: Plan
) -> None:
    """Correct a period and its plan. Dates stay once a report of it is signed. Raises `Problem` not-found or
    fields-invalid."""
    present, _draft = the_period(session, commune, period)
    dates = (starts_on, ends_on)
    if dates != (present.starts_on, present.ends_on) and _is_signed(session, commune, period):
        raise Problem(FIELDS_INVALID, detail="Kỳ này đã có báo cáo được ký: ngày đầu và ngày chốt không đổi nữa.")
    title = _checked(title, starts_on, ends_on)
    changed = {"title": title, "starts_on": starts_on, "ends_on": ends_on, "plan": plan}
    save_period(session, commune, present.model_copy(update=changed))


def remove_period(session: Session, commune: str, period: str) -> None:
    """Delete a period without a signed report. Raises `Problem` not-found or fields-invalid."""
    the_period(session, commune, period)
    if _is_signed(session, commune, period):
        raise Problem(FIELDS_INVALID, detail="Kỳ này đã có báo cáo được ký nên không xóa được.")
    delete_period(session, commune, period)


def write_draft(session: Session, commune: str, period: str, letterhead: Letterhead, wording: Wording) -> None:
    """Keep what was written for the period's report. A signed report does not change by it. Raises `Problem`
    not-found."""
    the_period(session, commune, period)
    draft = {"letterhead": letterhead.model_dump(mode="json"), "wording": wording.model_dump(mode="json")}
    save_draft(session, commune, period, draft)


def _is_signed(session: Session, commune: str, period: str) -> bool:
    return any(one.period == period for one in list_reports(session, commune))


def _first_draft(session: Session, commune: str) -> dict[str, object]:
    """The letterhead of the latest signed report, else of the latest period; nothing for the first of all."""
    heads = list_reports(session, commune)
    signed = find_report(session, commune, heads[0].id) if heads else None
    if signed:
        return {"letterhead": read_signed(signed).letterhead.model_dump(mode="json")}
    for period in list_periods(session, commune):
        found = find_period(session, commune, period.id)
        if found and found[1].get("letterhead"):
            return {"letterhead": found[1]["letterhead"]}
    return {}


def _checked(title: str, starts_on: date, ends_on: date) -> str:
    title = clean(title)
    if not title or len(title) > 120:
        raise Problem(FIELDS_INVALID, detail="Tên kỳ: ghi ngắn gọn, ví dụ “quý IV năm 2026”.")
    if ends_on < starts_on:
        raise Problem(FIELDS_INVALID, detail="Ngày chốt phải sau ngày đầu kỳ.")
    if (ends_on - starts_on).days > LONGEST_PERIOD_DAYS:
        raise Problem(FIELDS_INVALID, detail="Kỳ báo cáo dài quá hai năm: anh/chị xem lại ngày đầu và ngày chốt.")
    return title
