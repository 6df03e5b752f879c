"""GET /api/v1/me/back-checks: what families said of the caller's visits when they were asked again."""

from fastapi import APIRouter

from survey.own_back_checks import OwnBackChecks
from sync_server.http.deps import CoverageCaller, SessionDep
from sync_server.review.own_back_checks import read_own

router = APIRouter()


@router.get("/api/v1/me/back-checks")
def own_back_checks(caller: CoverageCaller, session: SessionDep) -> OwnBackChecks:
    """The caller's own, and nobody else's."""
    return read_own(session, caller)
