"""The site's own address: two doors, the app for those who survey and the office; the one used is remembered."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sync_server.office.pages import ROOT, draw

DOORS = {"app": "/app/", "office": f"{ROOT}/"}
COOKIE = "tungnha_door"


async def two_doors(request: Request) -> Response:
    """Choose a door, or go on to the one that this browser used last; `?choose` shows both again."""
    chosen = request.query_params.get("door", "")
    known = request.cookies.get(COOKIE, "")
    if chosen in DOORS:
        answer = RedirectResponse(DOORS[chosen], 303)
        answer.set_cookie(COOKIE, chosen, max_age=365 * 24 * 3600, path="/", samesite="lax")
        return answer
    if known in DOORS and "choose" not in request.query_params:
        return RedirectResponse(DOORS[known], 303)
    return draw(request, "doors_of_site.html")
