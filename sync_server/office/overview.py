"""Tổng hợp: every village against every criterion."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.attesting import open_items
from survey.coverage import CoverageReport, shortfall
from survey.criteria import Result
from survey.vietnamese import collation_key
from sync_server.access.caller import Caller
from sync_server.coverage import read_coverage
from sync_server.http.deps import NowDep, SessionDep
from sync_server.office.pages import draw
from sync_server.office.visitor import CoverageVisitor
from sync_server.reports.compose import latest_figures
from sync_server.reports.formats import FORMATS
from sync_server.store.attestations import list_attested
from sync_server.store.communes import find_criteria_set
from sync_server.store.database import Session

router = APIRouter()
ORDERS = {"gap": "gần đạt nhất", "name": "tên thôn", "surveyed": "khảo sát nhiều nhất"}
_LAST = [Result.NOT_MET, Result.NOT_ENOUGH_DATA, Result.MET, Result.NOT_APPLICABLE]


@router.get("/overview")
def overview(
    request: Request,
    caller: CoverageVisitor,
    session: SessionDep,
    now: NowDep,
    sort: str = "gap",
    compare: bool = False,
) -> Response:
    """The table. What needs work comes first, the nearest to passing before the others."""
    coverage = read_coverage(session, caller.commune, caller.villages, now)
    villages = sorted(coverage.villages, key=lambda one: _place(one, sort))
    return draw(
        request,
        "overview.html",
        caller,
        coverage=coverage,
        villages=villages,
        sort=sort,
        orders=ORDERS,
        gap=gap,
        formats=FORMATS,
        waiting=count_waiting(session, caller),
        before=latest_figures(session, caller.commune.code),
        compare=compare,
    )


def count_waiting(session: Session, caller: Caller) -> int:
    """How many attested items of the caller's villages wait for the commune's word."""
    criteria = find_criteria_set(session, caller.commune.code)
    attested = list_attested(session, caller.commune.code, caller.villages)
    return len(open_items(criteria, caller.villages, attested).not_confirmed)


def gap(report: CoverageReport) -> int:
    """How much the village still needs in all, over its open criteria; 0 once it passes."""
    return sum(one.count for one in shortfall(report))


def _place(report: CoverageReport, sort: str) -> tuple[object, ...]:
    name = collation_key(report.village.name)
    if sort == "name":
        return (name,)
    if sort == "surveyed":
        return (-(report.surveyed / report.registered) if report.registered else 0, name)
    return (_LAST.index(report.result), gap(report), name)
