"""Who is at the office's browser: the cookie, what it may do, and that a form was sent from our own page."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from starlette.responses import Response

from survey.problems import BODY_TOO_LARGE, NOT_ALLOWED, NOT_SIGNED_IN
from survey.roles import Action, Role
from sync_server.access.browser import IDLE, sign_in_browser
from sync_server.access.caller import Caller
from sync_server.http.deps import DatabaseDep, NowDep, SettingsDep
from sync_server.problems import Problem

MOST_FIELDS = 500
# The prefix makes a browser refuse the cookie without HTTPS; an office's own network often has none.
SAFE_COOKIE, PLAIN_COOKIE = "__Host-tungnha", "tungnha"


def keep_signed_in(request: Request, answer: Response, token: str) -> None:
    """Give the browser its credential. No script can read it, and no other site's form can send it."""
    safe = request.url.scheme == "https"
    name = SAFE_COOKIE if safe else PLAIN_COOKIE
    seconds = int(IDLE.total_seconds())
    answer.set_cookie(name, token, max_age=seconds, path="/", secure=safe, httponly=True, samesite="lax")


def forget_sign_in(request: Request, answer: Response) -> None:
    """Take the credential from the browser, and under HTTPS what it has kept of the pages."""
    for name in (SAFE_COOKIE, PLAIN_COOKIE):
        answer.delete_cookie(name, path="/", secure=name == SAFE_COOKIE, httponly=True, samesite="lax")
    if request.url.scheme == "https":
        answer.headers["Clear-Site-Data"] = '"cache"'


def credential(request: Request) -> str:
    """What the browser brought; empty for nothing."""
    return request.cookies.get(SAFE_COOKIE) or request.cookies.get(PLAIN_COOKIE) or ""


def _visitor(request: Request, database: DatabaseDep, now: NowDep) -> Caller:
    token = credential(request)
    if not token:
        raise Problem(NOT_SIGNED_IN)
    caller = sign_in_browser(database, token, now)
    if caller.member.role is Role.MEMBER:
        raise Problem(NOT_ALLOWED)
    return caller


VisitorDep = Annotated[Caller, Depends(_visitor)]


def _allowed(action: Action) -> Callable[[Caller], Awaitable[Caller]]:
    async def check(caller: VisitorDep) -> Caller:
        if not caller.may(action):
            raise Problem(NOT_ALLOWED)
        return caller

    return check


CoverageVisitor = Annotated[Caller, Depends(_allowed(Action.SEE_COVERAGE))]
HouseholdVisitor = Annotated[Caller, Depends(_allowed(Action.EDIT_HOUSEHOLD))]
AttestingVisitor = Annotated[Caller, Depends(_allowed(Action.ATTEST))]
ConfirmingVisitor = Annotated[Caller, Depends(_allowed(Action.CONFIRM_ATTESTATION))]
ErrandVisitor = Annotated[Caller, Depends(_allowed(Action.GIVE_ERRAND))]
SettlingVisitor = Annotated[Caller, Depends(_allowed(Action.SETTLE_DIFFERENCE))]
ReviewVisitor = Annotated[Caller, Depends(_allowed(Action.REVIEW_VISIT))]
CommuneVisitor = Annotated[Caller, Depends(_allowed(Action.SEE_COMMUNE))]
ProvinceVisitor = Annotated[Caller, Depends(_allowed(Action.SEE_PROVINCE))]
DeviceVisitor = Annotated[Caller, Depends(_allowed(Action.MANAGE_DEVICES))]
InvitingVisitor = Annotated[Caller, Depends(_allowed(Action.INVITE))]
ReportVisitor = Annotated[Caller, Depends(_allowed(Action.SIGN_REPORT))]
ListFileVisitor = Annotated[Caller, Depends(_allowed(Action.TAKE_LIST_OUT))]
RegisterVisitor = Annotated[Caller, Depends(_allowed(Action.KEEP_REGISTERS))]
RescueVisitor = Annotated[Caller, Depends(_allowed(Action.HAND_IN_RESCUE))]
SetUpVisitor = Annotated[Caller, Depends(_allowed(Action.SET_UP_COMMUNE))]
ListVisitor = Annotated[Caller, Depends(_allowed(Action.MANAGE_LIST))]
AuditVisitor = Annotated[Caller, Depends(_allowed(Action.READ_AUDIT))]
CardVisitor = Annotated[Caller, Depends(_allowed(Action.MANAGE_CARDS))]


async def check_origin(request: Request, settings: SettingsDep) -> None:
    """Refuse a form that another site's page sent: the browser says where it is from. Raises `Problem` not-allowed."""
    if request.method in {"GET", "HEAD"}:
        return
    origin = request.headers.get("origin", "")
    ours = {urlsplit(settings.public_url).netloc.lower(), request.headers.get("host", "").lower()}
    if urlsplit(origin).netloc.lower() not in ours - {""}:
        raise Problem(NOT_ALLOWED)


async def _form(request: Request) -> dict[str, str]:
    text = (await request.body()).decode("utf-8", "replace")
    try:
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        request.state.typed = fields  # a page that says what went wrong shows it again: see `problem_page`
        return fields
    except ValueError as error:
        raise Problem(BODY_TOO_LARGE) from error


FormDep = Annotated[dict[str, str], Depends(_form)]
"""The fields of a form as it was sent, each once."""
