"""All pages of the office under one path, and the files that they share."""

from pathlib import Path

from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse, Response

from survey.problems import NOT_FOUND
from sync_server.office import (
    aside,
    attested,
    audit,
    back_check,
    back_checks,
    cards,
    check,
    differences,
    exports,
    household,
    household_erase,
    household_file,
    households,
    invite,
    invited,
    lists,
    overview,
    people,
    person,
    province,
    public,
    registers,
    report,
    report_period,
    reports,
    rescue,
    review,
    setup,
    setup_criteria,
    sign_in,
    trend,
    village,
)
from sync_server.office.pages import HERE, ROOT
from sync_server.office.visitor import check_origin
from sync_server.problems import Problem

_FILES = {file.name: file for file in (HERE / "static").iterdir()}
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def office_router() -> APIRouter:
    """The routes of the office. Every form must come from a page of our own."""
    router = APIRouter(prefix=ROOT, dependencies=[Depends(check_origin)], include_in_schema=False)
    # The name of a page ("invite", "trend", "erased") stands before what takes it for somebody's id.
    of_people, of_reports = (people, invite, invited, person), (reports, trend, public, report_period, report, check)
    of_households = (household_file, household_erase, households, household, lists)
    of_villages, of_commune = (overview, exports, attested, village), (registers, rescue, setup, setup_criteria)
    of_review = (differences, aside, back_checks, back_check, review)
    for module in (sign_in, *of_villages, *of_households, *of_review, *of_people, *of_reports, *of_commune):
        router.include_router(module.router)
    for module in (cards, province, audit):
        router.include_router(module.router)
    router.add_api_route("/static/{name}", _file, methods=["GET"])
    return router


async def _file(request: Request, name: str) -> Response:
    """A file of the pages; one that is asked for with its stamp is kept for good."""
    file: Path | None = _FILES.get(name)
    if file is None:
        raise Problem(NOT_FOUND)
    seconds = 31_536_000 if request.url.query else 86_400
    return FileResponse(file, media_type=_TYPES[file.suffix], headers={"Cache-Control": f"public, max-age={seconds}"})
