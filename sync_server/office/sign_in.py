"""Signing in and out: /office/ asks for the code, says whose it is, and only the answer uses it up."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.problems import CODE_UNKNOWN, NOT_ALLOWED
from survey.roles import Role
from survey.wire import EnrollmentPreviewRequest, EnrollmentRequest
from sync_server.access.browser import IDLE, sign_in_browser, sign_out_browser
from sync_server.access.enrollment import check_guesses, count_guess, preview, redeem
from sync_server.http.deps import DatabaseDep, NowDep, SettingsDep
from sync_server.office.invited import forget_invited
from sync_server.office.pages import draw, first_page, see_other
from sync_server.office.search import keep_words
from sync_server.office.visitor import FormDep, VisitorDep, credential, forget_sign_in, keep_signed_in
from sync_server.problems import Problem

router = APIRouter()


@router.get("/")
def ask_for_code(request: Request, database: DatabaseDep, now: NowDep) -> Response:
    """The door: whoever is signed in goes on, others type a code. A link's code is read by the page's script."""
    if credential(request):
        try:
            caller = sign_in_browser(database, credential(request), now)
            return see_other(first_page(caller.member.role))
        except Problem:
            pass
    return draw(request, "sign_in.html", problem=None)


@router.post("/code")
def greet(request: Request, form: FormDep, database: DatabaseDep, settings: SettingsDep, now: NowDep) -> Response:
    """Whose code it is; the code is not used up."""
    code = form.get("code", "").strip()
    address = request.client.host if request.client else ""
    try:
        with database.read() as session:
            check_guesses(session, address, settings, now)
            who = preview(session, EnrollmentPreviewRequest(code=code[:100]), now)
    except Problem as problem:
        if problem.details.slug == CODE_UNKNOWN.slug:
            with database.write() as session:
                count_guess(session, address, now)
        return draw(request, "sign_in.html", None, problem.details.status, problem=problem.details)
    if who.role is Role.MEMBER:
        return draw(request, "for_phones.html", who=who, link=f"{settings.public_url}/app/#/enroll/{code}")
    return draw(request, "greeting.html", who=who, code=code)


@router.post("/sign-in")
def sign_in(request: Request, form: FormDep, database: DatabaseDep, settings: SettingsDep, now: NowDep) -> Response:
    """Use the code up: this browser is now a device of that person."""
    address = request.client.host if request.client else ""
    asked = EnrollmentRequest(code=form.get("code", "")[:100], device_name=_browser(request))
    try:
        with database.write() as session:
            check_guesses(session, address, settings, now)
            if preview(session, EnrollmentPreviewRequest(code=asked.code), now).role is Role.MEMBER:
                raise Problem(NOT_ALLOWED)  # their code opens the app, and is used up there alone
            made = redeem(session, asked, now, now + IDLE)
    except Problem as problem:
        if problem.details.slug == CODE_UNKNOWN.slug:
            with database.write() as session:
                count_guess(session, address, now)
        return draw(request, "sign_in.html", None, problem.details.status, problem=problem.details)
    answer = see_other(
        f"{first_page(made.role)}#"
    )  # a redirect keeps the fragment: the code of the link goes from the address
    keep_signed_in(request, answer, made.token)
    answer.set_cookie("tungnha_door", "office", max_age=365 * 24 * 3600, path="/", samesite="lax")
    return answer


@router.post("/sign-out")
def sign_out(request: Request, caller: VisitorDep, database: DatabaseDep, now: NowDep) -> Response:
    """End this browser's sign-in: office computers are shared."""
    sign_out_browser(database, caller, now)
    answer = see_other("/")
    forget_sign_in(request, answer)
    forget_invited(answer)
    keep_words(request, answer, "")
    return answer


def _browser(request: Request) -> str:
    """What the device is called in the list of devices."""
    agent = request.headers.get("user-agent", "")
    names = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    name = next((name for mark, name in names if mark in agent), "trình duyệt")
    return f"Máy tính ở xã, {name}"
