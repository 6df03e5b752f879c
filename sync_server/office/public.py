"""Công khai: a commune's signed figures for everybody, without small counts. Off until the commune opens it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from survey.acts import Act
from survey.problems import NOT_FOUND
from survey.reports import check_code
from sync_server.audit import note
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import FormDep, ReportVisitor
from sync_server.problems import Problem
from sync_server.reports.public import Published, find_published
from sync_server.reports.summary import passed_words
from sync_server.store.database import Session
from sync_server.store.reports import PublicPage, save_public_page

router = APIRouter()


@router.get("/public/{commune}")
def public_page(request: Request, session: SessionDep, commune: str) -> Response:
    """The page. Whoever knows the rule still learns no household's answer: see `survey.public_coverage`."""
    shown = _published(session, commune)
    values: dict[str, Any] = {
        "public": shown.public,
        "report": shown.report,
        "code": check_code(shown.signed.hash),
        "passed": passed_words(shown.public),
    }
    return draw(request, "public.html", None, **values)


@router.get("/public/{commune}/figures.json")
def public_figures(session: SessionDep, commune: str) -> Response:
    """The same figures for programs; what is hidden is null with `hidden` true."""
    shown = _published(session, commune)
    assert shown.report.period is not None
    period = shown.report.period.model_dump(mode="json", include={"title", "starts_on", "ends_on"})
    code = check_code(shown.signed.hash)
    return JSONResponse({"period": period, "code": code, **shown.public.model_dump(mode="json")})


@router.post("/reports/public")
def switch(caller: ReportVisitor, database: DatabaseDep, now: NowDep, form: FormDep) -> Response:
    """Open the commune's public page, with or without which villages pass, or close it."""
    how = form.get("open", "")
    page = PublicPage(now, caller.member.name, how == "results") if how else None
    with database.write() as session:
        save_public_page(session, caller.commune.code, page)
        note(session, caller, now, Act.OPENED_PUBLIC_PAGE if page else Act.CLOSED_PUBLIC_PAGE, subject_kind="commune")
    return see_other(f"/reports?said={'opened' if page else 'closed'}")


def _published(session: Session, commune: str) -> Published:
    found = find_published(session, commune)
    if found is None:
        raise Problem(NOT_FOUND)
    return found
