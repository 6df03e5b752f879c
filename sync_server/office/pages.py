"""Draws a page: its template, the headers that keep it safe, and the frame with who is signed in."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from survey import field_words, figure_words
from survey.problem_shapes import ProblemDetails
from survey.roles import Action, Role, may
from survey.vietnamese import format_date, format_number
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.office import words

HERE = Path(__file__).parent
ROOT = "/office"
_HEADERS = {
    "Cache-Control": "no-store",
    # Without a referrer a form's POST has the origin "null", which no check can tell from a stranger's.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
_PLACES = (
    ("/overview", "Tổng hợp", Action.SEE_COVERAGE),
    ("/reports", "Báo cáo", Action.SIGN_REPORT),
    ("/province", "Các xã", Action.SEE_PROVINCE),
    ("/households", "Hộ", Action.EDIT_HOUSEHOLD),
    ("/review", "Cần xem", Action.REVIEW_VISIT),
    ("/people", "Người và máy", Action.MANAGE_DEVICES),
    ("/lists", "Danh sách", Action.MANAGE_LIST),
    ("/cards", "Thẻ", Action.MANAGE_CARDS),
    ("/rescue", "Tệp cứu hộ", Action.HAND_IN_RESCUE),
    ("/registers", "Sổ dữ liệu", Action.KEEP_REGISTERS),
    ("/setup", "Thiết lập", Action.SET_UP_COMMUNE),
)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": format_number,
        "change": figure_words.signed,
        "moment": figure_words.moment,
        "day": figure_words.day,
        "date": format_date,
        "rate": figure_words.rate,
        "threshold": figure_words.threshold,
        "counted": figure_words.counted,
        "capital": words.capital,
        "change_since": words.change_since,
        "hidden": figure_words.hidden,
        "lowest": figure_words.lowest,
        "lowest_whole": words.lowest_whole,
        "result": figure_words.result,
        "attested_value": figure_words.attested_value,
        "public_rate": words.public_rate,
        "full_name": full_name,
    }
    made.globals |= {
        "root": ROOT,
        "share": figure_words.share,
        "result_words": field_words.RESULT_WORDS,
        "result_marks": figure_words.RESULT_MARKS,
        "role_words": field_words.ROLE_WORDS,
        "missing_words": figure_words.MISSING_WORDS,
        "stamp": _stamp(),
    }
    return made


def _stamp() -> str:
    """Changes with the style and the script, so that a browser may keep them for good."""
    files = sorted((HERE / "static").iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def draw(request: Request, template: str, caller: Caller | None = None, status: int = 200, **values: Any) -> Response:
    """The page of this template, in the frame of whoever is signed in."""
    places = [(ROOT + path, name) for path, name, action in _PLACES if caller and caller.may(action)]
    if caller and (waiting := request.app.state.reviewer.count_waiting(caller.commune.code, caller.villages)):
        places = [(path, f"{name} ({waiting})" if path == f"{ROOT}/review" else name) for path, name in places]
    here = request.url.path
    frame = {"caller": caller, "places": places, "here": here, "is_plain": request.url.scheme == "http"}
    html = _environment().get_template(template).render(**frame, **values)
    return HTMLResponse(html, status, _HEADERS)


def first_page(role: Role) -> str:
    """Where somebody of this role begins."""
    return next(path for path, _, action in _PLACES if may(role, action))


def see_other(path: str) -> Response:
    """Go on to a page of the office, as an answer to a form: a reload then sends nothing twice."""
    return RedirectResponse(ROOT + path, 303, _HEADERS)


def problem_page(request: Request, details: ProblemDetails) -> Response:
    """What went wrong, as a page, with what the person had typed. Who is not signed in is asked to sign in."""
    if details.slug == "not-signed-in" and request.method == "GET":
        return see_other("/")
    fields: dict[str, str] = getattr(request.state, "typed", {})
    typed = {words.TYPED[name]: fields[name] for name in words.TYPED if fields.get(name, "").strip()}
    return draw(request, "problem.html", None, details.status, problem=details, typed=typed)
