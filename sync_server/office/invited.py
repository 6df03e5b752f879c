"""The code that was just made, with its link, its QR symbol and a slip to hand over. Reload and Back show the same one.

It is kept for ten minutes in a cookie that only this page gets: neither an address nor the server remembers it.
"""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.card_code import commune_of_code, grouped, read_code
from survey.devices import DeviceState
from survey.records import Commune
from survey.roles import Role
from sync_server.access.caller import Caller, secret_hash
from sync_server.cards.symbols import Picture, plain_picture
from sync_server.commune.members import check_answers_for, find_member, list_namesakes
from sync_server.commune.setup import Invitation, invitation_link
from sync_server.http.deps import DatabaseDep, NowDep, SettingsDep
from sync_server.office.pages import ROOT, draw, see_other
from sync_server.office.visitor import InvitingVisitor
from sync_server.settings import ServerSettings
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices_of_member
from sync_server.store.devices import find_code
from sync_server.store.members import list_member_villages
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/people/invited")
COOKIE, PATH = "tungnha_invited", f"{ROOT}/people/invited"
MINUTES = 10
QUIET = 4
_NEW, _KNOWN = "new", "known"


def show_invited(request: Request, made: Invitation) -> Response:
    """Go on to the page of this code."""
    answer = see_other("/people/invited")
    value = f"{made.code}.{_NEW if made.is_new_member else _KNOWN}"
    is_safe = request.url.scheme == "https"
    answer.set_cookie(COOKIE, value, max_age=MINUTES * 60, path=PATH, secure=is_safe, httponly=True, samesite="lax")
    return answer


def forget_invited(answer: Response) -> None:
    """Take the code from the browser: office computers are shared."""
    answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")


@router.get("")
def invited_page(
    request: Request, caller: InvitingVisitor, database: DatabaseDep, settings: SettingsDep, now: NowDep
) -> Response:
    """The code, for whoever answers for the person; afterwards that it is not shown any more."""
    code, _, how = request.cookies.get(COOKIE, "").partition(".")
    with database.read() as session:
        shown = _read(session, caller, settings, code, now)
    return draw(request, "invited.html", caller, shown=shown, is_new=how == _NEW, minutes=MINUTES)


def _read(session: Session, caller: Caller, settings: ServerSettings, text: str, now: NowDep) -> dict[str, Any] | None:
    plain, commune = read_code(text), caller.commune.code
    kept = find_code(session, secret_hash(plain), commune_of_code(plain)) if plain else None
    if plain is None or kept is None or kept.commune != commune or now >= kept.expires_at:
        return None
    member = find_member(session, commune, identity=kept.member)
    check_answers_for(session, caller, member.id, member.role)
    villages = list_villages(session, commune, list_member_villages(session, commune, member.id))
    devices = list_devices_of_member(session, commune, member.id)
    is_official = caller.member.role is Role.OFFICIAL
    namesakes = list_namesakes(session, commune, member.name) if is_official else []
    link = invitation_link(settings.public_url, member.role, grouped(plain))
    return {
        "code": grouped(plain),
        "link": link,
        "symbol": symbol(link),
        "expires_at": kept.expires_at,
        "used_at": kept.used_at,
        "member": member,
        "villages": [one for one in villages if is_official or one.id in caller.villages],
        "devices": sum(one.state is DeviceState.ACTIVE for one in devices),
        "namesakes": [one for one in namesakes if one.member.id != member.id],
        "place": _place(caller.commune),
    }


def symbol(link: str) -> tuple[int, str]:
    """The QR symbol of a link for an SVG: its modules on a side with the white around it, and the path of the dark."""
    picture: Picture = plain_picture(link, "M")
    path = "".join(f"M{x + QUIET} {y + QUIET}h{width}v{height}h-{width}z" for x, y, width, height in picture.figures)
    return picture.side + 2 * QUIET, path


def _place(commune: Commune) -> str:
    return f"{commune.kind} {commune.name}"
