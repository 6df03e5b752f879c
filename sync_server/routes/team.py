"""DELETE /api/v1/villages/{id}/members/{id}: a person leaves a village's team."""

from fastapi import APIRouter

from survey.ids import Id
from sync_server.commune.team import end_membership
from sync_server.http.deps import DatabaseDep, InvitingCaller, NowDep

router = APIRouter()


@router.delete("/api/v1/villages/{village}/members/{member}", status_code=204)
def leave(caller: InvitingCaller, database: DatabaseDep, now: NowDep, village: Id, member: Id) -> None:
    """Take the person out of the team. What they recorded stays; their phones hand in, then delete the village."""
    with database.write() as session:
        end_membership(session, caller, village, member, now)
