"""POST /api/v1/enrollments: a one-time code becomes a credential."""

from fastapi import APIRouter, Request

from survey.problems import CODE_UNKNOWN
from survey.wire import EnrollmentReply, EnrollmentRequest
from sync_server.access import DatabaseDep, NowDep
from sync_server.enrollment import Guesses, redeem
from sync_server.problems import Problem

router = APIRouter()


@router.post("/api/v1/enrollments", status_code=201)
def enroll(request: Request, body: EnrollmentRequest, database: DatabaseDep, now: NowDep) -> EnrollmentReply:
    """Sign a new device in with a one-time code."""
    guesses: Guesses = request.app.state.guesses
    address = request.client.host if request.client else "unknown"
    guesses.check(address)
    try:
        with database.write() as session:
            return redeem(session, body, now)
    except Problem as problem:
        if problem.kind is CODE_UNKNOWN:
            guesses.count_wrong(address)
        raise
