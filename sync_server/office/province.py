"""Tỉnh: the communes of a province as sums, and its plan against what is reached. Nothing below a commune is shown."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.problems import NOT_FOUND
from sync_server.commune.province import read_commune, read_province
from sync_server.http.deps import NowDep, SessionDep
from sync_server.office.pages import draw
from sync_server.office.visitor import ProvinceVisitor
from sync_server.problems import Problem
from sync_server.reports.trend import list_signed_sums

router = APIRouter(prefix="/province")


@router.get("")
def province_page(request: Request, caller: ProvinceVisitor, session: SessionDep, now: NowDep) -> Response:
    """The plan, the communes that work here, and the sums of each criteria set."""
    return draw(request, "province.html", caller, province=read_province(session, caller.commune.code, now))


@router.get("/{commune}")
def commune_page(request: Request, caller: ProvinceVisitor, session: SessionDep, now: NowDep, commune: str) -> Response:
    """One commune's sums, criterion by criterion, and those of the reports that it signed."""
    line = read_commune(session, caller.commune.code, commune, now)
    if line is None:
        raise Problem(NOT_FOUND)
    signed = list_signed_sums(session, commune)
    return draw(request, "province_commune.html", caller, line=line, coverage=line.coverage, signed=signed)
