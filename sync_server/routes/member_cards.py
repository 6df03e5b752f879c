"""POST /api/v1/villages/{id}/member-cards.pdf: several people are invited at once, and their sign-in cards printed."""

from typing import Any

from fastapi import APIRouter, Response

from survey.ids import Id
from survey.invitations import MemberCardOrder
from sync_server.http.card_sheets import member_cards_pdf
from sync_server.http.deps import DatabaseDep, InvitingCaller, NowDep, SettingsDep

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
    return member_cards_pdf(database, caller, village, order.names, settings, now)
