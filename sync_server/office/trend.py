"""Qua các kỳ: one criterion over the signed reports, a drawing for each village, readable in print."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from sync_server.http.deps import SessionDep
from sync_server.office.pages import draw
from sync_server.office.visitor import ReportVisitor
from sync_server.reports import trend
from sync_server.reports.trend import charts_of, list_signed

router = APIRouter(prefix="/reports/trend")


@router.get("")
def trend_page(request: Request, caller: ReportVisitor, session: SessionDep, no: str = "") -> Response:
    """The drawings of one criterion; the first ratio of the latest report where none was chosen."""
    reports = list_signed(session, caller.commune.code)
    ratios = [line for line in reports[-1].coverage.totals if line.kind == "ratio"] if reports else []
    chosen = next((one for one in ratios if one.no == no), ratios[0] if ratios else None)
    charts = charts_of(reports, chosen.no) if chosen else []
    return draw(
        request, "trend.html", caller, reports=reports, ratios=ratios, chosen=chosen, charts=charts, sizes=trend
    )
