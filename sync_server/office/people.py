"""Người và máy: who works in which village, what their devices still hold, and who has gone without handing in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from survey.roles import Role
from sync_server.http.deps import NowDep, SessionDep
from sync_server.office.pages import draw
from sync_server.office.teams import list_officials, list_teams, sum_up
from sync_server.office.visitor import DeviceVisitor
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/people")


@router.get("")
def people_page(
    request: Request,
    caller: DeviceVisitor,
    session: SessionDep,
    now: NowDep,
    village: Annotated[str, Query(max_length=36)] = "",
    left: bool = False,
) -> Response:
    """Everybody by village; of one village where one is chosen. Only officials see officials and their devices."""
    if village:
        caller.check_works_in(village)
    teams = list_teams(session, caller, [village] if village else caller.villages, now)
    sees_officials = caller.member.role is Role.OFFICIAL and not village
    officials = list_officials(session, caller, now) if sees_officials else []
    return draw(
        request,
        "people.html",
        caller,
        teams=teams,
        officials=officials,
        summary=sum_up(teams, officials),
        villages=list_villages(session, caller.commune.code, caller.villages),
        chosen=village,
        has_left=left,
    )
