"""POST /api/v1/villages/{id}/member-cards.pdf: several people are invited at once, and their sign-in cards printed."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response

from survey.ids import Id
from survey.invitations import MemberCardOrder
from survey.problems import VILLAGE_UNKNOWN
from survey.roles import Role
from sync_server.cards.members import check_letters, draw_invited
from sync_server.commune.setup import invite_all
from sync_server.http.deps import DatabaseDep, InvitingCaller, NowDep, SettingsDep
from sync_server.problems import Problem
from sync_server.store.villages import list_villages

router = APIRouter()
_PDF: dict[int | str, dict[str, Any]] = {201: {"content": {"application/pdf": {}}}}


@router.post("/api/v1/villages/{village}/member-cards.pdf", status_code=201, responses=_PDF, response_class=Response)
def member_cards(
    caller: InvitingCaller,
    database: DatabaseDep,
    settings: SettingsDep,
    now: NowDep,
    village: Id,
    order: MemberCardOrder,
) -> Response:
    """Invite everybody on the list as a member of the village and draw their cards. Nobody is invited if one name is at
    fault. `X-Known-Members` has the percent-encoded names of those who were there already and get a further device."""
    caller.check_works_in(village)
    check_letters(order.names)
    with database.write() as session:
        places = list_villages(session, caller.commune.code, [village])
        if not places:
            raise Problem(VILLAGE_UNKNOWN)
        [place] = places
        invited = invite_all(
            session,
            caller.commune.code,
            Role.MEMBER,
            order.names,
            place,
            now,
            public_url=settings.public_url,
            code_days=settings.code_days,
        )
    drawn = BytesIO()
    draw_invited(drawn, invited, caller.commune, place, settings.public_url)
    headers = {"Content-Disposition": 'attachment; filename="the-to-vien.pdf"'}
    known = [one.member.name for one in invited if not one.is_new_member]
    if known:
        headers["X-Known-Members"] = " ".join(map(quote, known))
    return Response(drawn.getvalue(), 201, headers, media_type="application/pdf")
