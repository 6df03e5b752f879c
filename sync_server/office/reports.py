"""Báo cáo: the periods that the commune reports on, and its signed reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.ids import Id
from survey.periods import PeriodKind, Plan, ReportingPeriod
from survey.problem_shapes import ProblemDetails
from survey.problems import FIELDS_INVALID
from survey.times import vietnam_day
from survey.vietnamese import format_date, parse_count, parse_date
from sync_server.access.caller import Caller
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, ReportVisitor
from sync_server.problems import Problem
from sync_server.reports.compose import cut_off
from sync_server.reports.plan import change_period, open_period, propose_period, remove_period
from sync_server.store.communes import find_criteria_set
from sync_server.store.database import Session
from sync_server.store.periods import list_periods
from sync_server.store.reports import ReportHead, find_public_page, list_reports

router = APIRouter(prefix="/reports")
KIND_WORDS = {
    PeriodKind.MONTH: "Tháng",
    PeriodKind.QUARTER: "Quý",
    PeriodKind.HALF_YEAR: "6 tháng",
    PeriodKind.NINE_MONTHS: "9 tháng",
    PeriodKind.YEAR: "Năm",
    PeriodKind.CAMPAIGN: "Đợt",
}


@dataclass(frozen=True)
class PeriodLine:
    """A period with its signed reports, the latest first, and whether its last day is over."""

    period: ReportingPeriod
    is_over: bool
    reports: list[ReportHead]


@dataclass(frozen=True)
class Proposal:
    """A period that today lies in, ready to be opened with one tap."""

    kind: PeriodKind
    title: str
    starts_on: date
    ends_on: date


@router.get("")
def reports_page(request: Request, caller: ReportVisitor, session: SessionDep, now: NowDep, said: str = "") -> Response:
    """The periods, the latest first, and those that can be opened."""
    return _draw(request, caller, session, now, said=_SAID.get(said, ""))


_SAID = {
    "removed": "Đã xóa kỳ báo cáo.",
    "changed": "Đã ghi kỳ báo cáo.",
    "opened": "Đã mở trang công khai. Ai có địa chỉ cũng xem được số cộng của báo cáo đã chốt.",
    "closed": "Đã đóng trang công khai.",
}


@router.post("/periods")
def add(request: Request, caller: ReportVisitor, database: DatabaseDep, now: NowDep, form: FormDep) -> Response:
    """Open a period: a proposed one, or with the days that were typed."""
    commune = caller.commune.code
    try:
        kind = _kind(form.get("kind", ""))
        days = read_day(form.get("starts_on", ""), "Ngày đầu"), read_day(form.get("ends_on", ""), "Ngày chốt")
        with database.write() as session:
            period = open_period(session, commune, kind, form.get("title", ""), *days, now)
    except Problem as problem:
        with database.read() as session:
            return _draw(request, caller, session, now, problem=problem.details)
    return see_other(f"/reports/periods/{period.id}")


@router.post("/periods/{period}/change")
def change(
    request: Request, caller: ReportVisitor, database: DatabaseDep, now: NowDep, form: FormDep, period: Id
) -> Response:
    """Correct a period's title, days and plan."""
    commune = caller.commune.code

    def act(session: Session) -> None:
        days = read_day(form.get("starts_on", ""), "Ngày đầu"), read_day(form.get("ends_on", ""), "Ngày chốt")
        change_period(session, commune, period, form.get("title", ""), *days, _plan(session, commune, form))

    return _do(request, caller, database, now, act, f"/reports/periods/{period}?said=changed")


@router.post("/periods/{period}/delete")
def remove(request: Request, caller: ReportVisitor, database: DatabaseDep, now: NowDep, period: Id) -> Response:
    """Delete a period of which nothing was signed."""
    commune = caller.commune.code
    return _do(request, caller, database, now, lambda one: remove_period(one, commune, period), "/reports?said=removed")


def _do(
    request: Request,
    caller: Caller,
    database: DatabaseDep,
    now: datetime,
    act: Callable[[Session], Any],
    then: str,
) -> Response:
    try:
        with database.write() as session:
            act(session)
    except Problem as problem:
        if problem.details.slug != FIELDS_INVALID.slug:
            raise
        with database.read() as session:
            return _draw(request, caller, session, now, problem=problem.details)
    return see_other(then)


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    now: datetime,
    *,
    said: str = "",
    problem: ProblemDetails | None = None,
) -> Response:
    commune = caller.commune.code
    signed, periods = list_reports(session, commune), list_periods(session, commune)
    of_period = {one.id: [report for report in signed if report.period == one.id] for one in periods}
    lines = [PeriodLine(one, now >= cut_off(one), of_period[one.id]) for one in periods]
    today = vietnam_day(now)
    there = {(one.kind, one.ends_on) for one in periods}
    kinds = [kind for kind in PeriodKind if kind is not PeriodKind.CAMPAIGN]
    proposals = [Proposal(kind, *propose_period(kind, now)) for kind in kinds]
    values: dict[str, Any] = {
        "lines": lines,
        "proposals": [one for one in proposals if one.starts_on <= today and (one.kind, one.ends_on) not in there],
        "kind_words": KIND_WORDS,
        "is_public": find_public_page(session, commune) is not None,
        "has_signed": bool(signed),
        "said": said,
        "problem": problem,
    }
    return draw(request, "reports.html", caller, problem.status if problem else 200, **values)


def _kind(text: str) -> PeriodKind:
    try:
        return PeriodKind(text)
    except ValueError as error:
        raise Problem(FIELDS_INVALID, detail="Loại kỳ: chọn tháng, quý, 6 tháng, 9 tháng, năm hoặc đợt.") from error


def read_day(text: str, name: str) -> date:
    """A day as it was typed. Raises `Problem` fields-invalid that names the field."""
    found = parse_date(text)
    if found is None:
        example = format_date(date(2026, 12, 14))
        raise Problem(FIELDS_INVALID, detail=f"{name}: ghi ngày/tháng/năm, ví dụ {example}.")
    return found


def _plan(session: Session, commune: str, form: dict[str, str]) -> Plan:
    """The plan as it was typed: how many villages, and percentages by criterion."""
    passed = form.get("planned", "").strip()
    if passed and parse_count(passed) is None:
        raise Problem(FIELDS_INVALID, detail="Kế hoạch, số thôn đạt: ghi một số, ví dụ 10.")
    rates = {}
    for criterion in find_criteria_set(session, commune).criteria:
        typed = form.get(f"rate_{criterion.no}", "").strip().rstrip("% ").replace(",", ".")
        if not typed:
            continue
        try:
            rates[criterion.no] = Plan(rates={criterion.no: typed}).rates[criterion.no]
        except ValueError as error:
            said = f"Kế hoạch mục {criterion.no}: ghi phần trăm, ví dụ 80 hoặc 80,5."
            raise Problem(FIELDS_INVALID, detail=said) from error
    return Plan(passed=parse_count(passed), rates=rates)
