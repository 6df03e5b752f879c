"""GET /api/v1/coverage: the commune's table, made from the reports on the villages' streams."""

from typing import Annotated

from fastapi import APIRouter, Query

from survey.coverage import CommuneCoverage
from survey.problems import NOT_ALLOWED
from sync_server.coverage import read_coverage
from sync_server.http.deps import CoverageCaller, NowDep, SessionDep
from sync_server.problems import Problem

router = APIRouter()


@router.get("/api/v1/coverage")
def coverage(
    caller: CoverageCaller,
    session: SessionDep,
    now: NowDep,
    commune: Annotated[str | None, Query(description="Commune code; the caller's own when left out")] = None,
) -> CommuneCoverage:
    """The villages in the caller's scope: all of the commune for an official, their own for members and leads."""
    own = caller.commune
    if commune not in {None, own.code}:
        raise Problem(NOT_ALLOWED, detail=f"Anh/chị chỉ xem được số liệu của {own.kind} {own.name} ({own.code}).")
    return read_coverage(session, own, caller.villages, now)
